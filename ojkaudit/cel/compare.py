"""Equality, order and membership, free of Python's `True == 1`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ojkaudit.cel.errors import Fault
from ojkaudit.cel.frame import Frame
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import Optional, UInt, kind_of, no_overload

_PLAIN = frozenset({str, int, float, bool, bytes, type(None), dt.datetime, dt.timedelta, UInt})
_ORDERED = frozenset({str, int, float, bool, bytes, dt.datetime, dt.timedelta})
_NUMBERS = frozenset({Kind.INT, Kind.UINT, Kind.DOUBLE})
KEYS = frozenset({Kind.BOOL, Kind.INT, Kind.UINT, Kind.STRING, Kind.DOUBLE})
"""Types a map can be asked for; a double finds the whole number it equals."""
MISSING = object()
"""Stands for "not there" where null is a value."""


def equal(frame: Frame, left: Any, right: Any) -> bool:
    """Compare two values of any types; values of unlike types are unequal, numbers cross types."""
    left_type = type(left)
    if left_type is type(right) and left_type in _PLAIN:
        return bool(left == right)
    return _equal_kinds(frame, left, right)


def _equal_kinds(frame: Frame, left: Any, right: Any) -> bool:
    left_kind = kind_of(left)
    right_kind = kind_of(right)
    if left_kind in _NUMBERS and right_kind in _NUMBERS:
        return bool(_number(left) == _number(right))
    if left_kind is not right_kind:
        return False
    match left_kind:
        case Kind.LIST:
            return _equal_lists(frame, left, right)
        case Kind.MAP:
            return _equal_maps(frame, left, right)
        case Kind.OPTIONAL:
            return _equal_lists(frame, left.content, right.content)
        case _:
            return bool(left == right)


def _equal_lists(frame: Frame, left: Any, right: Any) -> bool:
    if len(left) != len(right):
        return False
    # Charged here, since values that share parts can be far larger than the memory they take.
    frame.charge(len(left))
    return all(equal(frame, a, b) for a, b in zip(left, right, strict=True))


def _equal_maps(frame: Frame, left: Any, right: Any) -> bool:
    if len(left) != len(right):
        return False
    frame.charge(len(left))
    for key, value in left.items():
        other = look_up(right, key)
        if other is MISSING or not equal(frame, value, other):
            return False
    return True


def _number(value: Any) -> Any:
    return value.value if type(value) is UInt else value


def look_up(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value under a key, or `MISSING`; 1, 1u and 1.0 are one key, true is another."""
    if type(key) is str:
        return mapping.get(key, MISSING)
    if kind_of(key) not in KEYS:
        return MISSING
    if key not in (0, 1):
        return mapping.get(key, MISSING)
    # 0, 1, false and true: Python takes 1 and True for one key.
    is_bool = isinstance(key, bool)
    for candidate, value in mapping.items():
        if isinstance(candidate, bool) is is_bool and candidate == key:
            return value
    return MISSING


def is_in(frame: Frame, item: Any, container: Any) -> bool:
    """Say whether a list holds an equal element, or a map the key."""
    if isinstance(container, list | tuple):
        frame.charge(len(container) // 8)
        if type(item) is str:
            return item in container
        return any(equal(frame, item, element) for element in container)
    if isinstance(container, Mapping) and kind_of(item) in KEYS:
        return look_up(container, item) is not MISSING
    raise no_overload("@in", item, container)


def less(left: Any, right: Any, operator: str) -> bool:
    """Say whether `left < right`.

    Raises:
        Fault: The two have no common order.
    """
    left_type = type(left)
    if left_type is type(right) and left_type in _ORDERED:
        return bool(left < right)
    left, right = ordered(left, right, operator)
    return bool(left < right)


def at_most(left: Any, right: Any, operator: str) -> bool:
    """Say whether `left <= right`; for NaN this is not the opposite of `right < left`.

    Raises:
        Fault: The two have no common order.
    """
    left_type = type(left)
    if left_type is type(right) and left_type in _ORDERED:
        return bool(left <= right)
    left, right = ordered(left, right, operator)
    return bool(left <= right)


def ordered(left: Any, right: Any, operator: str) -> tuple[Any, Any]:
    """Return two values so that Python's order is the language's.

    Raises:
        Fault: The two have no common order.
    """
    left_kind = kind_of(left)
    right_kind = kind_of(right)
    if left_kind in _NUMBERS and right_kind in _NUMBERS:
        return _number(left), _number(right)
    unordered = (Kind.NULL, Kind.LIST, Kind.MAP, Kind.OPTIONAL, Kind.TYPE)
    if left_kind is not right_kind or left_kind in unordered:
        raise no_overload(f"_{operator}_", left, right)
    return left, right


def is_zero(value: Any) -> bool:
    """Say whether a value is the zero of its type, as `optional.ofNonZeroValue` asks."""
    match kind_of(value):
        case Kind.NULL:
            return True
        case Kind.BOOL | Kind.INT | Kind.DOUBLE | Kind.STRING | Kind.BYTES | Kind.DURATION:
            return not value
        case Kind.UINT:
            return bool(value.value == 0)
        case Kind.LIST | Kind.MAP:
            return len(value) == 0
        case Kind.OPTIONAL:
            return not value.content
        case Kind.TIMESTAMP:
            return bool(value == dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
        case _:
            return False


def as_optional(value: Any, function: str) -> Optional:
    """Return the value when it is an optional.

    Raises:
        Fault: It is none.
    """
    if type(value) is Optional:
        return value
    raise no_overload(function, value)


def as_index(key: Any) -> int:
    """Return a list index as a Python integer.

    Raises:
        Fault: The key is no whole number.
    """
    kind = kind_of(key)
    if kind is Kind.INT:
        return int(key)
    if kind is Kind.UINT:
        return int(key.value)
    if kind is Kind.DOUBLE and key.is_integer():
        return int(key)
    raise Fault(f"list index must be a whole number, not {kind.value}")
