"""Functions on text; positions and sizes count code points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ojkaudit.cel import regex
from ojkaudit.cel.errors import Fault
from ojkaudit.cel.frame import CHARACTERS_PER_STEP, Frame
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import kind_of, no_overload

_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_QUOTED = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def need(function: str, values: tuple[Any, ...], *kinds: Kind) -> None:
    """Insist on the types of all arguments.

    Raises:
        Fault: One has another type.
    """
    for value, kind in zip(values, kinds, strict=True):
        if kind_of(value) is not kind:
            raise no_overload(function, *values)


def size(_frame: Frame, value: Any) -> int:
    """Return the number of code points, bytes, elements or keys."""
    if isinstance(value, str | bytes | list | tuple | Mapping):
        return len(value)
    raise no_overload("size", value)


def contains(_frame: Frame, value: Any, part: Any) -> bool:
    """Say whether `part` stands anywhere in the text."""
    need("contains", (value, part), Kind.STRING, Kind.STRING)
    return part in value


def starts_with(_frame: Frame, value: Any, part: Any) -> bool:
    """Say whether the text begins with `part`."""
    need("startsWith", (value, part), Kind.STRING, Kind.STRING)
    return bool(value.startswith(part))


def ends_with(_frame: Frame, value: Any, part: Any) -> bool:
    """Say whether the text ends with `part`."""
    need("endsWith", (value, part), Kind.STRING, Kind.STRING)
    return bool(value.endswith(part))


def matches(frame: Frame, value: Any, pattern: Any) -> bool:
    """Say whether a regular expression is found anywhere in the text."""
    need("matches", (value, pattern), Kind.STRING, Kind.STRING)
    frame.charge(len(value) // CHARACTERS_PER_STEP)
    return regex.matches(value, pattern)


def char_at(_frame: Frame, value: Any, position: Any) -> str:
    """Return one character; the empty text right behind the last."""
    need("charAt", (value, position), Kind.STRING, Kind.INT)
    if not 0 <= position <= len(value):
        raise Fault("charAt: position is out of range")
    return str(value[position : position + 1])


def index_of(_frame: Frame, value: Any, part: Any, start: Any = 0) -> int:
    """Return the first position of `part` at or behind `start`, or -1."""
    need("indexOf", (value, part, start), Kind.STRING, Kind.STRING, Kind.INT)
    if not 0 <= start <= len(value):
        raise Fault("indexOf: position is out of range")
    return int(value.find(part, start))


def last_index_of(_frame: Frame, value: Any, part: Any, *last: Any) -> int:
    """Return the last position of `part` at or before `last`, or -1."""
    need("lastIndexOf", (value, part), Kind.STRING, Kind.STRING)
    if not last:
        return int(value.rfind(part))
    need("lastIndexOf", last, Kind.INT)
    if not 0 <= last[0] <= len(value):
        raise Fault("lastIndexOf: position is out of range")
    return int(value.rfind(part, 0, last[0] + len(part)))


def join(frame: Frame, values: Any, separator: Any = "") -> str:
    """Return the texts of a list with a separator between them."""
    need("join", (values, separator), Kind.LIST, Kind.STRING)
    frame.charge(len(values))
    for value in values:
        if kind_of(value) is not Kind.STRING:
            raise Fault("join: every element must be a string")
    # Charged before the text is made: elements may share one long text.
    length = sum(map(len, values)) + len(separator) * len(values)
    frame.charge(length // CHARACTERS_PER_STEP)
    return str(separator.join(values))


def lower_ascii(_frame: Frame, value: Any) -> str:
    """Return the text with A to Z in small letters."""
    need("lowerAscii", (value,), Kind.STRING)
    return str(value.translate(_LOWER))


def upper_ascii(_frame: Frame, value: Any) -> str:
    """Return the text with a to z in capitals."""
    need("upperAscii", (value,), Kind.STRING)
    return str(value.translate(_UPPER))


def replace(frame: Frame, value: Any, old: Any, new: Any, limit: Any = -1) -> str:
    """Return the text with the first `limit` occurrences replaced, or all when negative."""
    kinds = (Kind.STRING, Kind.STRING, Kind.STRING, Kind.INT)
    need("replace", (value, old, new, limit), *kinds)
    count = value.count(old) if limit < 0 else min(value.count(old), limit)
    frame.charge((len(value) + count * len(new)) // CHARACTERS_PER_STEP)
    return str(value.replace(old, new, max(limit, -1)))


def split(frame: Frame, value: Any, separator: Any, limit: Any = -1) -> list[str]:
    """Return the parts between separators: at most `limit`, or all when negative."""
    need("split", (value, separator, limit), Kind.STRING, Kind.STRING, Kind.INT)
    if limit == 0:
        return []
    frame.charge(len(value) // CHARACTERS_PER_STEP)
    if separator or not value:
        # Of the empty text there is one part, the empty one, even when the separator is empty too.
        return [""] if not value else list(value.split(separator, limit - 1 if limit > 0 else -1))
    if 0 < limit < len(value):
        return [*value[: limit - 1], value[limit - 1 :]]
    return list(value)


def substring(_frame: Frame, value: Any, start: Any, *end: Any) -> str:
    """Return the characters from `start` up to, not including, `end`."""
    need("substring", (value, start), Kind.STRING, Kind.INT)
    need("substring", end, *([Kind.INT] * len(end)))
    stop = end[0] if end else len(value)
    if not 0 <= start <= stop <= len(value):
        raise Fault("substring: positions are out of range or swapped")
    return str(value[start:stop])


def trim(_frame: Frame, value: Any) -> str:
    """Return the text without white space at either end."""
    need("trim", (value,), Kind.STRING)
    return str(value.strip(_WHITE_SPACE))


def reverse(_frame: Frame, value: Any) -> str:
    """Return the characters in the opposite order."""
    need("reverse", (value,), Kind.STRING)
    return str(value[::-1])


def quote(_frame: Frame, value: Any) -> str:
    """Return the text in double quotes, with escapes for what could not be printed."""
    need("strings.quote", (value,), Kind.STRING)
    return '"' + "".join(_QUOTED.get(character, character) for character in value) + '"'
