"""A platform written down → the archive that a collection of it would have written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ojkaudit import __version__
from ojkaudit.collectors.archive import SCHEMA_VERSION, ArchiveBuilder
from ojkaudit.collectors.registry import families
from ojkaudit.model.evidence import (
    Coverage,
    Resource,
    SnapshotInfo,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.outcome import CoverageStatus
from ojkaudit.pipeline.bundled import Denial, Platform

_VERBS = {"kubernetes": "LIST", "postgresql": "SELECT", "register": "READ"}


def build_archive(platform: Platform, kinds: Iterable[str], out: Path) -> None:
    """Write the platform as the archive a collection of `kinds` would have written."""
    builder = ArchiveBuilder()
    wanted = sorted(kinds)
    denied = {(d.target, d.kind): d for d in platform.denials}
    for target in platform.targets:
        builder.target(target)
        for kind in wanted:
            if kind.split("/", 1)[0] == target.family:
                _record(builder, platform, target, kind, denied.get((target.id, kind)))
    info = SnapshotInfo(
        schema_version=SCHEMA_VERSION,
        collected_at=platform.collected_at,
        collector_version=__version__,
        families=families(),
        targets=tuple(sorted(platform.targets, key=lambda t: t.id)),
    )
    builder.write(out, info)


def _record(
    builder: ArchiveBuilder,
    platform: Platform,
    target: TargetInfo,
    kind: str,
    denial: Denial | None,
) -> None:
    found = _resources(platform, target.id, kind, denial)
    listed = bool(found) or (target.id, kind) in platform.empty or target.family == "register"
    status = CoverageStatus.COMPLETE if listed else CoverageStatus.ABSENT
    entry = Coverage(
        target=target.id,
        kind=kind,
        status=status,
        verb=_VERBS[target.family],
        count=len(found),
        read_at=platform.collected_at,
        http_status=200 if target.family == "kubernetes" and listed else 0,
        detail="" if listed else "the target does not serve this kind",
        requests=1,
    )
    if denial is not None and not denial.hidden:
        found = []
        entry = replace(
            entry,
            status=denial.status,
            count=0,
            http_status=403 if denial.status is CoverageStatus.DENIED else 0,
            missing_right=denial.missing_right,
            detail=denial.detail,
        )
    for resource in found:
        builder.resource(resource)
    builder.coverage(entry)


def _resources(platform: Platform, target: str, kind: str, denial: Denial | None) -> list[Resource]:
    hidden = denial.hidden if denial else ()
    return [
        make_resource(ref, {k: v for k, v in payload.items() if k not in hidden})
        for ref, payload in platform.objects.items()
        if (ref.target, ref.kind) == (target, kind)
    ]
