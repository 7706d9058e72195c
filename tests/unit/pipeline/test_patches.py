from __future__ import annotations

import pytest

from ojkaudit.errors import ContentError
from ojkaudit.model.evidence import Payload, ResourceRef
from ojkaudit.pipeline.patches import Change, Operation, apply_change

REF = ResourceRef(target="k", kind="kubernetes/v1/Node", name="n1", uid="u")


def objects() -> dict[ResourceRef, Payload]:
    return {REF: {"spec": {"taints": [{"key": "a"}, {"key": "b"}]}, "status": {}}}


def change(
    op: Operation, path: tuple[str, ...] = (), value: object = None, name: str = "n1"
) -> Change:
    return Change(target="k", kind=REF.kind, namespace="", name=name, op=op, path=path, value=value)


def test_set_reaches_into_lists_and_leaves_the_original_alone() -> None:
    before = objects()
    original = before[REF]
    apply_change(before, change(Operation.SET, ("spec", "taints", "1", "key"), "c"), where="t")
    assert before[REF]["spec"] == {"taints": [{"key": "a"}, {"key": "c"}]}
    assert original["spec"] == {"taints": [{"key": "a"}, {"key": "b"}]}


def test_append_delete_and_whole_objects() -> None:
    held = objects()
    apply_change(held, change(Operation.APPEND, ("spec", "taints"), {"key": "c"}), where="t")
    apply_change(held, change(Operation.DELETE, ("spec", "taints", "0")), where="t")
    assert held[REF]["spec"] == {"taints": [{"key": "b"}, {"key": "c"}]}
    apply_change(held, change(Operation.DELETE, ("status",)), where="t")
    assert "status" not in held[REF]
    apply_change(held, change(Operation.ADD_OBJECT, value={"x": 1}, name="n2"), where="t")
    apply_change(held, change(Operation.REMOVE_OBJECT), where="t")
    assert [ref.name for ref in held] == ["n2"]


@pytest.mark.parametrize(
    "wrong",
    [
        change(Operation.SET, ("spec", "absent", "key"), 1),
        change(Operation.SET, ("spec", "taints", "9"), 1),
        change(Operation.SET, ("spec", "taints", "0", "key", "deeper"), 1),
        change(Operation.DELETE, ("spec", "absent")),
        change(Operation.APPEND, ("spec",), 1),
        change(Operation.SET, ("spec",), 1, name="gone"),
        change(Operation.ADD_OBJECT, value="text"),
    ],
    ids=lambda c: f"{c.op.value} {'.'.join(c.path)}",
)
def test_a_fault_that_would_change_nothing_is_an_error(wrong: Change) -> None:
    held = objects()
    with pytest.raises(ContentError, match="fault-1"):
        apply_change(held, wrong, where="fault-1")
    assert held == objects()
