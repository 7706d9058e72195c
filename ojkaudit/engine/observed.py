"""What was seen, as compact text for reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice

from ojkaudit.model.codec import encode_time

MAX_CHARACTERS = 500
"""Of `Finding.observed`."""
_MAX_ITEMS = 20
_MAX_DEPTH = 4
_MORE = "…"


def render(value: object) -> str:
    """Return a value as one line of at most `MAX_CHARACTERS`: text bare, lists and maps compact."""
    line = " ".join(_render(value, 0).split())
    return line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + _MORE


def _render(value: object, depth: int) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            # Twice the room, since folding white space may shorten it again.
            return value[: 2 * MAX_CHARACTERS]
        case datetime():
            return encode_time(value)
        case timedelta():
            return _span(value)
        case int() | float():
            return str(value)
        case Mapping():
            pairs = (f"{key}: {_render(item, depth + 1)}" for key, item in value.items())
            return f"{{{_several(pairs, len(value), depth)}}}"
        case list() | tuple():
            items = (_render(item, depth + 1) for item in value)
            return f"[{_several(items, len(value), depth)}]"
        case _:
            return str(value)[:MAX_CHARACTERS]


def _several(items: Iterable[str], count: int, depth: int) -> str:
    if depth >= _MAX_DEPTH:
        return _MORE if count else ""
    text = ", ".join(islice(items, _MAX_ITEMS))
    return f"{text}, {_MORE} ({count})" if count > _MAX_ITEMS else text


def _span(value: timedelta) -> str:
    """Return a span as days, hours, minutes and seconds, largest first, without empty parts."""
    seconds = int(abs(value).total_seconds())
    parts = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{unit}")
    sign = "-" if value < timedelta() else ""
    return sign + (" ".join(parts) or "0s")
