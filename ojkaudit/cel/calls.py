"""Closures of function calls: the library's, the lazy ones, and those the activation supplies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ojkaudit.cel import regex
from ojkaudit.cel.access import is_optional_chain, maybe
from ojkaudit.cel.compare import MISSING, as_optional
from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, CelTypeError, Fault
from ojkaudit.cel.frame import Closure, Frame, FunctionTypes, Scope, failure, located
from ojkaudit.cel.library import GLOBAL, MEMBERS, NAMESPACES, Implementation
from ojkaudit.cel.nodes import Call, Ident, Literal, Node
from ojkaudit.cel.values import Optional, conforms, type_names


def callee(node: Call, is_known: Callable[[str], bool]) -> tuple[str, tuple[Node, ...], bool]:
    """Return the function's full name, its arguments (the target first), and if it has a target.

    `optional.of(x)` parses like a call on a variable `optional`; it is one only if such is known.
    """
    target = node.target
    if target is None:
        return node.function, node.arguments, False
    if isinstance(target, Ident) and target.name in NAMESPACES and not is_known(target.name):
        return f"{target.name}.{node.function}", node.arguments, False
    return node.function, (target, *node.arguments), True


def call(node: Call, scope: Scope) -> Closure:
    """Build a function call."""
    name, arguments, is_member = callee(node, scope.is_known)
    if is_member and name in ("or", "orValue") and len(arguments) == 2:
        return _lazy(name, arguments, node, scope)
    if name == "matches" and len(arguments) == 2:
        constant = _constant_pattern(arguments, node, scope)
        if constant is not None:
            return constant
    table = MEMBERS if is_member else GLOBAL
    entry = table.get(name)
    if entry is not None and entry[1] <= len(arguments) <= entry[2]:
        return _library_call(entry[0], [scope.closure(a) for a in arguments], node)
    if not is_member and name in scope.functions:
        return _supplied_call(name, [scope.closure(a) for a in arguments], node, scope)
    place = node.place
    raise CelTypeError(
        f"no function {name} takes {len(arguments)} arguments", place.line, place.column
    )


def _library_call(function: Implementation, closures: Sequence[Closure], node: Call) -> Closure:
    place = node.place

    def evaluate(frame: Frame) -> Any:
        values = [closure(frame) for closure in closures]
        try:
            return function(frame, *values)
        except Fault as fault:
            raise located(fault, place) from None
        except CelBudgetError as error:
            raise CelBudgetError(error.message, place.line, place.column) from None

    return evaluate


def _constant_pattern(arguments: Sequence[Node], node: Call, scope: Scope) -> Closure | None:
    """Build `matches` with a literal pattern, which is compiled now; a bad one is refused now."""
    pattern = arguments[1]
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        return None
    try:
        test = regex.matcher(pattern.value)
    except Fault as fault:
        raise CelTypeError(str(fault), pattern.place.line, pattern.place.column) from None
    operand = scope.closure(arguments[0])
    place = node.place

    def evaluate(frame: Frame) -> bool:
        value = operand(frame)
        if isinstance(value, str):
            return test(value)
        raise failure(place, f"no such overload: matches{type_names(value, '')}")

    return evaluate


def _lazy(name: str, arguments: Sequence[Node], node: Call, scope: Scope) -> Closure:
    """Build `or` and `orValue`, whose argument is evaluated only when it is needed."""
    otherwise = scope.closure(arguments[1])
    if name == "orValue" and is_optional_chain(arguments[0]):
        chain = maybe(arguments[0], scope)

        def fast(frame: Frame) -> Any:
            value = chain(frame)
            return otherwise(frame) if value is MISSING else value

        return fast
    target = scope.closure(arguments[0])
    place = node.place

    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        try:
            optional = as_optional(value, name)
        except Fault as fault:
            raise located(fault, place) from None
        if optional.content:
            return optional.content[0] if name == "orValue" else optional
        other = otherwise(frame)
        if name == "or" and type(other) is not Optional:
            raise failure(place, f"no such overload: or{type_names(value, other)}")
        return other

    return evaluate


def _supplied_call(name: str, closures: Sequence[Closure], node: Call, scope: Scope) -> Closure:
    place = node.place
    overloads = scope.functions[name]

    def evaluate(frame: Frame) -> Any:
        values = [closure(frame) for closure in closures]
        overload = _overload(overloads, values)
        if overload is None:
            raise failure(place, f"no such overload: {name}{type_names(*values)}")
        function = frame.functions.get(name)
        if function is None:
            raise failure(place, f"function {name} is declared but not supplied")
        try:
            result = function(*values)
        except CelBudgetError:
            raise
        except CelEvaluationError as error:
            raise failure(place, f"{name}: {error.message}", error.path) from None
        except ValueError as error:
            raise failure(place, f"{name}: {error}") from None
        if not conforms(result, overload.result):
            raise failure(place, f"{name} gave {type_names(result)}, declared {overload.result}")
        return result

    return evaluate


def _overload(overloads: Sequence[FunctionTypes], values: Sequence[Any]) -> FunctionTypes | None:
    for overload in overloads:
        if len(overload.parameters) == len(values) and all(
            map(conforms, values, overload.parameters)
        ):
            return overload
    return None
