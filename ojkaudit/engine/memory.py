"""A snapshot held in memory: for rule cases, demonstrations and tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ojkaudit import canonical
from ojkaudit.model.codec import encode
from ojkaudit.model.evidence import Coverage, Resource, SnapshotInfo


class MemorySnapshot:
    """Implements `Snapshot` over plain lists, in whatever order they come."""

    def __init__(
        self, info: SnapshotInfo, resources: Iterable[Resource], coverage: Iterable[Coverage]
    ) -> None:
        """Keep evidence and coverage; nothing is checked, that is the engine's work."""
        targets = tuple(sorted(info.targets, key=lambda target: (target.id, target.family)))
        self._info = replace(info, targets=targets, families=tuple(sorted(info.families)))
        self._coverage = tuple(sorted(coverage, key=lambda c: (c.target, c.kind, repr(c))))
        self._resources: dict[tuple[str, str], list[Resource]] = {}
        for resource in sorted(resources, key=lambda r: (r.ref, r.digest)):
            key = (resource.ref.target, resource.ref.kind)
            self._resources.setdefault(key, []).append(resource)

    @property
    def info(self) -> SnapshotInfo:
        """Head of the snapshot."""
        return self._info

    @property
    def digest(self) -> str:
        """SHA-256 over head, coverage, and reference and digest of every resource."""
        return canonical.digest(
            {
                "info": encode(self._info),
                "coverage": encode(self._coverage),
                "resources": [
                    [encode(resource.ref), resource.digest]
                    for key in sorted(self._resources)
                    for resource in self._resources[key]
                ],
            }
        )

    def coverage(self) -> tuple[Coverage, ...]:
        """Return every coverage entry, sorted by target and kind."""
        return self._coverage

    def resources(self, target: str, kind: str) -> tuple[Resource, ...]:
        """Return the resources of one kind, sorted by namespace and name."""
        return tuple(self._resources.get((target, kind), ()))
