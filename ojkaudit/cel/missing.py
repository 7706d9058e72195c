"""Naming the field that is missing: from a node to a path such as `object.spec.containers[2]`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ojkaudit.cel.errors import CelEvaluationError
from ojkaudit.cel.nodes import Call, Comprehension, Ident, Index, Literal, Macro, Node, Select

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def marker(slot: int) -> str:
    """Return what stands for a macro's variable until the loop around it names the element."""
    return f"\0{slot}\0"


def step(key: object) -> str:
    """Return one step of a path: `.field`, `['odd/key']` or `[3]`."""
    if isinstance(key, str):
        return f".{key}" if _IDENTIFIER.match(key) else f"[{key!r}]"
    if isinstance(key, bool):
        return "[true]" if key else "[false]"
    return f"[{key}]" if isinstance(key, int) else "[*]"


def path_of(node: Node, slots: Mapping[str, int]) -> str:
    """Return the path a node reads, as far as the text tells; empty when it reads none."""
    match node:
        case Ident():
            is_bound = node.name in slots and not node.is_root
            return marker(slots[node.name]) if is_bound else node.name
        case Select():
            base = path_of(node.operand, slots)
            return base + step(node.field) if base else ""
        case Index():
            base = path_of(node.operand, slots)
            key = node.key.value if isinstance(node.key, Literal) else None
            return base + step(key) if base else ""
        case Call(function="orValue", target=target) if target is not None:
            return path_of(target, slots)
        case _:
            return ""


def element_path(source: Node, slots: Mapping[str, int], index: object) -> str:
    """Return the path of one element of a loop's source; `[]` when a filter hides which one."""
    if isinstance(source, Comprehension) and source.macro is Macro.FILTER:
        while isinstance(source, Comprehension) and source.macro is Macro.FILTER:
            source = source.source
        base = path_of(source, slots)
        return f"{base}[]" if base else ""
    base = path_of(source, slots)
    return base + step(index) if base else ""


def name_element(
    error: CelEvaluationError,
    slot: int,
    name: str,
    source: Node,
    slots: Mapping[str, int],
    index: object,
) -> None:
    """Replace a loop's marker in the path of an error by the element that failed."""
    mark = marker(slot)
    if error.path.startswith(mark):
        element = element_path(source, slots, index) or name
        error.path = element + error.path[len(mark) :]
