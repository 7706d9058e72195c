"""What of an object is kept."""

from __future__ import annotations

from typing import Any

from ojkaudit.collectors.kubernetes.projection import Projection

ITEM: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {
        "name": "master-1",
        "uid": "u-1",
        "labels": {"a": "b"},
        "managedFields": [{"manager": "kubelet"}],
    },
    "spec": {"taints": []},
    "status": {"conditions": [{"type": "Ready"}], "images": [{"names": ["x"]}]},
}


def test_everything_but_managed_fields_is_kept_by_default() -> None:
    expected = {**ITEM, "metadata": {k: ITEM["metadata"][k] for k in ("name", "uid", "labels")}}
    assert Projection().apply(ITEM) == expected


def test_managed_fields_are_kept_when_asked_for() -> None:
    assert Projection(managed_fields=True).apply(ITEM) == ITEM


def test_only_the_named_paths_and_the_identity_are_kept() -> None:
    projection = Projection(paths=frozenset({"spec", "status.conditions", "status.nothing.here"}))
    assert projection.apply(ITEM) == {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "master-1", "uid": "u-1"},
        "spec": {"taints": []},
        "status": {"conditions": [{"type": "Ready"}]},
    }


def test_the_object_itself_is_left_as_it_is() -> None:
    before = repr(ITEM)
    Projection(paths=frozenset({"metadata.labels", "status.images"})).apply(ITEM)
    assert repr(ITEM) == before
