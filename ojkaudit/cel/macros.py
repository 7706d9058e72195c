"""Macros: calls that bind a name or look at syntax, each turned into a node of its own."""

from __future__ import annotations

from collections.abc import Callable

from ojkaudit.cel.errors import CelSyntaxError
from ojkaudit.cel.nodes import (
    Call,
    Comprehension,
    Has,
    Ident,
    Macro,
    Node,
    OptionalMap,
    Select,
)

Converter = Callable[[str], object]
"""From the text of a literal to its value."""

_PREDICATES = {
    "all": Macro.ALL,
    "exists": Macro.EXISTS,
    "exists_one": Macro.EXISTS_ONE,
    "existsOne": Macro.EXISTS_ONE,
    "filter": Macro.FILTER,
}
_TWO_VARIABLES = frozenset({"all", "exists", "exists_one", "existsOne"})
_TRANSFORMS = {
    "transformList": Macro.TRANSFORM_LIST,
    "transformMap": Macro.TRANSFORM_MAP,
    "transformMapEntry": Macro.TRANSFORM_MAP_ENTRY,
}


def expand(call: Call) -> Node:
    """Return the node a macro call stands for, or the call itself when it is none.

    Raises:
        CelSyntaxError: A macro is given something else than it asks for.
    """
    if call.target is None:
        return _has(call) if call.function == "has" and len(call.arguments) == 1 else call
    count = len(call.arguments)
    if call.function in _PREDICATES and count == 2:
        return _predicate(call, 1)
    if call.function in _TWO_VARIABLES and count == 3:
        return _predicate(call, 2)
    if call.function == "map" and count in (2, 3):
        return _collecting(call, Macro.MAP, 1)
    if call.function in _TRANSFORMS and count in (3, 4):
        return _collecting(call, _TRANSFORMS[call.function], 2)
    if call.function in ("optMap", "optFlatMap") and count == 2:
        return _optional_map(call)
    return call


def _has(call: Call) -> Node:
    (argument,) = call.arguments
    if not isinstance(argument, Select) or argument.is_optional:
        place = argument.place
        raise CelSyntaxError("has() takes a field selection", place.line, place.column)
    return Has(place=call.place, operand=argument.operand, field=argument.field)


def _variables(call: Call, count: int) -> tuple[str, ...]:
    names: list[str] = []
    for argument in call.arguments[:count]:
        if not isinstance(argument, Ident) or argument.is_root:
            place = argument.place
            message = f"{call.function}() takes a plain variable name here"
            raise CelSyntaxError(message, place.line, place.column)
        if argument.name in names:
            place = argument.place
            message = f"{call.function}() needs two different variable names"
            raise CelSyntaxError(message, place.line, place.column)
        names.append(argument.name)
    return tuple(names)


def _source(call: Call) -> Node:
    assert call.target is not None  # noqa: S101 - callers have tested it
    return call.target


def _predicate(call: Call, count: int) -> Node:
    return Comprehension(
        place=call.place,
        macro=_PREDICATES[call.function],
        source=_source(call),
        variables=_variables(call, count),
        condition=call.arguments[count],
        result=None,
    )


def _collecting(call: Call, macro: Macro, count: int) -> Node:
    has_filter = len(call.arguments) == count + 2
    return Comprehension(
        place=call.place,
        macro=macro,
        source=_source(call),
        variables=_variables(call, count),
        condition=call.arguments[count] if has_filter else None,
        result=call.arguments[-1],
    )


def _optional_map(call: Call) -> Node:
    return OptionalMap(
        place=call.place,
        target=_source(call),
        variable=_variables(call, 1)[0],
        body=call.arguments[1],
        is_flat=call.function == "optFlatMap",
    )
