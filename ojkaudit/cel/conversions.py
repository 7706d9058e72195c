"""Conversions between types, each as strict as Google's runtime."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from ojkaudit.cel.arithmetic import checked_int, checked_uint
from ojkaudit.cel.errors import Fault
from ojkaudit.cel.frame import TYPE_VALUES, Frame
from ojkaudit.cel.times import (
    format_duration,
    format_timestamp,
    parse_duration,
    parse_timestamp,
    seconds_of_timestamp,
    timestamp_from_seconds,
)
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import INT_MAX, INT_MIN, UINT_MAX, TypeValue, UInt, kind_of, no_overload

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_DOUBLE = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)",
    re.ASCII | re.IGNORECASE,
)
_TRUE = frozenset({"1", "t", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "false", "FALSE", "False"})


def to_int(_frame: Frame, value: Any) -> int:
    """Convert to a signed integer; a double is cut towards zero."""
    match kind_of(value):
        case Kind.INT:
            return checked_int(value)
        case Kind.UINT:
            return checked_int(value.value)
        case Kind.DOUBLE:
            return _whole(value, INT_MIN, INT_MAX)
        case Kind.STRING:
            return checked_int(_integer(value))
        case Kind.TIMESTAMP:
            return seconds_of_timestamp(value)
        case _:
            raise no_overload("int", value)


def to_uint(_frame: Frame, value: Any) -> UInt:
    """Convert to an unsigned integer."""
    match kind_of(value):
        case Kind.INT:
            return checked_uint(value)
        case Kind.UINT:
            return UInt(value.value)
        case Kind.DOUBLE:
            return checked_uint(_whole(value, 0, UINT_MAX))
        case Kind.STRING if not value.startswith("-"):
            return checked_uint(_integer(value))
        case Kind.STRING:
            raise Fault("text is no unsigned integer")
        case _:
            raise no_overload("uint", value)


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None:
        raise Fault("text is no integer")
    return int(text)


def _whole(value: float, low: int, high: int) -> int:
    # The least signed integer is out of range too: in doubles it has neighbours that do not fit.
    is_inside = math.isfinite(value) and (low < value or low == value == 0) and value < high + 1
    if not is_inside:
        raise Fault("double is out of range of the integer type")
    return int(value)


def to_double(_frame: Frame, value: Any) -> float:
    """Convert to a double."""
    match kind_of(value):
        case Kind.DOUBLE:
            return float(value)
        case Kind.INT:
            return float(checked_int(value))
        case Kind.UINT:
            return float(value.value)
        case Kind.STRING:
            if _DOUBLE.fullmatch(value) is None:
                raise Fault("text is no number")
            return float(value)
        case _:
            raise no_overload("double", value)


def to_bool(_frame: Frame, value: Any) -> bool:
    """Convert to a bool; of texts only `true`, `True`, `TRUE`, `t`, `1` and their opposites."""
    match kind_of(value):
        case Kind.BOOL:
            return bool(value)
        case Kind.STRING if value in _TRUE:
            return True
        case Kind.STRING if value in _FALSE:
            return False
        case Kind.STRING:
            raise Fault("text is no bool")
        case _:
            raise no_overload("bool", value)


def to_string(_frame: Frame, value: Any) -> str:
    """Convert to text."""
    match kind_of(value):
        case Kind.STRING:
            return str(value)
        case Kind.BOOL:
            return "true" if value else "false"
        case Kind.INT:
            return str(value)
        case Kind.UINT:
            return str(value.value)
        case Kind.DOUBLE:
            return format_double(value)
        case Kind.BYTES:
            return _decoded(value)
        case Kind.TIMESTAMP:
            return format_timestamp(value)
        case Kind.DURATION:
            return format_duration(value)
        case _:
            raise no_overload("string", value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Fault("bytes are no UTF-8 text") from None


def format_double(value: float) -> str:
    """Return the shortest text that reads back as the same double, as C's `%g` lays it out."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    mantissa, _, exponent = f"{value:.16e}".partition("e")
    for digits in range(16):
        shorter = f"{value:.{digits}e}"
        if float(shorter) == value:
            mantissa, _, exponent = shorter.partition("e")
            break
    power = int(exponent)
    if -4 <= power < 6:
        decimals = max(len(mantissa.lstrip("-")) - 2, 0) - power
        return f"{value:.{max(decimals, 0)}f}"
    return f"{mantissa}e{exponent}"


def to_bytes(_frame: Frame, value: Any) -> bytes:
    """Convert to bytes; text becomes UTF-8."""
    match kind_of(value):
        case Kind.BYTES:
            return bytes(value)
        case Kind.STRING:
            return _encoded(value)
        case _:
            raise no_overload("bytes", value)


def _encoded(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Fault("text holds half a surrogate pair") from None


def to_timestamp(_frame: Frame, value: Any) -> dt.datetime:
    """Convert RFC 3339 text or seconds since 1970 to a timestamp."""
    if isinstance(value, dt.datetime):
        return value
    match kind_of(value):
        case Kind.STRING:
            return parse_timestamp(value)
        case Kind.INT:
            return timestamp_from_seconds(value)
        case _:
            raise no_overload("timestamp", value)


def to_duration(_frame: Frame, value: Any) -> dt.timedelta:
    """Convert text such as `1h30m` to a duration."""
    if isinstance(value, dt.timedelta):
        return value
    if kind_of(value) is Kind.STRING:
        return parse_duration(value)
    raise no_overload("duration", value)


def to_dyn(_frame: Frame, value: Any) -> Any:
    """Return the value itself; only the static type changes."""
    return value


def type_of(_frame: Frame, value: Any) -> TypeValue:
    """Return the type of a value."""
    return TYPE_VALUES[kind_of(value).value]
