"""Say in plain words what a JSON Schema found, without repeating values that may be secret."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault in plain data."""

    path: Steps
    message: str


_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of keys to values",
    "null": "nothing",
}
_HARMLESS = re.compile(r"[A-Za-z0-9_.-]{1,30}")
_SPOKEN_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
_MAX_KEYS_LISTED = 40
_ABOUT_KEYS = frozenset({"additionalProperties", "required", "dependentRequired"})
"""Their messages name the key already."""


def explain(error: Any) -> Iterator[Fault]:
    """Yield the faults behind one `jsonschema.ValidationError`."""
    path: Steps = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        key = str(error.instance)
        expected = error.schema.get("description", "another name")
        yield Fault(path=(*path, key), message=f"key {shown_key(key)}: expected {expected}")
        return
    handler = _HANDLERS.get(str(error.validator), _other)
    subject = next((step for step in reversed(path) if isinstance(step, str)), "")
    for fault in handler(error, path):
        is_about_value = subject and error.validator not in _ABOUT_KEYS
        yield replace(fault, message=f"{subject}: {fault.message}") if is_about_value else fault


def shown_key(key: str) -> str:
    """Return a key as messages show it, cut where it is long."""
    return repr(key if len(key) <= 60 else key[:57] + "...")


def nearest(word: str, known: Iterator[str] | list[str]) -> str:
    """Return the known word most like `word`; empty when none is near."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return matches[0] if matches else ""


def _unknown_keys(error: Any, path: Steps) -> Iterator[Fault]:
    known = sorted(error.schema.get("properties", {}))
    patterns = [re.compile(p) for p in error.schema.get("patternProperties", {})]
    for key in error.instance:
        if key in known or any(p.search(key) for p in patterns):
            continue
        message = f"unknown key {shown_key(key)}"
        near = nearest(key, known)
        if near:
            message += f"; did you mean '{near}'?"
        elif 0 < len(known) <= _MAX_KEYS_LISTED:
            message += f"; known here: {', '.join(known)}"
        yield Fault(path=(*path, key), message=message)


def _missing_keys(error: Any, path: Steps) -> Iterator[Fault]:
    for key in error.validator_value:
        if key not in error.instance:
            yield Fault(path=path, message=f"key '{key}' is missing")


def _missing_companions(error: Any, path: Steps) -> Iterator[Fault]:
    for key, companions in error.validator_value.items():
        if key not in error.instance:
            continue
        for companion in companions:
            if companion not in error.instance:
                message = f"key '{key}' needs '{companion}' beside it"
                yield Fault(path=(*path, key), message=message)


def _type(error: Any, path: Steps) -> Iterator[Fault]:
    wanted = error.validator_value
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    found = error.instance
    expected = error.schema.get("description") or " or ".join(_TYPES[name] for name in names)
    yield Fault(
        path=path, message=f"expected {expected}, found {_kind(found)}{_advice(names, found)}"
    )


def _advice(names: list[str], found: object) -> str:
    if found is None:
        return "; give a value or remove the key"
    if "string" in names and isinstance(found, bool | int | float):
        return "; put it in quotes"
    is_spoken = isinstance(found, str) and found.lower() in _SPOKEN_BOOLEANS
    if "boolean" in names and is_spoken:
        return "; write true or false without quotes"
    if {"integer", "number"} & set(names) and isinstance(found, str) and found.strip().isdigit():
        return "; write it without quotes"
    return ""


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number with a fraction"
    if isinstance(value, str):
        return "a text"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def _enum(error: Any, path: Steps) -> Iterator[Fault]:
    choices = [str(choice) for choice in error.validator_value]
    found = error.instance
    message = f"expected {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}"
    if isinstance(found, str) and _HARMLESS.fullmatch(found):
        message += f", found '{found}'"
    elif not isinstance(found, str):
        message += f", found {_kind(found)}{_advice(['string'], found)}"
    yield Fault(path=path, message=message)


def _described(error: Any, path: Steps) -> Iterator[Fault]:
    expected = error.schema.get("description", "another form")
    yield Fault(path=path, message=f"expected {expected}")


def _format(error: Any, path: Steps) -> Iterator[Fault]:
    meanings = {
        "date": "the calendar has no such day",
        "date-time": "the calendar has no such day, or the clock no such time",
        "iso-country": "no country has this code in ISO 3166-1",
    }
    # A text of another form altogether is the business of `pattern`.
    if re.search(error.schema.get("pattern", ""), error.instance):
        yield Fault(path=path, message=meanings[error.validator_value])


def _too_short(error: Any, path: Steps) -> Iterator[Fault]:
    yield Fault(path=path, message="must not be empty")


def _too_long(error: Any, path: Steps) -> Iterator[Fault]:
    yield Fault(path=path, message=f"longer than {error.validator_value} characters")


def _bound(error: Any, path: Steps) -> Iterator[Fault]:
    word = "at least" if error.validator == "minimum" else "at most"
    yield Fault(path=path, message=f"must be {word} {error.validator_value}")


def _too_few(error: Any, path: Steps) -> Iterator[Fault]:
    yield Fault(path=path, message=f"needs at least {error.validator_value} item")


def _repeated(error: Any, path: Steps) -> Iterator[Fault]:
    seen: list[object] = []
    for index, item in enumerate(error.instance):
        if any(type(item) is type(other) and item == other for other in seen):
            yield Fault(path=(*path, index), message="this item appears twice in the list")
        seen.append(item)


def _other(error: Any, path: Steps) -> Iterator[Fault]:
    yield Fault(path=path, message=f"does not satisfy '{error.validator}' of the schema")


_HANDLERS = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "dependentRequired": _missing_companions,
    "type": _type,
    "enum": _enum,
    "const": _described,
    "format": _format,
    "pattern": _described,
    "minLength": _too_short,
    "maxLength": _too_long,
    "minimum": _bound,
    "maximum": _bound,
    "minItems": _too_few,
    "uniqueItems": _repeated,
}
