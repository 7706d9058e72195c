"""Why a condition is false: the smallest parts of it that are, with the values they saw."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ojkaudit.cel.conversions import format_double
from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, Fault
from ojkaudit.cel.frame import Closure, Frame, Scope
from ojkaudit.cel.missing import element_path
from ojkaudit.cel.nodes import (
    Binary,
    Call,
    Comprehension,
    Conditional,
    Has,
    Literal,
    Logical,
    Macro,
    Node,
    Unary,
    UnaryOperator,
    children,
)
from ojkaudit.cel.times import format_duration, format_timestamp
from ojkaudit.cel.values import Optional, TypeValue, UInt

MAX_ELEMENTS = 3
"""Offending elements shown of one loop; the finding's evidence has them all."""
_MAX_TERMS = 20
_MAX_DETAIL = 400
_MAX_VALUE = 120
_MAX_TEXT = 60
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A part of a condition that is false."""

    text: str
    """The part, as the source has it."""
    line: int
    """1-based line in the source."""
    column: int
    """1-based column in the source."""
    detail: str
    """The element it was false for and the values it saw, such as `c.image = "nginx:latest"`."""


def brief(value: object, depth: int = 3) -> str:
    """Return a value as JSON, cut to what fits into a line of a report."""
    match value:
        case dict() | Mapping():
            if depth == 0:
                return "{…}"
            shown = [f"{brief(k, 0)}: {brief(v, depth - 1)}" for k, v in list(value.items())[:6]]
            return "{" + ", ".join([*shown, *["…"] * (len(value) > 6)]) + "}"
        case list() | tuple():
            if depth == 0:
                return "[…]"
            shown = [brief(item, depth - 1) for item in value[:5]]
            return "[" + ", ".join([*shown, *["…"] * (len(value) > 5)]) + "]"
        case Optional():
            return brief(value.content[0], depth) if value.content else "absent"
        case _:
            return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case str():
            text = value if len(value) <= _MAX_VALUE else value[:_MAX_VALUE] + "…"
            return json.dumps(text, ensure_ascii=False)
        case float():
            return format_double(value)
        case dt.datetime():
            return format_timestamp(value)
        case dt.timedelta():
            return format_duration(value)
        case UInt():
            return str(value.value)
        case TypeValue():
            return value.name
        case bytes():
            return f"{len(value)} bytes"
        case bool() | int() | None:
            return json.dumps(value)
        case _:
            return type(value).__name__


def explain(root: Node, scope: Scope, frame: Frame, source: str) -> tuple[Term, ...]:
    """Return the smallest parts of a false condition that are false themselves.

    Args:
        root: The condition, known to be false on the frame's variables.
        scope: What its names mean.
        frame: A fresh frame; what the search costs is taken from its budget.
        source: The text of the condition.
    """
    explainer = _Explainer(frame=frame, source=source)
    # What has been found when the budget is spent stands; the rest is not worth more steps.
    with contextlib.suppress(CelBudgetError, RecursionError):
        explainer.visit(root, scope, ())
    if not explainer.terms:
        explainer.note(root, ())
    return tuple(explainer.terms)


@dataclass(slots=True, kw_only=True)
class _Explainer:
    frame: Frame
    source: str
    terms: list[Term] = field(default_factory=list)
    closures: dict[int, Closure] = field(default_factory=dict)

    def value(self, node: Node, scope: Scope) -> object:
        """Return the value of a node, or `_ABSENT` when it has none."""
        try:
            return self.closure(node, scope)(self.frame)
        except CelBudgetError:
            raise
        except (CelEvaluationError, Fault):
            return _ABSENT

    def closure(self, node: Node, scope: Scope) -> Closure:
        # A node stands at one place only, so that its scope is always the same.
        known = self.closures.get(id(node))
        if known is None:
            known = self.closures[id(node)] = scope.closure(node)
        return known

    def text(self, node: Node) -> str:
        return " ".join(self.source[node.place.start : node.place.end].split())

    def note(self, node: Node, observed: tuple[str, ...]) -> None:
        detail = "; ".join(dict.fromkeys(observed))
        if len(detail) > _MAX_DETAIL:
            detail = detail[: _MAX_DETAIL - 1] + "…"
        place = node.place
        if len(self.terms) < _MAX_TERMS:
            term = Term(text=self.text(node), line=place.line, column=place.column, detail=detail)
            self.terms.append(term)

    def visit(self, node: Node, scope: Scope, context: tuple[str, ...]) -> None:
        """Note the false parts of a node that is false."""
        match node:
            case Logical(is_and=True):
                for term in node.terms:
                    if self.value(term, scope) is False:
                        self.visit(term, scope, context)
            case Conditional():
                is_true = self.value(node.condition, scope) is True
                self.visit(node.then if is_true else node.otherwise, scope, context)
            case Comprehension(macro=Macro.ALL):
                self.elements(node, scope, context, wanted=False)
            case Unary(
                operator=UnaryOperator.NOT, operand=Comprehension(macro=Macro.EXISTS) as loop
            ):
                self.elements(loop, scope, context, wanted=True, shown=node)
            case _:
                self.note(node, (*context, *self.observed(node, scope)))

    def elements(
        self,
        node: Comprehension,
        scope: Scope,
        context: tuple[str, ...],
        *,
        wanted: bool,
        shown: Node | None = None,
    ) -> None:
        """Note the elements for which the condition of a loop has the unwanted value."""
        condition = node.condition
        assert condition is not None  # noqa: S101 - all and exists have one
        inner = scope.bind(node.variables)
        source = self.value(node.source, scope)
        found = 0
        for index, bindings in _bindings(source, len(node.variables)):
            self.frame.charge(1)
            self.frame.slots[scope.size : scope.size + len(bindings)] = bindings
            if self.value(condition, inner) is not wanted:
                continue
            found += 1
            if found > MAX_ELEMENTS:
                return
            place = element_path(node.source, scope.slots, index)
            name = place if place and "\0" not in place else node.variables[-1]
            where = (*context, f"{name} = {brief(bindings[-1])}")
            if shown is None:
                self.visit(condition, inner, where)
            else:
                self.note(shown, where)

    def observed(self, node: Node, scope: Scope) -> Iterator[str]:
        """Yield the values of the parts that decide a node."""
        match node:
            case Binary() | Call():
                for part in children(node):
                    yield from self.shown(part, scope)
            case Logical():
                for term in node.terms:
                    yield from self.observed(term, scope)
            case Unary():
                yield from self.observed(node.operand, scope)
            case Has():
                yield f"{self.text(node.operand)[:_MAX_TEXT]}.{node.field} is absent"
            case Comprehension():
                yield from self.shown(node.source, scope)
            case _:
                yield from self.shown(node, scope)

    def shown(self, node: Node, scope: Scope) -> Iterator[str]:
        """Yield `text = value` of a node, unless its text already is its value."""
        if isinstance(node, Literal):
            return
        value = self.value(node, scope)
        text = self.text(node)
        if value is not _ABSENT and text != brief(value):
            yield f"{text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + '…'} = {brief(value)}"


def _bindings(source: object, count: int) -> Iterator[tuple[object, tuple[object, ...]]]:
    """Yield number or key of each element, and what the variables of a loop are bound to."""
    if isinstance(source, Mapping):
        for key, value in source.items():
            yield key, (key, value) if count == 2 else (key,)
    elif isinstance(source, list | tuple):
        for number, item in enumerate(source):
            yield number, (number, item) if count == 2 else (item,)
