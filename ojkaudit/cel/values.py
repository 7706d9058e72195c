"""Values at run time: plain Python, plus what Python has no word for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ojkaudit.cel.errors import Fault
from ojkaudit.cel.types import Kind, Type

INT_MIN = -(2**63)
INT_MAX = 2**63 - 1
UINT_MAX = 2**64 - 1


@dataclass(frozen=True, slots=True, eq=False)
class UInt:
    """An unsigned 64-bit integer; equal to, and found in a map under, the same signed number."""

    value: int
    """0 to 2**64 - 1."""

    def __eq__(self, other: object) -> bool:
        """Compare as numbers; a bool is no number."""
        if type(other) is UInt:
            return self.value == other.value
        return type(other) in (int, float) and self.value == other

    def __hash__(self) -> int:
        """Hash like the equal Python number, so that map look-ups cross number types."""
        return hash(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Optional:
    """A value that may be missing: `Optional((value,))`, or `NONE`."""

    content: tuple[object, ...]
    """The value, or empty."""


NONE = Optional(())


@dataclass(frozen=True, slots=True)
class TypeValue:
    """What `type(x)` gives and what the names `int`, `string`, ... stand for."""

    name: str
    """Such as `int` or `google.protobuf.Timestamp`."""


_KINDS: dict[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.INT,
    UInt: Kind.UINT,
    float: Kind.DOUBLE,
    str: Kind.STRING,
    bytes: Kind.BYTES,
    type(None): Kind.NULL,
    dt.datetime: Kind.TIMESTAMP,
    dt.timedelta: Kind.DURATION,
    TypeValue: Kind.TYPE,
    list: Kind.LIST,
    tuple: Kind.LIST,
    dict: Kind.MAP,
    Optional: Kind.OPTIONAL,
}
_SUBCLASSES: tuple[tuple[type, Kind], ...] = (
    (bool, Kind.BOOL),
    (int, Kind.INT),
    (float, Kind.DOUBLE),
    (str, Kind.STRING),
    (bytes, Kind.BYTES),
    (dt.datetime, Kind.TIMESTAMP),
    (dt.timedelta, Kind.DURATION),
    (list, Kind.LIST),
    (tuple, Kind.LIST),
    (Mapping, Kind.MAP),
)


def kind_of(value: object) -> Kind:
    """Return the kind of a value.

    Raises:
        Fault: The value is of no type of the language (a set, a class, ...).
    """
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    for known, subclass_kind in _SUBCLASSES:
        if isinstance(value, known):
            return subclass_kind
    raise Fault(f"a Python {type(value).__name__} is no value of the expression language")


def type_names(*values: object) -> str:
    """Return the types of the arguments as messages show them, such as `(string, int)`."""
    return f"({', '.join(kind_of(value).value for value in values)})"


def no_overload(function: str, *values: object) -> Fault:
    """Return the refusal of a function whose arguments have the wrong types."""
    return Fault(f"no such overload: {function}{type_names(*values)}")


def conforms(value: object, expected: Type) -> bool:
    """Say whether a value has the expected type, elements of containers included."""
    kind = kind_of(value)
    if expected.kind in (Kind.DYN, Kind.VARIABLE):
        return True
    if kind is not expected.kind:
        return False
    if isinstance(value, Optional):
        return all(conforms(item, expected.parameters[0]) for item in value.content)
    if isinstance(value, list | tuple):
        element = expected.parameters[0]
        return element.kind is Kind.DYN or all(conforms(item, element) for item in value)
    if isinstance(value, Mapping):
        key, content = expected.parameters
        return all(conforms(k, key) and conforms(v, content) for k, v in value.items())
    return True
