"""The types of operators and library functions, for the check before anything is evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ojkaudit.cel import types as t
from ojkaudit.cel.frame import FunctionTypes
from ojkaudit.cel.times import DURATION_PARTS, TIMESTAMP_PARTS

_A = t.variable("A")
_B = t.variable("B")
_LIST = t.list_of(_A)
_MAP = t.map_of(_A, _B)
_OPTIONAL = t.optional_of(_A)
_STRINGS = t.list_of(t.STRING)

Signatures = Mapping[str, tuple[FunctionTypes, ...]]
"""Overloads by name."""


def _sign(*types: t.Type) -> FunctionTypes:
    """Return a signature; the last type is the result."""
    return FunctionTypes(parameters=types[:-1], result=types[-1])


def _each(kinds: Iterable[t.Type], count: int, result: t.Type | None) -> tuple[FunctionTypes, ...]:
    """Return one overload a type, all parameters alike; the result is the same type if not given."""
    return tuple(_sign(*[kind] * count, result or kind) for kind in kinds)


def _from(kinds: Iterable[t.Type], result: t.Type) -> tuple[FunctionTypes, ...]:
    return tuple(_sign(kind, result) for kind in kinds)


_ORDERED = (t.BOOL, t.INT, t.UINT, t.DOUBLE, t.STRING, t.BYTES, t.TIMESTAMP, t.DURATION)
_ORDER = _each(_ORDERED, 2, t.BOOL)
_EQUALITY = (_sign(_A, _A, t.BOOL),)
_MOMENTS = (
    _sign(t.TIMESTAMP, t.DURATION, t.TIMESTAMP),
    _sign(t.DURATION, t.TIMESTAMP, t.TIMESTAMP),
)
_INDEX = (
    _sign(_LIST, t.INT, _A),
    _sign(_MAP, _A, _B),
)
_OPTIONAL_INDEX = (
    _sign(t.optional_of(_LIST), t.INT, _OPTIONAL),
    _sign(t.optional_of(_MAP), _A, t.optional_of(_B)),
)

OPERATORS: Signatures = {
    "==": _EQUALITY,
    "!=": _EQUALITY,
    "<": _ORDER,
    "<=": _ORDER,
    ">": _ORDER,
    ">=": _ORDER,
    "+": (
        *_each((t.INT, t.UINT, t.DOUBLE, t.STRING, t.BYTES, _LIST, t.DURATION), 2, None),
        *_MOMENTS,
    ),
    "-": (
        *_each((t.INT, t.UINT, t.DOUBLE, t.DURATION), 2, None),
        _sign(t.TIMESTAMP, t.DURATION, t.TIMESTAMP),
        _sign(t.TIMESTAMP, t.TIMESTAMP, t.DURATION),
    ),
    "*": _each((t.INT, t.UINT, t.DOUBLE), 2, None),
    "/": _each((t.INT, t.UINT, t.DOUBLE), 2, None),
    "%": _each((t.INT, t.UINT), 2, None),
    "in": (_sign(_A, _LIST, t.BOOL), _sign(_A, _MAP, t.BOOL)),
    "!": (_sign(t.BOOL, t.BOOL),),
    "neg": _each((t.INT, t.DOUBLE), 1, None),
    "[]": (*_INDEX, *_OPTIONAL_INDEX),
    "[?]": (
        _sign(_LIST, t.INT, _OPTIONAL),
        _sign(_MAP, _A, t.optional_of(_B)),
        *_OPTIONAL_INDEX,
    ),
    "?:": (_sign(t.BOOL, _A, _A, _A),),
}
"""By the sign in the source; `neg` is the minus before one value."""

_SIZED = (t.STRING, t.BYTES, _LIST, _MAP)
_NUMBERS = (t.INT, t.UINT, t.DOUBLE)
_TEXT_TEST = (_sign(t.STRING, t.STRING, t.BOOL),)
_FIND = (
    _sign(t.STRING, t.STRING, t.INT),
    _sign(t.STRING, t.STRING, t.INT, t.INT),
)
_TEXT = (_sign(t.STRING, t.STRING),)

GLOBAL: Signatures = {
    "size": _from(_SIZED, t.INT),
    "matches": _TEXT_TEST,
    "int": _from((*_NUMBERS, t.STRING, t.TIMESTAMP), t.INT),
    "uint": _from((*_NUMBERS, t.STRING), t.UINT),
    "double": _from((*_NUMBERS, t.STRING), t.DOUBLE),
    "bool": _from((t.BOOL, t.STRING), t.BOOL),
    "string": _from((*_NUMBERS, t.STRING, t.BOOL, t.BYTES, t.TIMESTAMP, t.DURATION), t.STRING),
    "bytes": _from((t.BYTES, t.STRING), t.BYTES),
    "timestamp": _from((t.STRING, t.INT, t.TIMESTAMP), t.TIMESTAMP),
    "duration": _from((t.STRING, t.DURATION), t.DURATION),
    "dyn": (_sign(_A, t.DYN),),
    "type": (_sign(_A, t.TYPE),),
    "optional.of": (_sign(_A, _OPTIONAL),),
    "optional.ofNonZeroValue": (_sign(_A, _OPTIONAL),),
    "optional.none": (_sign(_OPTIONAL),),
    "strings.quote": _TEXT,
}
"""Functions without a target."""


def _parts(name: str) -> tuple[FunctionTypes, ...]:
    moment = (_sign(t.TIMESTAMP, t.INT), _sign(t.TIMESTAMP, t.STRING, t.INT))
    return (*moment, _sign(t.DURATION, t.INT)) if name in DURATION_PARTS else moment


MEMBERS: Signatures = {
    "size": _from(_SIZED, t.INT),
    "contains": _TEXT_TEST,
    "startsWith": _TEXT_TEST,
    "endsWith": _TEXT_TEST,
    "matches": _TEXT_TEST,
    "charAt": (_sign(t.STRING, t.INT, t.STRING),),
    "indexOf": _FIND,
    "lastIndexOf": _FIND,
    "join": (_sign(_STRINGS, t.STRING), _sign(_STRINGS, t.STRING, t.STRING)),
    "lowerAscii": _TEXT,
    "upperAscii": _TEXT,
    "replace": (
        _sign(t.STRING, t.STRING, t.STRING, t.STRING),
        _sign(t.STRING, t.STRING, t.STRING, t.INT, t.STRING),
    ),
    "split": (
        _sign(t.STRING, t.STRING, _STRINGS),
        _sign(t.STRING, t.STRING, t.INT, _STRINGS),
    ),
    "substring": (
        _sign(t.STRING, t.INT, t.STRING),
        _sign(t.STRING, t.INT, t.INT, t.STRING),
    ),
    "trim": _TEXT,
    "reverse": _TEXT,
    "format": (_sign(t.STRING, t.list_of(t.DYN), t.STRING),),
    "hasValue": (_sign(_OPTIONAL, t.BOOL),),
    "value": (_sign(_OPTIONAL, _A),),
    "or": (_sign(_OPTIONAL, _OPTIONAL, _OPTIONAL),),
    "orValue": (_sign(_OPTIONAL, _A, _A),),
    **{name: _parts(name) for name in TIMESTAMP_PARTS},
}
"""Functions with a target, which is their first parameter."""
