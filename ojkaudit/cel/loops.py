"""Closures of the macros that loop, and of `optMap`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ojkaudit.cel.compare import as_optional
from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, Fault, detached
from ojkaudit.cel.frame import Closure, Frame, Scope, failure, located
from ojkaudit.cel.missing import name_element
from ojkaudit.cel.nodes import Comprehension, Macro, Node, OptionalMap, weight
from ojkaudit.cel.operators import put
from ojkaudit.cel.values import NONE, Optional, kind_of


class _Loop:
    """The source of a loop and how its variables are bound."""

    __slots__ = ("cost", "has_pairs", "inner", "node", "outer", "slot", "source")

    def __init__(self, node: Comprehension, scope: Scope) -> None:
        self.node = node
        self.outer = scope
        self.inner = scope.bind(node.variables)
        self.slot = scope.size
        self.source = scope.closure(node.source)
        self.has_pairs = len(node.variables) == 2
        # One iteration takes at most as many steps as the body has nodes.
        self.cost = 1 + weight(node.condition) + weight(node.result)

    def elements(self, frame: Frame) -> Iterator[object]:
        """Bind the variables to one element after another and yield its number or key."""
        source = self.source(frame)
        slots = frame.slots
        slot = self.slot
        pairs = self.has_pairs
        is_map = isinstance(source, Mapping)
        if not is_map and not isinstance(source, list | tuple):
            message = f"{self.node.macro.value}() of a {kind_of(source).value}: only lists and maps"
            raise failure(self.node.place, message)
        for number, item in enumerate(source):
            frame.left -= self.cost
            if frame.left < 0:
                raise budget_error(self.node)
            if not pairs:
                slots[slot] = item
            elif is_map:
                slots[slot], slots[slot + 1] = item, source[item]
            else:
                slots[slot], slots[slot + 1] = number, item
            yield item if is_map else number

    def blame(self, error: CelEvaluationError, number: object) -> None:
        """Name the element that failed in the path of an error."""
        slot = self.slot + len(self.node.variables) - 1
        name = self.node.variables[-1]
        name_element(error, slot, name, self.node.source, self.outer.slots, number)

    def guard(self, closure: Closure) -> Callable[[Frame, object], Any]:
        """Return the closure so that its errors name the element they are about."""

        def evaluate(frame: Frame, number: object) -> Any:
            try:
                return closure(frame)
            except CelEvaluationError as error:
                self.blame(error, number)
                raise

        return evaluate

    def test(self, closure: Closure) -> Closure:
        """Return a condition that insists on a bool."""
        place = self.node.place

        def evaluate(frame: Frame) -> bool:
            value = closure(frame)
            if value is True:
                return True
            if value is False:
                return False
            raise failure(place, f"a condition must be a bool, not a {kind_of(value).value}")

        return evaluate


def budget_error(node: Node) -> CelBudgetError:
    """Return the error of a loop that has no steps left."""
    message = "expression takes more steps than allowed"
    return CelBudgetError(message, node.place.line, node.place.column)


def comprehension(node: Comprehension, scope: Scope) -> Closure:
    """Build a macro that loops."""
    loop = _Loop(node, scope)
    match node.macro:
        case Macro.ALL | Macro.EXISTS:
            return _quantifier(loop, _condition(loop), decisive=node.macro is Macro.EXISTS)
        case Macro.EXISTS_ONE:
            return _exists_one(loop, _condition(loop))
        case Macro.FILTER:
            return _filter(loop, _condition(loop))
        case Macro.MAP | Macro.TRANSFORM_LIST:
            return _transform_list(loop)
        case Macro.TRANSFORM_MAP | Macro.TRANSFORM_MAP_ENTRY:
            return _transform_map(loop)


def _condition(loop: _Loop) -> Closure:
    assert loop.node.condition is not None  # noqa: S101 - the parser gives these macros one
    return loop.inner.closure(loop.node.condition)


def _result(loop: _Loop) -> Closure:
    assert loop.node.result is not None  # noqa: S101 - the parser gives these macros one
    return loop.inner.closure(loop.node.result)


def _quantifier(loop: _Loop, condition: Closure, *, decisive: bool) -> Closure:
    """Build `all` and `exists`: one deciding element decides, errors elsewhere are absorbed."""

    def evaluate(frame: Frame) -> bool:
        error: CelEvaluationError | None = None
        for number in loop.elements(frame):
            try:
                value: object = condition(frame)
            except CelBudgetError:
                raise
            except CelEvaluationError as caught:
                if error is None:
                    loop.blame(caught, number)
                    error = detached(caught)
                continue
            if value is decisive:
                return decisive
            if error is None and not isinstance(value, bool):
                message = f"a condition must be a bool, not a {kind_of(value).value}"
                error = failure(loop.node.place, message)
        if error is None:
            return not decisive
        try:
            raise error
        finally:
            error = None

    return evaluate


def _exists_one(loop: _Loop, condition: Closure) -> Closure:
    holds = loop.guard(loop.test(condition))

    def evaluate(frame: Frame) -> bool:
        count = 0
        for number in loop.elements(frame):
            if holds(frame, number):
                count += 1
        return count == 1

    return evaluate


def _filter(loop: _Loop, condition: Closure) -> Closure:
    holds = loop.guard(loop.test(condition))
    slot = loop.slot

    def evaluate(frame: Frame) -> list[Any]:
        slots = frame.slots
        return [slots[slot] for number in loop.elements(frame) if holds(frame, number)]

    return evaluate


def _transform_list(loop: _Loop) -> Closure:
    result = loop.guard(_result(loop))
    if loop.node.condition is None:
        return lambda frame: [result(frame, number) for number in loop.elements(frame)]
    holds = loop.guard(loop.test(_condition(loop)))
    return lambda frame: [
        result(frame, number) for number in loop.elements(frame) if holds(frame, number)
    ]


def _transform_map(loop: _Loop) -> Closure:
    result = loop.guard(_result(loop))
    has_condition = loop.node.condition is not None
    holds = loop.guard(loop.test(_condition(loop))) if has_condition else None
    is_entry = loop.node.macro is Macro.TRANSFORM_MAP_ENTRY
    slot = loop.slot
    node = loop.node

    def add(made: dict[Any, Any], key: Any, value: Any) -> None:
        if not is_entry:
            put(made, key, value, node)
            return
        if not isinstance(value, Mapping):
            raise failure(node.place, "transformMapEntry() needs a map as its result")
        for entry_key, item in value.items():
            put(made, entry_key, item, node)

    def evaluate(frame: Frame) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for number in loop.elements(frame):
            if holds is None or holds(frame, number):
                add(made, frame.slots[slot], result(frame, number))
        return made

    return evaluate


def optional_map(node: OptionalMap, scope: Scope) -> Closure:
    """Build `target.optMap(variable, body)` or `target.optFlatMap(variable, body)`."""
    target = scope.closure(node.target)
    slot = scope.size
    body = scope.bind((node.variable,)).closure(node.body)
    function = "optFlatMap" if node.is_flat else "optMap"

    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        try:
            optional = as_optional(value, function)
        except Fault as fault:
            raise located(fault, node.place) from None
        if not optional.content:
            return NONE
        frame.slots[slot] = optional.content[0]
        result = body(frame)
        if not node.is_flat:
            return Optional((result,))
        if type(result) is not Optional:
            raise failure(node.place, "optFlatMap() needs an optional as its result")
        return result

    return evaluate
