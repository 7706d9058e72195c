"""The compliant platform with the cluster read over the wire, one kind of it again at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ojkaudit import __version__, engine
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.kubernetes import KubernetesCollector
from ojkaudit.collectors.runner import run_collectors
from ojkaudit.model.catalog import Rule
from ojkaudit.model.config import KubernetesTarget, SecretRef
from ojkaudit.model.evidence import Coverage, Resource
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import Evaluate
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.assess import AssessOptions, judging_inputs
from ojkaudit.pipeline.bundled import Platform, read_platform
from ojkaudit.pipeline.bundled_archive import build_archive
from ojkaudit.pipeline.plan import Plan
from tests.support.kube_server import KubeServer
from tests.support.live import AUDITOR, CLUSTER
from tests.support.platforms import judged_at, plan_of, quiet_world
from tests.support.sinks import ListSink


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Evidence of the compliant platform, and how to read parts of it again."""

    server: KubeServer
    platform: Platform
    plan: Plan
    resources: tuple[Resource, ...]
    coverage: tuple[Coverage, ...]

    def kinds(self, family: str = "kubernetes") -> list[str]:
        """Return the kinds the plan needs of one family."""
        return [kind for kind in self.plan.kinds if kind.startswith(f"{family}/")]

    def read(self, *kinds: str, token: str = "", **settings: Any) -> ListSink:
        """Collect `kinds` from the server, as it is now, without waiting between attempts."""
        return read_cluster(self.server, kinds, self.platform, token=token, **settings)

    def judge(
        self,
        instead: ListSink | None = None,
        rules: Iterable[Rule] | None = None,
        resources: Sequence[Resource] | None = None,
        coverage: Sequence[Coverage] | None = None,
    ) -> tuple[Finding, ...]:
        """Judge the platform, with what `instead` read in the place of the same kinds."""
        replaced = {(c.target, c.kind) for c in instead.coverages} if instead else set()
        kept = [
            r for r in (self.resources if resources is None else resources)
            if (r.ref.target, r.ref.kind) not in replaced
        ]  # fmt: skip
        seen = [
            c for c in (self.coverage if coverage is None else coverage)
            if (c.target, c.kind) not in replaced
        ]  # fmt: skip
        if instead:
            kept += instead.resources
            seen += instead.coverages
        snapshot = engine.MemorySnapshot(snapshot_info(self.platform), kept, seen)
        options = AssessOptions(
            language=self.plan.config.language, fail_on=self.plan.config.output.fail_on
        )
        inputs = judging_inputs(self.plan, options, quiet_world(judged_at(self.platform)))
        if rules is not None:
            inputs = replace(inputs, rules=tuple(rules))
        return tuple(engine.evaluate(inputs, snapshot))

    def rules_reading(self, kind: str) -> list[Rule]:
        """Return the rules that read `kind`."""
        return [rule for rule in self.plan.rules if kind in needed_kinds(rule)]


def rests_on(rule: Rule, finding: Finding, kind: str) -> bool:
    """Return whether the finding needs `kind` to have been read."""
    if finding.subject.kind == kind:
        return True
    if kind in rule.subjects:
        return rule.evaluate is Evaluate.SET
    return kind in needed_kinds(rule)


def read_cluster(
    server: KubeServer,
    kinds: Sequence[str],
    platform: Platform,
    *,
    token: str = "",
    **settings: Any,
) -> ListSink:
    """Collect `kinds`, dated as the platform is, so that nothing is stale."""
    sink = ListSink()
    fields: dict[str, Any] = {
        "id": CLUSTER,
        "server": server.url,
        "token": SecretRef(env="UJI_TOKEN"),
        "ca_file": server.ca_file,
        "timeout_seconds": 10.0,
        "page_size": 50,
    }
    collector = KubernetesCollector(
        KubernetesTarget(**(fields | settings)), sleep=lambda _: None, jitter=lambda: 0.0
    )
    context = CollectionContext(
        kinds=tuple(sorted(kinds)),
        clock=lambda: platform.collected_at,
        read_secret=lambda _: token or server.token(AUDITOR),
        progress=lambda *_: None,
        user_agent=f"ojkaudit/{__version__}",
    )
    run_collectors([collector], kinds, context, sink)
    return sink


def snapshot_info(platform: Platform) -> Any:
    """Return the head of a snapshot of the platform."""
    from ojkaudit.collectors.archive import SCHEMA_VERSION
    from ojkaudit.collectors.registry import families
    from ojkaudit.model.evidence import SnapshotInfo

    return SnapshotInfo(
        schema_version=SCHEMA_VERSION,
        collected_at=platform.collected_at,
        collector_version=__version__,
        families=families(),
        targets=platform.targets,
    )


def compliant_sources(server: KubeServer, folder: Path) -> Sources:
    """Read the cluster from `server` and take everything else from the bundled snapshot."""
    platform = read_platform("compliant")
    plan = plan_of(platform)
    path = folder / "compliant.zip"
    build_archive(platform, plan.kinds, path)
    archive = ArchiveSnapshot(path)
    others = [c for c in archive.coverage() if c.target != CLUSTER]
    resources = [r for c in others for r in archive.resources(c.target, c.kind)]
    archive.close()
    kinds = [kind for kind in plan.kinds if kind.startswith("kubernetes/")]
    cluster = read_cluster(server, kinds, platform)
    return Sources(
        server=server,
        platform=platform,
        plan=plan,
        resources=(*resources, *cluster.resources),
        coverage=(*others, *cluster.coverages),
    )
