"""The recorded cluster beside some checkouts, as objects and kinds for a KubeServer."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.kube_server.api_types import ApiType


@dataclass(frozen=True, slots=True)
class RecordedCluster:
    """Everything one LIST per kind gave."""

    objects: tuple[Mapping[str, object], ...]
    types: tuple[ApiType, ...]
    counts: Mapping[str, int]
    """Objects by `kubernetes/<group>/<version>/<Kind>`, core without a group, as index.json says."""


@functools.cache
def load(folder: Path) -> RecordedCluster:
    """Read `folder` (the `cluster` folder of the recordings)."""
    index = json.loads((folder / "index.json").read_text())["kinds"]
    custom = {
        (crd["spec"]["group"], crd["spec"]["names"]["plural"])
        for crd in _items(
            folder, index["apiextensions.k8s.io/v1/customresourcedefinitions"]["file"]
        )
    }
    objects: list[Mapping[str, object]] = []
    types: list[ApiType] = []
    counts: dict[str, int] = {}
    for name, entry in index.items():
        group, version, plural = name.split("/")
        group = "" if group == "core" else group
        kind = ApiType(
            group=group,
            version=version,
            kind=entry["kind"],
            plural=plural,
            namespaced=entry["namespaced"],
            custom=(group, plural) in custom,
        )
        if kind.custom or kind.kind != "Namespace":
            types.append(kind)
        head = {"apiVersion": kind.api_version, "kind": kind.kind}
        objects += [item | head for item in _items(folder, entry["file"])]
        counts[f"kubernetes/{kind.api_version}/{kind.kind}"] = entry["count"]
    return RecordedCluster(tuple(objects), tuple(types), counts)


def _items(folder: Path, name: str) -> list[dict[str, object]]:
    return json.loads(gzip.decompress((folder / name).read_bytes()))["items"] or []
