"""Runs the Kubernetes collector against a test server, without waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ojkaudit.collectors.interface import Check, CollectionContext
from ojkaudit.collectors.kubernetes import KubernetesCollector
from ojkaudit.collectors.kubernetes.projection import Projection
from ojkaudit.model.config import KubernetesTarget, SecretRef
from ojkaudit.model.evidence import Coverage, Resource
from ojkaudit.model.outcome import CoverageStatus
from tests.support.kube_server import KubeServer
from tests.support.sinks import ListSink

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TOKEN = SecretRef(env="AUDIT_TOKEN")


@dataclass(slots=True)
class Collected:
    """What one run gave."""

    sink: ListSink
    pauses: list[float] = field(default_factory=list)
    progress: list[tuple[str, str, int]] = field(default_factory=list)

    def coverage(self, kind: str) -> Coverage:
        """Return the one entry of `kind`."""
        (found,) = [entry for entry in self.sink.coverages if entry.kind == kind]
        return found

    def statuses(self) -> dict[str, CoverageStatus]:
        """Return the status of each kind."""
        return {entry.kind: entry.status for entry in self.sink.coverages}

    def resources(self, kind: str) -> list[Resource]:
        """Return what was kept of `kind`."""
        return [item for item in self.sink.resources if item.ref.kind == kind]


def target(running: KubeServer, /, **changes: Any) -> KubernetesTarget:
    """Return a target for `server` with token and CA, changed as told."""
    settings: dict[str, Any] = {
        "id": "okd-utama",
        "server": running.url,
        "token": TOKEN,
        "ca_file": running.ca_file,
        "timeout_seconds": 5.0,
        "page_size": 100,
    }
    return KubernetesTarget(**(settings | changes))


def context(kinds: Sequence[str], token: str, result: Collected) -> CollectionContext:
    """Return a context whose one secret is `token`."""

    def progress(target_id: str, kind: str, count: int) -> None:
        result.progress.append((target_id, kind, count))

    return CollectionContext(
        kinds=tuple(sorted(kinds)),
        clock=lambda: NOW,
        read_secret=lambda reference: token,
        progress=progress,
        user_agent="ojkaudit/test",
    )


def collect(
    running: KubeServer,
    /,
    *kinds: str,
    token: str | None = None,
    projections: dict[str, Projection] | None = None,
    sink: ListSink | None = None,
    **changes: Any,
) -> Collected:
    """Read `kinds` as user `auditor`; `changes` are settings of the target."""
    result = Collected(sink or ListSink())
    collector = KubernetesCollector(
        target(running, **changes),
        projections=projections,
        sleep=result.pauses.append,
        jitter=lambda: 0.0,
    )
    given = running.token("auditor") if token is None else token
    collector.collect(context(kinds, given, result), result.sink)
    return result


def check(
    running: KubeServer, /, *kinds: str, token: str | None = None, **changes: Any
) -> tuple[Check, ...]:
    """Return the checks of `kinds`."""
    result = Collected(ListSink())
    collector = KubernetesCollector(
        target(running, **changes), sleep=result.pauses.append, jitter=lambda: 0.0
    )
    given = running.token("auditor") if token is None else token
    return collector.check(context(kinds, given, result))


def objects(count: int, kind: str = "Node", **metadata: Any) -> list[dict[str, Any]]:
    """Return `count` core objects named `<kind>-0000` and so on."""
    return [
        {
            "apiVersion": "v1",
            "kind": kind,
            "metadata": {"name": f"{kind.lower()}-{number:04}"} | metadata,
        }
        for number in range(count)
    ]


def kubeconfig(folder: Path, server: KubeServer, **options: str) -> Path:
    """Write a kubeconfig of `auditor` into `folder`."""
    return server.kubeconfig(folder / "kubeconfig", "auditor", **options)
