"""Closures of literals, names, operators and literals of lists and maps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ojkaudit.cel.arithmetic import OPERATORS, negate
from ojkaudit.cel.compare import MISSING, at_most, equal, is_in, less, look_up
from ojkaudit.cel.errors import CelBudgetError, Fault
from ojkaudit.cel.frame import TYPE_VALUES, Closure, Frame, Scope, failure, located
from ojkaudit.cel.nodes import (
    Binary,
    Ident,
    ListLiteral,
    Literal,
    MapLiteral,
    Node,
    Unary,
    UnaryOperator,
)
from ojkaudit.cel.types import Kind, Type
from ojkaudit.cel.values import NONE, Optional, kind_of

Operation = Callable[[Frame, Any, Any], Any]


def literal(node: Literal, _scope: Scope) -> Closure:
    """Build a constant."""
    value = node.value
    return lambda _frame: value


def ident(node: Ident, scope: Scope) -> Closure:
    """Build the look-up of a variable, or the constant a type name stands for."""
    name = node.name
    if name in scope.slots and not node.is_root:
        slot = scope.slots[name]
        return lambda frame: frame.slots[slot]
    if name not in scope.variables and name in TYPE_VALUES:
        constant = TYPE_VALUES[name]
        return lambda _frame: constant
    return _variable(node, scope.variables.get(name))


def _variable(node: Ident, declared: Type | None) -> Closure:
    name = node.name
    place = node.place
    if declared is None or declared.kind is Kind.DYN:

        def untyped(frame: Frame) -> Any:
            value = frame.variables.get(name, MISSING)
            if value is MISSING:
                raise failure(place, f"variable {name} has no value", name)
            return value

        return untyped

    expected = declared.kind
    usual: object = {Kind.LIST: list, Kind.MAP: dict}.get(expected)

    def typed(frame: Frame) -> Any:
        value = frame.variables.get(name, MISSING)
        if type(value) is usual:
            return value
        if value is MISSING:
            raise failure(place, f"variable {name} has no value", name)
        # A timestamp without zone would compare unequal to every other, silently.
        if kind_of(value) is not expected or (
            isinstance(value, dt.datetime) and value.tzinfo is None
        ):
            raise failure(place, f"variable {name} is no {declared}", name)
        return value

    return typed


def unary(node: Unary, scope: Scope) -> Closure:
    """Build `!operand` or `-operand`."""
    operand = scope.closure(node.operand)
    place = node.place
    if node.operator is UnaryOperator.NOT:

        def invert(frame: Frame) -> bool:
            value = operand(frame)
            if value is True:
                return False
            if value is False:
                return True
            raise failure(place, f"no such overload: !({kind_of(value).value})")

        return invert

    def minus(frame: Frame) -> Any:
        value = operand(frame)
        try:
            return negate(frame, value)
        except Fault as fault:
            raise located(fault, place) from None

    return minus


def binary(node: Binary, scope: Scope) -> Closure:
    """Build a relation, a membership test or arithmetic."""
    if node.operator in ("==", "!="):
        fast = _constant_equality(node, scope)
        if fast is not None:
            return fast
    if node.operator == "in":
        fast = _constant_membership(node, scope)
        if fast is not None:
            return fast
    left = scope.closure(node.left)
    right = scope.closure(node.right)
    operation = _OPERATIONS[node.operator]
    place = node.place

    def evaluate(frame: Frame) -> Any:
        first = left(frame)
        second = right(frame)
        try:
            return operation(frame, first, second)
        except Fault as fault:
            raise located(fault, place) from None
        except CelBudgetError as error:
            raise CelBudgetError(error.message, place.line, place.column) from None

    return evaluate


def _constant_equality(node: Binary, scope: Scope) -> Closure | None:
    """Build a comparison with constant text, whose Python equality is the language's own."""
    if not (isinstance(node.right, Literal) and isinstance(node.right.value, str)):
        return None
    operand = scope.closure(node.left)
    text = node.right.value
    if node.operator == "==":
        return lambda frame: operand(frame) == text
    return lambda frame: operand(frame) != text


def _constant_membership(node: Binary, scope: Scope) -> Closure | None:
    """Build a membership test in a constant list of texts."""
    texts = _constant_texts(node.right)
    if texts is None:
        return None
    operand = scope.closure(node.left)

    def test(frame: Frame) -> bool:
        value = operand(frame)
        # Of other types there is none in the list; a dict could not even be looked up.
        return isinstance(value, str) and value in texts

    return test


def _constant_texts(node: Node) -> frozenset[str] | None:
    if not isinstance(node, ListLiteral):
        return None
    texts: list[str] = []
    for item in node.items:
        value = item.value
        if item.is_optional or not isinstance(value, Literal) or not isinstance(value.value, str):
            return None
        texts.append(value.value)
    return frozenset(texts)


_OPERATIONS: dict[str, Operation] = {
    **OPERATORS,
    "==": equal,
    "!=": lambda frame, left, right: not equal(frame, left, right),
    "<": lambda _frame, left, right: less(left, right, "<"),
    "<=": lambda _frame, left, right: at_most(left, right, "<="),
    ">": lambda _frame, left, right: less(right, left, ">"),
    ">=": lambda _frame, left, right: at_most(right, left, ">="),
    "in": is_in,
}


def list_literal(node: ListLiteral, scope: Scope) -> Closure:
    """Build `[a, ?b]`."""
    items = tuple((scope.closure(item.value), item.is_optional) for item in node.items)
    place = node.place
    if not any(is_optional for _, is_optional in items):
        closures = tuple(closure for closure, _ in items)
        return lambda frame: [closure(frame) for closure in closures]

    def evaluate(frame: Frame) -> list[Any]:
        result: list[Any] = []
        for closure, is_optional in items:
            value = closure(frame)
            if not is_optional:
                result.append(value)
            elif type(value) is Optional:
                result.extend(value.content)
            else:
                raise failure(place, "an element behind ? must be an optional")
        return result

    return evaluate


def map_literal(node: MapLiteral, scope: Scope) -> Closure:
    """Build `{k: v, ?k: optional}`."""
    entries = tuple(
        (scope.closure(entry.key), scope.closure(entry.value), entry) for entry in node.entries
    )

    def evaluate(frame: Frame) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_of, value_of, entry in entries:
            key = key_of(frame)
            value = value_of(frame)
            content: tuple[Any, ...] = (value,)
            if entry.is_optional:
                if type(value) is not Optional:
                    raise failure(entry.value.place, "a value behind ? must be an optional")
                content = value.content
            for item in content:
                put(result, key, item, entry.key)
        return result

    return evaluate


def put(result: dict[Any, Any], key: Any, value: Any, node: Node) -> None:
    """Add an entry to a map that is being made.

    Raises:
        CelEvaluationError: The key is there already, or of a type no key may have.
    """
    if kind_of(key) not in (Kind.STRING, Kind.INT, Kind.UINT, Kind.BOOL):
        raise failure(node.place, f"a map key cannot be a {kind_of(key).value}")
    if look_up(result, key) is not MISSING:
        raise failure(node.place, "map key is given twice")
    if key in result:
        # Python has one key for 1 and true: refused rather than silently overwritten.
        raise failure(node.place, "a map cannot have both a bool key and the number it equals")
    result[key] = value


def is_none(value: object) -> bool:
    """Say whether a value is the empty optional."""
    return value is NONE or (type(value) is Optional and not value.content)
