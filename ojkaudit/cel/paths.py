"""Which fields an expression reads, found in its text: an upper bound, never too few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ojkaudit.cel.access import qualified_name
from ojkaudit.cel.calls import callee
from ojkaudit.cel.frame import TYPE_VALUES, Scope
from ojkaudit.cel.nodes import (
    Call,
    Comprehension,
    Conditional,
    Has,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Macro,
    MapLiteral,
    Node,
    OptionalMap,
    Select,
    children,
    walk,
)

AccessPath = tuple[str, ...]
"""A root variable and the steps below it: a field name, `[]` for the elements of a list (or the
keys of a map), `[*]` for an index known only at run time. All below the last step is read too."""

ELEMENT = "[]"
ANY_KEY = "[*]"
_TRANSPARENT = frozenset({"optional.of", "optional.ofNonZeroValue", "dyn", "value"})
_BRANCHING = frozenset({"or", "orValue"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Where a value may come from."""

    paths: frozenset[AccessPath] = frozenset()
    """The value lies at one of these."""
    elements: _Reach | None = None
    """Where the elements of a value made by the expression come from."""

    def join(self, other: _Reach) -> _Reach:
        elements = self.elements
        if other.elements is not None:
            elements = other.elements if elements is None else elements.join(other.elements)
        return _Reach(paths=self.paths | other.paths, elements=elements)

    def step(self, name: str) -> _Reach:
        below = _Reach(paths=frozenset((*path, name) for path in self.paths))
        return below if self.elements is None else below.join(self.elements)

    def everything(self) -> frozenset[AccessPath]:
        if self.elements is None:
            return self.paths
        return self.paths | self.elements.everything()


_NOTHING = _Reach()


def access_paths(root: Node, scope: Scope) -> tuple[AccessPath, ...]:
    """Return the sorted paths that a tree reads."""
    reader = _Reader(scope=scope)
    reader.consume(reader.visit(root, {}))
    return tuple(sorted(reader.read))


@dataclass(slots=True, kw_only=True)
class _Reader:
    scope: Scope
    read: set[AccessPath] = field(default_factory=set)

    def consume(self, reach: _Reach) -> None:
        """Note that the whole value is looked at."""
        self.read |= reach.everything()

    def consume_all(self, nodes: Iterable[Node], bound: Mapping[str, _Reach]) -> _Reach:
        for node in nodes:
            self.consume(self.visit(node, bound))
        return _NOTHING

    def visit(self, node: Node, bound: Mapping[str, _Reach]) -> _Reach:
        """Return where the value of a node comes from, noting what is read on the way."""
        match node:
            case Ident():
                return self.ident(node, bound)
            case Select() | Has() | Index():
                return self.access(node, bound)
            case Call():
                return self.call(node, bound)
            case Conditional():
                self.consume(self.visit(node.condition, bound))
                return self.join_all((node.then, node.otherwise), bound)
            case ListLiteral() | MapLiteral():
                return self.container(node, bound)
            case Comprehension():
                return self.comprehension(node, bound)
            case OptionalMap():
                return self.optional_map(node, bound)
            case _:
                return self.consume_all(children(node), bound)

    def join_all(self, nodes: Iterable[Node], bound: Mapping[str, _Reach]) -> _Reach:
        joined = _NOTHING
        for node in nodes:
            joined = joined.join(self.visit(node, bound))
        return joined

    def ident(self, node: Ident, bound: Mapping[str, _Reach]) -> _Reach:
        if node.name in bound and not node.is_root:
            return bound[node.name]
        if node.name in self.scope.variables:
            return _Reach(paths=frozenset({(node.name,)}))
        return _NOTHING

    def access(self, node: Select | Has | Index, bound: Mapping[str, _Reach]) -> _Reach:
        if isinstance(node, Select) and qualified_name(node) in TYPE_VALUES:
            return _NOTHING
        operand = self.visit(node.operand, bound)
        if isinstance(node, Has):
            self.consume(operand.step(node.field))
            return _NOTHING
        if isinstance(node, Select):
            return operand.step(node.field)
        if isinstance(node.key, Literal):
            return operand.step(node.key.value if isinstance(node.key.value, str) else ELEMENT)
        self.consume(self.visit(node.key, bound))
        return operand.step(ANY_KEY)

    def call(self, node: Call, bound: Mapping[str, _Reach]) -> _Reach:
        name, arguments, is_member = callee(
            node, lambda known: known in bound or known in self.scope.variables
        )
        if name in _TRANSPARENT or (is_member and name in _BRANCHING):
            return self.join_all(arguments, bound)
        return self.consume_all(arguments, bound)

    def container(self, node: ListLiteral | MapLiteral, bound: Mapping[str, _Reach]) -> _Reach:
        if isinstance(node, ListLiteral):
            return _Reach(elements=self.join_all((item.value for item in node.items), bound))
        self.consume_all((entry.key for entry in node.entries), bound)
        return _Reach(elements=self.join_all((entry.value for entry in node.entries), bound))

    def comprehension(self, node: Comprehension, bound: Mapping[str, _Reach]) -> _Reach:
        source = self.visit(node.source, bound)
        element = source.step(ELEMENT)
        inner = {**bound, node.variables[-1]: element}
        if len(node.variables) == 2:
            # The first variable may be a key of the map: then the map as a whole is looked at.
            inner[node.variables[0]] = _NOTHING
            self.consume(source)
        if node.condition is not None:
            self.consume(self.visit(node.condition, inner))
        result = _NOTHING if node.result is None else self.visit(node.result, inner)
        self.touch(source, element, result)
        if node.macro is Macro.FILTER:
            return source
        return _NOTHING if node.result is None else _Reach(elements=result)

    def optional_map(self, node: OptionalMap, bound: Mapping[str, _Reach]) -> _Reach:
        target = self.visit(node.target, bound)
        result = self.visit(node.body, {**bound, node.variable: target})
        self.touch(target, target, result)
        return result

    def touch(self, source: _Reach, used: _Reach, result: _Reach) -> None:
        """Note the source itself when nothing below it is read: its size still matters."""
        known = self.read | result.everything()
        for path in used.paths:
            if not any(read[: len(path)] == path for read in known):
                self.consume(source)
                return


def free_variables(root: Node, scope: Scope) -> frozenset[str]:
    """Return the declared variables that a tree names, macros' own variables left out."""
    found: set[str] = set()
    pending: list[tuple[Node, frozenset[str]]] = [(root, frozenset())]
    while pending:
        node, bound = pending.pop()
        if isinstance(node, Ident) and (node.is_root or node.name not in bound):
            found |= {node.name} & scope.variables.keys()
        below = bound
        source: Node | None = None
        if isinstance(node, Comprehension):
            source, below = node.source, bound | set(node.variables)
        elif isinstance(node, OptionalMap):
            source, below = node.target, bound | {node.variable}
        pending.extend((child, bound if child is source else below) for child in children(node))
    return frozenset(found)


def called_functions(root: Node) -> frozenset[str]:
    """Return the names of all functions that a tree calls, macros and operators left out."""
    return frozenset(
        callee(node, lambda _name: False)[0] for node, _ in walk(root) if isinstance(node, Call)
    )
