"""A sink that keeps in memory what collectors yield."""

from __future__ import annotations

from dataclasses import dataclass, field

from ojkaudit.model.evidence import Coverage, Resource, TargetInfo


@dataclass(slots=True)
class ListSink:
    """Keeps everything, in the order it came."""

    resources: list[Resource] = field(default_factory=list)
    coverages: list[Coverage] = field(default_factory=list)
    targets: list[TargetInfo] = field(default_factory=list)

    def resource(self, resource: Resource) -> None:
        """Keep one resource."""
        self.resources.append(resource)

    def coverage(self, coverage: Coverage) -> None:
        """Keep one coverage entry."""
        self.coverages.append(coverage)

    def target(self, info: TargetInfo) -> None:
        """Keep what a target said of itself."""
        self.targets.append(info)
