"""Lists as expressions write them: which are the same, and which may be empty unnoticed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ojkaudit.cel import nodes as n

_NARROWING = frozenset({n.Macro.FILTER, n.Macro.MAP})
_NEGATED = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", ">": "<", ">=": "<=", "<": ">", "<=": ">="}


class Lists:
    """The lists of one expression, told apart by their text.

    Args:
        text: The expression.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def shape(self, node: n.Node) -> str:
        """Return the node's text without spaces and optional marks."""
        bare = re.sub(r"\s+", "", self._text[node.place.start : node.place.end])
        return bare.replace(".?", ".").replace("[?", "[")

    def names(self, source: n.Node) -> Iterator[str]:
        """Yield the list itself, the list it is as long as, and the list it is made from.

        A filtered list that is not empty comes from a list that is not. The reverse does not hold:
        a guard on the whole list says nothing of what a filter leaves of it.
        """
        yield self.shape(source)
        yield self.same_size(source)
        yield self.shape(_base(source))

    def same_size(self, source: n.Node) -> str:
        """Return the list of which the node is as long: below `map` and `orValue`."""
        while True:
            match source:
                case n.Comprehension(macro=n.Macro.MAP, condition=None):
                    source = source.source
                case n.Call(function="orValue") if source.target is not None:
                    source = source.target
                case _:
                    return self.shape(source)

    def is_derived(self, source: n.Node) -> bool:
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

    def demanded_by_relation(self, term: n.Binary, holds: bool) -> Iterator[str]:
        """Yield the lists that are not empty wherever the relation has the value `holds`."""
        if term.operator not in _NEGATED:
            return
        operator = term.operator if holds else _NEGATED[term.operator]
        for one, other, relation in (
            (term.left, term.right, operator),
            (term.right, term.left, _MIRRORED[operator]),
        ):
            measured = _measured(one)
            if measured is not None and _excludes_zero(relation, other):
                yield from self.names(measured)
            is_empty_list = isinstance(other, n.ListLiteral) and not other.items
            if relation == "!=" and is_empty_list:
                yield from self.names(one)

    def mentioned(self, root: n.Node) -> frozenset[str]:
        """Return every list whose size, presence or elements an expression looks at."""
        found: set[str] = set()
        for node, _ in n.walk(root):
            measured = _measured(node)
            if measured is not None:
                found.update(self.names(measured))
            elif isinstance(node, n.Comprehension):
                found.update(self.names(node.source))
            elif isinstance(node, n.Has):
                found.add(f"{self.shape(node.operand)}.{node.field}")
            elif isinstance(node, n.Binary) and node.operator in {"==", "!=", "in"}:
                found.update((self.shape(node.left), self.shape(node.right)))
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


def _measured(node: n.Node) -> n.Node | None:
    """Return the list whose size the node is; None when it is no size."""
    if not isinstance(node, n.Call) or node.function != "size":
        return None
    if node.target is not None:
        return node.target
    return node.arguments[0] if len(node.arguments) == 1 else None


def _excludes_zero(operator: str, other: n.Node) -> bool:
    """Return whether `size(x) operator other` rules out an empty list."""
    value = other.value if isinstance(other, n.Literal) else None
    if not isinstance(value, int) or isinstance(value, bool):
        # Neither parameters nor sizes are negative: more than either is at least one. At least a
        # parameter is taken for a guard too, but at least another size is none: both may be zero.
        if operator == ">":
            return not isinstance(other, n.Literal | n.Unary)
        is_parameter = isinstance(other, n.Select) and isinstance(other.operand, n.Ident)
        return operator == ">=" and is_parameter
    match operator:
        case ">":
            return value >= 0
        case ">=" | "==":
            return value >= 1
        case "!=":
            return value == 0
        case _:
            return False
