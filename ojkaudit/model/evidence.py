"""What was seen, and what could not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ojkaudit import canonical
from ojkaudit.model.outcome import CoverageStatus

Payload = Mapping[str, object]
"""A resource as plain JSON data: str, int, float, bool, None, list, dict with str keys."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ResourceRef:
    """Which resource of which target."""

    target: str
    """Id of the target in the configuration; `register` for the register."""
    kind: str
    """`<family>/...`, for example `kubernetes/apps/v1/Deployment`, `postgresql/Instance`."""
    namespace: str = ""
    name: str = ""
    uid: str = ""

    def label(self) -> str:
        """Return a short name for people: `target kind namespace/name`."""
        short = self.kind.rsplit("/", 1)[-1]
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.target}: {short} {name}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing read from a target."""

    ref: ResourceRef
    payload: Payload
    digest: str
    """SHA-256 of the canonical JSON of `payload`."""


def make_resource(ref: ResourceRef, payload: Payload) -> Resource:
    """Return the resource with its digest."""
    return Resource(ref=ref, payload=payload, digest=canonical.digest(payload))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Was one kind of one target read completely?"""

    target: str
    kind: str
    status: CoverageStatus
    verb: str
    """What was done: `LIST`, `GET`, `SELECT`, `READ`."""
    count: int
    """Resources kept."""
    read_at: datetime
    """When reading ended, UTC."""
    http_status: int = 0
    """Last status of the server; 0 where the protocol has none."""
    missing_right: str = ""
    """The right to grant, in the platform's own words; set when `denied`."""
    detail: str = ""
    """One line for people; never a secret, never an object's content."""
    requests: int = 0
    retries: int = 0
    redactions: tuple[str, ...] = ()
    """Paths whose values were replaced before they were stored, as `namespace/name: path`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInfo:
    """What is audited."""

    id: str
    family: str
    """First segment of its kinds: `kubernetes`, `postgresql`, `register`."""
    address: str
    """Where it was read, without credentials."""
    site: str = ""
    """Site the configuration ties it to; empty when none."""
    version: str = ""
    """What the target said of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """Head of a snapshot."""

    schema_version: str
    collected_at: datetime
    """When collection ended, UTC."""
    collector_version: str
    families: tuple[str, ...]
    """Families this release can collect; a rule over another one has no collector."""
    targets: tuple[TargetInfo, ...]


class Snapshot(Protocol):
    """All evidence and coverage of one collection run."""

    @property
    def info(self) -> SnapshotInfo:
        """Head of the snapshot."""

    @property
    def digest(self) -> str:
        """SHA-256 over everything in it."""

    def coverage(self) -> tuple[Coverage, ...]:
        """Return every coverage entry, sorted by target and kind."""

    def resources(self, target: str, kind: str) -> Iterable[Resource]:
        """Return the resources of one kind, sorted by namespace and name."""


class EvidenceSink(Protocol):
    """Where collectors put what they read."""

    def resource(self, resource: Resource) -> None:
        """Keep one resource."""

    def coverage(self, coverage: Coverage) -> None:
        """Record how completely one kind was read; exactly once per target and kind."""

    def target(self, info: TargetInfo) -> None:
        """Record what a target said of itself; at most once per target."""
