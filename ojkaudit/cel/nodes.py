"""The syntax tree: frozen nodes, each with its place in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a node stands in the source."""

    line: int
    """1-based line of the character that names the node (the operator of an operation)."""
    column: int
    """1-based column, in code points."""
    start: int
    """Offset of the first character of the whole node."""
    end: int
    """Offset behind the last character of the whole node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A constant."""

    place: Place
    value: object
    """bool, int, UInt, float, str, bytes or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ident:
    """A name: a variable, or a type such as `int`."""

    place: Place
    name: str
    is_root: bool = False
    """Written with a leading dot: never a variable of a macro."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """`operand.field`, or `operand.?field` when optional."""

    place: Place
    operand: Node
    field: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """`has(operand.field)`."""

    place: Place
    operand: Node
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`operand[key]`, or `operand[?key]` when optional."""

    place: Place
    operand: Node
    key: Node
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`function(arguments)`, or `target.function(arguments)`."""

    place: Place
    function: str
    target: Node | None
    arguments: tuple[Node, ...]


class UnaryOperator(StrEnum):
    """Operators with one operand."""

    NOT = "!"
    NEGATE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary:
    """`!operand` or `-operand`."""

    place: Place
    operator: UnaryOperator
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """`left operator right`; `operator` is a relation, `in`, or arithmetic."""

    place: Place
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Logical:
    """`term && term && ...` or `term || term || ...`, flat so that long chains do not recurse."""

    place: Place
    is_and: bool
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """`condition ? then : otherwise`."""

    place: Place
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One element of a list literal."""

    value: Node
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLiteral:
    """`[a, ?b]`."""

    place: Place
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry:
    """One entry of a map literal."""

    key: Node
    value: Node
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLiteral:
    """`{k: v, ?k: optional}`."""

    place: Place
    entries: tuple[MapEntry, ...]


class Macro(StrEnum):
    """The loops of the language."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"
    FILTER = "filter"
    MAP = "map"
    TRANSFORM_LIST = "transformList"
    TRANSFORM_MAP = "transformMap"
    TRANSFORM_MAP_ENTRY = "transformMapEntry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comprehension:
    """`source.macro(variables, condition, result)`."""

    place: Place
    macro: Macro
    source: Node
    variables: tuple[str, ...]
    """One name (element, or key of a map), or two (index and element, or key and value)."""
    condition: Node | None
    """The predicate; none when `map` or a transform has no filter."""
    result: Node | None
    """What `map` and the transforms collect; none for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionalMap:
    """`target.optMap(variable, body)` or `target.optFlatMap(variable, body)`."""

    place: Place
    target: Node
    variable: str
    body: Node
    is_flat: bool


Node = (
    Literal
    | Ident
    | Select
    | Has
    | Index
    | Call
    | Unary
    | Binary
    | Logical
    | Conditional
    | ListLiteral
    | MapLiteral
    | Comprehension
    | OptionalMap
)


def children(node: Node) -> tuple[Node, ...]:  # noqa: C901 - one arm a kind of node, nothing else
    """Return the nodes directly below a node, in source order."""
    match node:
        case Literal() | Ident():
            return ()
        case Select() | Has() | Unary():
            return (node.operand,)
        case Index():
            return (node.operand, node.key)
        case Call():
            return node.arguments if node.target is None else (node.target, *node.arguments)
        case Binary():
            return (node.left, node.right)
        case Logical():
            return node.terms
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case ListLiteral():
            return tuple(item.value for item in node.items)
        case MapLiteral():
            return tuple(part for entry in node.entries for part in (entry.key, entry.value))
        case Comprehension():
            inner = (node.condition, node.result)
            return (node.source, *(part for part in inner if part is not None))
        case OptionalMap():
            return (node.target, node.body)


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth (the root's is 1), without recursion."""
    pending: list[tuple[Node, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((child, depth + 1) for child in children(node))


def weight(root: Node | None) -> int:
    """Return the number of nodes in a tree: the steps one evaluation of it takes at most."""
    return 0 if root is None else sum(1 for _ in walk(root))
