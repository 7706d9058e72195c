"""Turn the vocabulary into JSON data and back, strictly, by the types of its fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: object) -> object:
    """Return `value` as JSON data: dataclasses become objects, times RFC 3339 in UTC.

    Raises:
        ValueError: A time is naive, or a type has no JSON form here.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return encode_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): encode(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [encode(v) for v in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    raise ValueError(f"no JSON form for {type(value).__name__}")


def encode_time(value: datetime) -> str:
    """Return an aware time as `2026-11-20T02:00:00Z` (microseconds only when not zero).

    Raises:
        ValueError: The time is naive.
    """
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decode(cls: type[T], data: object, where: str = "$") -> T:
    """Return an instance of `cls` from JSON data.

    Raises:
        ValueError: A field is missing, unknown or of the wrong type; the message names its path.
    """
    return cast("T", _decode(cls, data, where))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _decode(kind: Any, data: object, where: str) -> object:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{where}: expected a list")
        item = get_args(kind)[0]
        return tuple(_decode(item, v, f"{where}[{i}]") for i, v in enumerate(data))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise ValueError(f"{where}: expected an object")
        item = get_args(kind)[1]
        return {k: _decode(item, v, f"{where}.{k}") for k, v in data.items()}
    if is_dataclass(kind):
        return _decode_dataclass(cast("type", kind), data, where)
    return _decode_scalar(kind, data, where)


def _decode_union(options: tuple[Any, ...], data: object, where: str) -> object:
    if data is None and type(None) in options:
        return None
    errors = []
    for option in options:
        if option is type(None):
            continue
        try:
            return _decode(option, data, where)
        except ValueError as error:
            errors.append(str(error))
    raise ValueError(errors[0])


def _decode_dataclass(cls: type, data: object, where: str) -> object:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: expected an object")
    hints = _hints(cls)
    names = [f.name for f in fields(cls)]
    unknown = sorted(set(data) - set(names))
    if unknown:
        raise ValueError(f"{where}: unknown field {unknown[0]!r}")
    missing = [name for name in names if name not in data]
    if missing:
        raise ValueError(f"{where}: missing field {missing[0]!r}")
    return cls(**{name: _decode(hints[name], data[name], f"{where}.{name}") for name in names})


def _decode_scalar(kind: Any, data: object, where: str) -> object:
    if kind is object or kind is Any:
        return data
    if kind is float and isinstance(data, int | float) and not isinstance(data, bool):
        return float(data)
    if kind in (str, bool, int):
        # bool is an int in Python, and must not pass for one here.
        if type(data) is kind:
            return data
        raise ValueError(f"{where}: expected {kind.__name__}, found {type(data).__name__}")
    if not isinstance(data, str):
        raise ValueError(f"{where}: expected a string, found {type(data).__name__}")
    return _from_string(kind, data, where)


def _from_string(kind: Any, data: str, where: str) -> object:
    try:
        if kind is datetime:
            parsed = datetime.fromisoformat(data)
            if parsed.tzinfo is None:
                raise ValueError("a time without a zone")
            return parsed.astimezone(UTC)
        if kind is date:
            return date.fromisoformat(data)
        if kind is Path:
            return Path(data)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    raise ValueError(f"{where}: cannot decode into {kind!r}")
