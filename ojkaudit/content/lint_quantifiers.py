"""Lint: can a rule pass because a list is empty?

`x.all(...)` and `!x.exists(...)` hold for an empty list. Where such a term decides a `pass`
expression, the rule must demand that the list is not empty, must call its emptiness unknown, or
must say in `empty_ok_because` why emptiness is fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ojkaudit.cel import nodes as n
from ojkaudit.content.lint_view import Compiled, RuleView
from ojkaudit.errors import Problem

_POSITIVE_MACROS = frozenset({n.Macro.EXISTS, n.Macro.EXISTS_ONE})
_NARROWING = frozenset({n.Macro.FILTER, n.Macro.MAP})


def check_quantifiers(view: RuleView) -> Iterator[Problem]:
    """Yield a problem for each term of `pass` that an empty list would satisfy unnoticed."""
    if view.rule.empty_ok_because is not None:
        return
    passes = _find(view, "pass")
    if passes is None:
        return
    unknown = _find(view, "unknown")
    guarded_by_unknown = _mentioned(unknown) if unknown is not None else frozenset()
    text = passes.expression.text
    for term, source, guards in _vacuous_terms(passes.program.ast, text, frozenset()):
        if not _is_derived(source) or _shape(_same_size(source), text) in guards:
            continue
        if {_shape(source, text), _shape(_base(source), text)} & guarded_by_unknown:
            continue
        message = (
            "an empty list satisfies this term; demand size(...) > 0, treat emptiness in "
            "'unknown', or say in 'empty_ok_because' why it is fine"
        )
        place = term.place
        yield view.problem_in(passes.expression, message, place.line, place.column)


def _find(view: RuleView, key: str) -> Compiled | None:
    return next((c for c in view.compiled if c.key == key), None)


def _vacuous_terms(
    node: n.Node, text: str, guards: frozenset[str]
) -> Iterator[tuple[n.Node, n.Node, frozenset[str]]]:
    """Yield each deciding term that an empty list satisfies, its list, and the lists guarded."""
    match node:
        case n.Logical(is_and=True):
            inner = guards | {name for term in node.terms for name in _demanded(term, text)}
            for term in node.terms:
                yield from _vacuous_terms(term, text, inner)
        case n.Logical():
            for term in node.terms:
                yield from _vacuous_terms(term, text, guards)
        case n.Conditional():
            inner = guards | set(_demanded(node.condition, text))
            yield from _vacuous_terms(node.then, text, inner)
            yield from _vacuous_terms(node.otherwise, text, guards)
        case n.Comprehension(macro=n.Macro.ALL):
            yield node, node.source, guards
        case n.Unary(operator=n.UnaryOperator.NOT, operand=n.Comprehension() as loop):
            if loop.macro in _POSITIVE_MACROS:
                yield node, loop.source, guards
        case _:
            return


def _demanded(term: n.Node, text: str) -> Iterator[str]:
    """Yield the lists that are not empty where the term holds."""
    match term:
        case n.Logical(is_and=True):
            for part in term.terms:
                yield from _demanded(part, text)
        case n.Comprehension() if term.macro in _POSITIVE_MACROS:
            yield from _with_base(term.source, text)
        case n.Binary(operator=">" | ">=" | "!=" | "=="):
            yield from _demanded_by_relation(term, text)
        case n.Binary(operator="<" | "<="):
            measured = _measured(term.right)
            if measured is not None:
                yield from _with_base(measured, text)
        case n.Binary(operator="in"):
            yield _shape(term.right, text)
        case _:
            return


def _demanded_by_relation(term: n.Binary, text: str) -> Iterator[str]:
    for one, other in ((term.left, term.right), (term.right, term.left)):
        # `>` and `>=` are read with the size on the left only.
        if one is term.right and term.operator not in {"==", "!="}:
            return
        measured = _measured(one)
        if measured is not None and _excludes_zero(term.operator, other):
            yield from _with_base(measured, text)
        if term.operator == "!=" and isinstance(other, n.ListLiteral) and not other.items:
            yield from _with_base(one, text)


def _excludes_zero(operator: str, other: n.Node) -> bool:
    """Return whether `size(x) operator other` rules out an empty list."""
    value = other.value if isinstance(other, n.Literal) else None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    match operator:
        case ">":
            # A size above anything that is not negative; parameters and sizes never are.
            return not is_number or int(str(value)) >= 0
        case ">=":
            return not is_number or int(str(value)) >= 1
        case "==":
            return is_number and int(str(value)) >= 1
        case _:
            return is_number and value == 0


def _measured(node: n.Node) -> n.Node | None:
    """Return the list whose size the node is; None when it is no size."""
    if not isinstance(node, n.Call) or node.function != "size":
        return None
    if node.target is not None:
        return node.target
    return node.arguments[0] if len(node.arguments) == 1 else None


def _with_base(source: n.Node, text: str) -> Iterator[str]:
    # A filtered list that is not empty comes from a list that is not. The reverse does not hold:
    # a guard on the whole list says nothing of what a filter leaves of it.
    yield _shape(source, text)
    yield _shape(_same_size(source), text)
    yield _shape(_base(source), text)


def _mentioned(unknown: Compiled) -> frozenset[str]:
    """Return every list whose size, emptiness or elements the `unknown` expression looks at."""
    text = unknown.expression.text
    found: set[str] = set()
    for node, _ in n.walk(unknown.program.ast):
        measured = _measured(node)
        if measured is not None:
            found.update(_with_base(measured, text))
        elif isinstance(node, n.Comprehension):
            found.update(_with_base(node.source, text))
        elif isinstance(node, n.Has):
            found.add(_shape(node.operand, text) + "." + node.field)
        elif isinstance(node, n.Binary) and node.operator in {"==", "!=", "in"}:
            found.update(_shape(side, text) for side in (node.left, node.right))
    return frozenset(found)


def _base(node: n.Node) -> n.Node:
    """Return the list that filters, maps and defaults are applied to."""
    while True:
        match node:
            case n.Comprehension() if node.macro in _NARROWING:
                node = node.source
            case n.Call(function="orValue") if node.target is not None:
                node = node.target
            case _:
                return node


def _same_size(node: n.Node) -> n.Node:
    """Return the list of which the node is as long: below `map` without filter and `orValue`."""
    while True:
        match node:
            case n.Comprehension(macro=n.Macro.MAP, condition=None):
                node = node.source
            case n.Call(function="orValue") if node.target is not None:
                node = node.target
            case _:
                return node


def _is_derived(source: n.Node) -> bool:
    """Return whether the list comes from evidence and nothing else vouches for its size.

    `items` itself is vouched for by `on_empty`; literals and parameters are no evidence.
    """
    match source:
        case n.Ident(name="items"):
            return False
        case n.ListLiteral():
            return not source.items
        case n.Select(operand=n.Ident(name="params")):
            return False
        case _:
            return True


def _shape(node: n.Node, text: str) -> str:
    """Return the node's text without spaces and optional marks, to compare places by."""
    bare = re.sub(r"\s+", "", text[node.place.start : node.place.end])
    return bare.replace(".?", ".").replace("[?", "[")
