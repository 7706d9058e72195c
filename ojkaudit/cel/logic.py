"""Closures of `&&`, `||` and the conditional."""

from __future__ import annotations

from typing import Any

from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, detached
from ojkaudit.cel.frame import Closure, Frame, Scope, failure
from ojkaudit.cel.nodes import Conditional, Logical
from ojkaudit.cel.values import kind_of


def logical(node: Logical, scope: Scope) -> Closure:
    """Build `a && b && ...` or `a || b || ...`.

    One deciding term decides, wherever it stands: an error elsewhere is then absorbed. Only a
    spent budget always ends the evaluation.
    """
    terms = tuple(scope.closure(term) for term in node.terms)
    places = tuple(term.place for term in node.terms)
    decisive = not node.is_and
    neutral = node.is_and
    sign = "&&" if node.is_and else "||"

    def evaluate(frame: Frame) -> bool:
        error: CelEvaluationError | None = None
        for position, term in enumerate(terms):
            try:
                value: object = term(frame)
            except CelBudgetError:
                raise
            except CelEvaluationError as caught:
                error = error or detached(caught)
                continue
            if value is decisive:
                return decisive
            if value is not neutral and error is None:
                message = f"no such overload: _{sign}_ with a {kind_of(value).value}"
                error = failure(places[position], message)
        if error is None:
            return neutral
        try:
            raise error
        finally:
            error = None

    return evaluate


def conditional(node: Conditional, scope: Scope) -> Closure:
    """Build `condition ? then : otherwise`; the other branch is not evaluated."""
    condition = scope.closure(node.condition)
    then = scope.closure(node.then)
    otherwise = scope.closure(node.otherwise)
    place = node.place

    def evaluate(frame: Frame) -> Any:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is False:
            return otherwise(frame)
        raise failure(place, f"a condition must be a bool, not a {kind_of(value).value}")

    return evaluate
