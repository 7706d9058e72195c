"""Closures of field selection, indexing and optional chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ojkaudit.cel.compare import KEYS, MISSING, as_index, look_up
from ojkaudit.cel.errors import CelEvaluationError, Fault
from ojkaudit.cel.frame import TYPE_VALUES, Closure, Frame, Scope, failure, located
from ojkaudit.cel.missing import path_of, step
from ojkaudit.cel.nodes import Has, Ident, Index, Node, Select
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import NONE, Optional, kind_of


def qualified_name(node: Node) -> str:
    """Return `a.b.c` for a chain of plain selections on a name, else an empty text."""
    fields: list[str] = []
    while isinstance(node, Select) and not node.is_optional:
        fields.append(node.field)
        node = node.operand
    if not isinstance(node, Ident):
        return ""
    return ".".join([node.name, *reversed(fields)])


def is_optional_chain(node: Node) -> bool:
    """Say whether a node gives an optional because a `?` stands in its chain."""
    while isinstance(node, Select | Index):
        if node.is_optional:
            return True
        node = node.operand
    return False


def select(node: Select, scope: Scope) -> Closure:
    """Build `operand.field` or `operand.?field`."""
    name = qualified_name(node)
    if name in TYPE_VALUES and not scope.is_known(name.partition(".")[0]):
        constant = TYPE_VALUES[name]
        return lambda _frame: constant
    if is_optional_chain(node):
        return _boxed(maybe(node, scope))
    field = node.field
    if isinstance(node.operand, Ident) and node.operand.name in scope.slots:
        slot = scope.slots[node.operand.name]
        if not node.operand.is_root:
            return _select_from_slot(node, scope, slot)
    operand = scope.closure(node.operand)

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        try:
            return value[field]
        except (KeyError, TypeError):
            return _slow_select(value, node, scope)

    return evaluate


def _select_from_slot(node: Select, scope: Scope, slot: int) -> Closure:
    field = node.field

    def evaluate(frame: Frame) -> Any:
        value = frame.slots[slot]
        try:
            return value[field]
        except (KeyError, TypeError):
            return _slow_select(value, node, scope)

    return evaluate


def _slow_select(value: Any, node: Select, scope: Scope) -> Any:
    if type(value) is Optional:
        found = field_of(value, node.field)
        return NONE if found is MISSING else Optional((found,))
    if isinstance(value, Mapping):
        raise _no_such_key(node, scope, node.field)
    message = f"field {node.field} of a {kind_of(value).value}: only maps have fields"
    raise failure(node.place, message, path_of(node, scope.slots))


def _no_such_key(node: Select | Index, scope: Scope, key: object) -> CelEvaluationError:
    base = path_of(node.operand, scope.slots)
    path = base + step(key) if base else ""
    return failure(node.place, f"no such key: {step(key).lstrip('.')}", path)


def _no_such_item(value: Any, node: Index, scope: Scope, key: object) -> CelEvaluationError:
    if isinstance(value, Mapping):
        return _no_such_key(node, scope, key)
    return failure(node.place, "list index is out of range", path_of(node, scope.slots))


def field_of(value: Any, field: str) -> Any:
    """Return a field of a map, or of the map in an optional; `MISSING` when it is not there.

    Raises:
        Fault: The value is neither.
    """
    if type(value) is Optional:
        return field_of(value.content[0], field) if value.content else MISSING
    if isinstance(value, Mapping):
        return value.get(field, MISSING)
    raise Fault(f"field {field} of a {kind_of(value).value}: only maps have fields")


def has(node: Has, scope: Scope) -> Closure:
    """Build `has(operand.field)`."""
    operand = scope.closure(node.operand)
    field = node.field
    place = node.place

    def evaluate(frame: Frame) -> bool:
        value = operand(frame)
        if type(value) is dict:
            return field in value
        try:
            return field_of(value, field) is not MISSING
        except Fault as fault:
            raise located(fault, place) from None

    return evaluate


def index(node: Index, scope: Scope) -> Closure:
    """Build `operand[key]` or `operand[?key]`."""
    if is_optional_chain(node):
        return _boxed(maybe(node, scope))
    operand = scope.closure(node.operand)
    key_of = scope.closure(node.key)
    place = node.place

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        key = key_of(frame)
        try:
            found = item_of(value, key)
        except Fault as fault:
            raise located(fault, place) from None
        if found is not MISSING:
            if type(value) is Optional:
                return Optional((found,))
            return found
        if type(value) is Optional:
            return NONE
        if isinstance(value, Mapping):
            raise _no_such_key(node, scope, key)
        raise failure(place, "list index is out of range", path_of(node, scope.slots))

    return evaluate


def item_of(value: Any, key: Any) -> Any:
    """Return an item of a map or list, or of one in an optional; `MISSING` when not there.

    Raises:
        Fault: The value is none of these, or the key is no list index.
    """
    if isinstance(value, Mapping):
        return look_up(value, key)
    if isinstance(value, list | tuple):
        position = as_index(key)
        # Python would count a negative position from the end.
        return value[position] if 0 <= position < len(value) else MISSING
    if type(value) is Optional:
        return _strict_item(value.content[0], key) if value.content else MISSING
    raise Fault(f"no such overload: index of a {kind_of(value).value}")


def _strict_item(value: Any, key: Any) -> Any:
    """Return an item of what an optional holds.

    Raises:
        Fault: A list is too short: behind a `?` only `[?n]` forgives that, as in Google's runtime.
    """
    found = item_of(value, key)
    if found is not MISSING:
        return found
    if isinstance(value, list | tuple):
        raise Fault("list index is out of range")
    if kind_of(key) not in KEYS:
        raise Fault(f"a map key cannot be a {kind_of(key).value}")
    return MISSING


def _optional_item(value: Any, key: Any) -> Any:
    """Return the item that `[?key]` names, or `MISSING`.

    Raises:
        Fault: The key of a list is no signed integer: `[?1.0]` is refused where `[1.0]` is not.
    """
    if isinstance(value, list | tuple) and kind_of(key) is not Kind.INT:
        raise Fault(f"list index must be an int, not {kind_of(key).value}")
    if type(value) is Optional:
        return _optional_item(value.content[0], key) if value.content else MISSING
    return item_of(value, key)


def _boxed(closure: Closure) -> Closure:
    def evaluate(frame: Frame) -> Optional:
        value = closure(frame)
        return NONE if value is MISSING else Optional((value,))

    return evaluate


def maybe(node: Node, scope: Scope) -> Closure:
    """Build an optional chain that gives the value itself, or `MISSING`.

    Chains are common and long; this saves the optional of every step.
    """
    if isinstance(node, Select) and is_optional_chain(node):
        return _maybe_select(node, scope)
    if isinstance(node, Index) and is_optional_chain(node):
        return _maybe_index(node, scope)
    return scope.closure(node)


def _maybe_select(node: Select, scope: Scope) -> Closure:
    operand = maybe(node.operand, scope)
    field = node.field
    place = node.place

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        if type(value) is dict:
            return value.get(field, MISSING)
        if value is MISSING:
            return MISSING
        try:
            return field_of(value, field)
        except Fault as fault:
            raise located(fault, place) from None

    return evaluate


def _maybe_index(node: Index, scope: Scope) -> Closure:
    operand = maybe(node.operand, scope)
    key_of = scope.closure(node.key)
    place = node.place
    item = _optional_item if node.is_optional else _strict_item

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        key = key_of(frame)
        if value is MISSING:
            return MISSING
        if type(value) is dict and type(key) is str:
            return value.get(key, MISSING)
        try:
            return item(value, key)
        except Fault as fault:
            raise located(fault, place) from None

    return evaluate
