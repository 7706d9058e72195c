"""Lint: can a rule pass because a list is empty?

`x.all(...)` and `!x.exists(...)` hold for an empty list. Where such a term decides a `pass`
expression, the rule must demand that the list is not empty, must call its emptiness unknown, or
must say in `empty_ok_because` why emptiness is fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ojkaudit.cel import nodes as n
from ojkaudit.content.lint_lists import Lists
from ojkaudit.content.lint_view import Compiled, RuleView
from ojkaudit.errors import Problem

_EXISTS = frozenset({n.Macro.EXISTS, n.Macro.EXISTS_ONE})
_MESSAGE = (
    "an empty list satisfies this term; demand size(...) > 0, treat emptiness in 'unknown', or say "
    "in 'empty_ok_because' why it is fine"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vacuous:
    """A deciding term that an empty list satisfies."""

    term: n.Node
    source: n.Node
    """The list."""
    guards: frozenset[str]
    """Lists that are not empty wherever the term decides."""


def check_quantifiers(view: RuleView) -> Iterator[Problem]:
    """Yield a problem for each term of `pass` that an empty list would satisfy unnoticed."""
    if view.rule.empty_ok_because is not None:
        return
    passes = _find(view, "pass")
    if passes is None:
        return
    unknown = _find(view, "unknown")
    looked_at: frozenset[str] = frozenset()
    if unknown is not None:
        looked_at = Lists(unknown.expression.text).mentioned(unknown.program.ast)
    walker = _Walker(Lists(passes.expression.text))
    for found in walker.vacuous(passes.program.ast, True, frozenset()):
        if not walker.lists.is_derived(found.source):
            continue
        if walker.lists.same_size(found.source) in found.guards:
            continue
        if looked_at & set(walker.lists.names(found.source)):
            continue
        place = found.term.place
        yield view.problem_in(passes.expression, _MESSAGE, place.line, place.column)


def _find(view: RuleView, key: str) -> Compiled | None:
    return next((c for c in view.compiled if c.key == key), None)


class _Walker:
    """Walks the deciding terms of one expression.

    `holds` says which value of a node is looked at: true at the top, false below a negation.
    """

    def __init__(self, lists: Lists) -> None:
        self.lists = lists

    def vacuous(self, node: n.Node, holds: bool, guards: frozenset[str]) -> Iterator[_Vacuous]:
        """Yield each term that an empty list satisfies and that may decide the node's value."""
        match node:
            case n.Logical() if node.is_and is holds:
                inner = guards | {
                    name for term in node.terms for name in self.demanded(term, holds)
                }
                for term in node.terms:
                    yield from self.vacuous(term, holds, inner)
            case n.Logical():
                for term in node.terms:
                    yield from self.vacuous(term, holds, guards)
            case n.Unary(operator=n.UnaryOperator.NOT):
                yield from self.vacuous(node.operand, not holds, guards)
            case n.Conditional():
                chosen = guards | set(self.demanded(node.condition, True))
                yield from self.vacuous(node.then, holds, chosen)
                other = guards | set(self.demanded(node.condition, False))
                yield from self.vacuous(node.otherwise, holds, other)
            case n.Comprehension():
                yield from self._loop(node, holds, guards)
            case _:
                return

    def _loop(
        self, loop: n.Comprehension, holds: bool, guards: frozenset[str]
    ) -> Iterator[_Vacuous]:
        is_for_all = loop.macro is n.Macro.ALL if holds else loop.macro in _EXISTS
        literal = loop.source if isinstance(loop.source, n.ListLiteral) else None
        if literal is not None and literal.items and loop.condition is not None:
            # `[value].exists(name, ...)` only gives a name to a value: look inside.
            if loop.macro is n.Macro.ALL or loop.macro in _EXISTS:
                yield from self.vacuous(loop.condition, holds, guards)
        elif is_for_all:
            yield _Vacuous(term=loop, source=loop.source, guards=guards)

    def demanded(self, term: n.Node, holds: bool) -> Iterator[str]:
        """Yield the lists that are not empty wherever the term has the value `holds`."""
        match term:
            case n.Logical() if term.is_and is holds:
                for part in term.terms:
                    yield from self.demanded(part, holds)
            case n.Unary(operator=n.UnaryOperator.NOT):
                yield from self.demanded(term.operand, not holds)
            case n.Comprehension():
                demands_one = term.macro in _EXISTS if holds else term.macro is n.Macro.ALL
                if demands_one:
                    yield from self.lists.names(term.source)
            case n.Binary(operator="in") if holds:
                yield self.lists.shape(term.right)
            case n.Binary():
                yield from self.lists.demanded_by_relation(term, holds)
            case _:
                return
