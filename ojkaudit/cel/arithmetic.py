"""Arithmetic on numbers, text, lists, timestamps and durations; no type is ever coerced."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from ojkaudit.cel.errors import Fault
from ojkaudit.cel.frame import CHARACTERS_PER_STEP, Frame
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt, kind_of, no_overload

MAX_DURATION = dt.timedelta(seconds=315_576_000_000)
"""10,000 years, the limit of `google.protobuf.Duration`."""


def checked_int(value: int) -> int:
    """Return a signed result.

    Raises:
        Fault: It does not fit into 64 bits.
    """
    if INT_MIN <= value <= INT_MAX:
        return value
    raise Fault("integer overflow")


def checked_uint(value: int) -> UInt:
    """Return an unsigned result.

    Raises:
        Fault: It is negative or does not fit into 64 bits.
    """
    if 0 <= value <= UINT_MAX:
        return UInt(value)
    raise Fault("unsigned integer overflow")


def checked_duration(compute: Callable[[], dt.timedelta]) -> dt.timedelta:
    """Return a duration that may be out of range.

    Raises:
        Fault: It is longer than 10,000 years.
    """
    try:
        value = compute()
    except OverflowError:
        raise Fault("duration out of range") from None
    if -MAX_DURATION <= value <= MAX_DURATION:
        return value
    raise Fault("duration out of range")


def checked_timestamp(compute: Callable[[], dt.datetime]) -> dt.datetime:
    """Return a timestamp in UTC that may be out of range.

    Raises:
        Fault: It lies before year 1 or behind year 9999.
    """
    try:
        return compute().astimezone(dt.UTC)
    except (OverflowError, ValueError):
        raise Fault("timestamp out of range") from None


def add(frame: Frame, left: Any, right: Any) -> Any:
    """Return `left + right`."""
    kinds = (kind_of(left), kind_of(right))
    match kinds:
        case (Kind.INT, Kind.INT):
            return checked_int(left + right)
        case (Kind.STRING, Kind.STRING) | (Kind.BYTES, Kind.BYTES):
            frame.charge((len(left) + len(right)) // CHARACTERS_PER_STEP)
            return left + right
        case (Kind.LIST, Kind.LIST):
            frame.charge(len(left) + len(right))
            return [*left, *right]
        case (Kind.DOUBLE, Kind.DOUBLE):
            return left + right
        case (Kind.UINT, Kind.UINT):
            return checked_uint(left.value + right.value)
        case (Kind.DURATION, Kind.DURATION):
            return checked_duration(lambda: left + right)
        case (Kind.TIMESTAMP, Kind.DURATION) | (Kind.DURATION, Kind.TIMESTAMP):
            return checked_timestamp(lambda: left + right)
        case _:
            raise no_overload("_+_", left, right)


def subtract(_frame: Frame, left: Any, right: Any) -> Any:
    """Return `left - right`."""
    match (kind_of(left), kind_of(right)):
        case (Kind.INT, Kind.INT):
            return checked_int(left - right)
        case (Kind.DOUBLE, Kind.DOUBLE):
            return left - right
        case (Kind.UINT, Kind.UINT):
            return checked_uint(left.value - right.value)
        case (Kind.TIMESTAMP, Kind.TIMESTAMP) | (Kind.DURATION, Kind.DURATION):
            return checked_duration(lambda: left - right)
        case (Kind.TIMESTAMP, Kind.DURATION):
            return checked_timestamp(lambda: left - right)
        case _:
            raise no_overload("_-_", left, right)


def multiply(_frame: Frame, left: Any, right: Any) -> Any:
    """Return `left * right`."""
    match (kind_of(left), kind_of(right)):
        case (Kind.INT, Kind.INT):
            return checked_int(left * right)
        case (Kind.DOUBLE, Kind.DOUBLE):
            return left * right
        case (Kind.UINT, Kind.UINT):
            return checked_uint(left.value * right.value)
        case _:
            raise no_overload("_*_", left, right)


def divide(_frame: Frame, left: Any, right: Any) -> Any:
    """Return `left / right`; integers are cut towards zero."""
    match (kind_of(left), kind_of(right)):
        case (Kind.INT, Kind.INT):
            return checked_int(_quotient(left, right))
        case (Kind.DOUBLE, Kind.DOUBLE):
            return _divide_doubles(left, right)
        case (Kind.UINT, Kind.UINT):
            return checked_uint(_quotient(left.value, right.value))
        case _:
            raise no_overload("_/_", left, right)


def modulo(_frame: Frame, left: Any, right: Any) -> Any:
    """Return `left % right` with the sign of `left`, as in C and Go."""
    match (kind_of(left), kind_of(right)):
        case (Kind.INT, Kind.INT):
            return checked_int(_remainder(left, right))
        case (Kind.UINT, Kind.UINT):
            return checked_uint(_remainder(left.value, right.value))
        case _:
            raise no_overload("_%_", left, right)


def negate(_frame: Frame, value: Any) -> Any:
    """Return `-value`."""
    match kind_of(value):
        case Kind.INT:
            return checked_int(-value)
        case Kind.DOUBLE:
            return -value
        case _:
            raise no_overload("-_", value)


def _quotient(left: int, right: int) -> int:
    if right == 0:
        raise Fault("divide by zero")
    # Python rounds down, the language towards zero.
    magnitude = abs(left) // abs(right)
    return magnitude if (left < 0) == (right < 0) else -magnitude


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise Fault("modulus by zero")
    if left == INT_MIN and right == -1:
        raise Fault("integer overflow")
    magnitude = abs(left) % abs(right)
    return -magnitude if left < 0 else magnitude


def _divide_doubles(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


OPERATORS: dict[str, Callable[[Frame, Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
}
"""By the sign in the source."""
