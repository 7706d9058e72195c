"""Static types of expressions; `DYN` stands for data whose type is known only at run time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The name of a type without its parameters, as `type()` prints it."""

    DYN = "dyn"
    BOOL = "bool"
    INT = "int"
    UINT = "uint"
    DOUBLE = "double"
    STRING = "string"
    BYTES = "bytes"
    NULL = "null_type"
    TIMESTAMP = "google.protobuf.Timestamp"
    DURATION = "google.protobuf.Duration"
    TYPE = "type"
    LIST = "list"
    MAP = "map"
    OPTIONAL = "optional_type"
    VARIABLE = "type_param"
    """Stands for any one type within one call of a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type with its parameters."""

    kind: Kind
    """What the type is."""
    parameters: tuple[Type, ...] = ()
    """Element type of a list or optional, key and value type of a map."""
    name: str = ""
    """Name of a type variable; empty otherwise."""

    def __str__(self) -> str:
        """Return the type as it is written in messages, such as `map(string, dyn)`."""
        if self.name:
            return self.name
        if not self.parameters:
            return self.kind.value
        return f"{self.kind.value}({', '.join(map(str, self.parameters))})"


DYN = Type(kind=Kind.DYN)
BOOL = Type(kind=Kind.BOOL)
INT = Type(kind=Kind.INT)
UINT = Type(kind=Kind.UINT)
DOUBLE = Type(kind=Kind.DOUBLE)
STRING = Type(kind=Kind.STRING)
BYTES = Type(kind=Kind.BYTES)
NULL = Type(kind=Kind.NULL)
TIMESTAMP = Type(kind=Kind.TIMESTAMP)
DURATION = Type(kind=Kind.DURATION)
TYPE = Type(kind=Kind.TYPE)


def list_of(element: Type) -> Type:
    """Return the type of lists whose elements are `element`."""
    return Type(kind=Kind.LIST, parameters=(element,))


def map_of(key: Type, value: Type) -> Type:
    """Return the type of maps from `key` to `value`."""
    return Type(kind=Kind.MAP, parameters=(key, value))


def optional_of(element: Type) -> Type:
    """Return the type of a value that may be missing."""
    return Type(kind=Kind.OPTIONAL, parameters=(element,))


def variable(name: str) -> Type:
    """Return a type variable, which stands for one type within one call."""
    return Type(kind=Kind.VARIABLE, name=name)


LIST = list_of
MAP = map_of
OPTIONAL = optional_of
