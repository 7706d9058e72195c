"""Small rules, snapshots and inputs for tests of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ojkaudit import engine
from ojkaudit.model.catalog import Catalog, Parameter, Profile, Rule
from ojkaudit.model.config import Waiver
from ojkaudit.model.evidence import (
    Coverage,
    Payload,
    Resource,
    ResourceRef,
    SnapshotInfo,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.outcome import (
    CoverageStatus,
    Evaluate,
    EvidenceGrade,
    OnEmpty,
    ParameterOrigin,
    Severity,
)
from ojkaudit.model.result import Finding, InstitutionInfo
from ojkaudit.model.text import Text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NODE = "kubernetes/v1/Node"
POD = "kubernetes/v1/Pod"
NAMESPACE = "kubernetes/v1/Namespace"
SITE = "register/Site"
INSTANCE = "postgresql/Instance"
FAMILIES = ("kubernetes", "postgresql", "register")

CIKASO = {"id": "cikaso", "country": "ID", "cidrs": ["10.1.0.0/16"], "role": "primary"}
BUKIT_TENANG = {"id": "bukit-tenang", "country": "ID", "cidrs": ["10.2.0.0/16"], "role": "recovery"}


def text(words: str = "words") -> Text:
    return Text(id=f"{words} (id)", en=f"{words} (en)")


def rule(**given: Any) -> Rule:
    """A rule on nodes that passes where `ok` is true, but for what is given."""
    fields: dict[str, Any] = {
        "id": "T-001",
        "title": text("title"),
        "theme": "test",
        "severity": Severity.HIGH,
        "severity_reason": text("reason"),
        "evidence_grade": EvidenceGrade.OBSERVED,
        "controls": ("DOC/1",),
        "subjects": (NODE,),
        "evaluate": Evaluate.EACH,
        "on_empty": OnEmpty.FAIL,
        "expected": text("expected"),
        "remediation": text("fix"),
        "pass_expression": "object.ok",
    }
    return Rule(**{**fields, **given})


def parameter(name: str, value: Any, kind: str = "int") -> Parameter:
    return Parameter(
        name=name, type=kind, value=value, origin=ParameterOrigin.POLICY, description=text(name)
    )


def catalog(*rules: Rule, **given: Any) -> Catalog:
    fields: dict[str, Any] = {"version": "0", "documents": (), "rules": rules, "parameters": ()}
    return Catalog(**{**fields, **given})


def inputs(*rules: Rule, **given: Any) -> engine.AssessmentInputs:
    """Inputs that select the given rules; `catalog` may be given by its parts."""
    parts = {
        name: given.pop(name)
        for name in ("documents", "parameters", "regions", "host_patterns")
        if name in given
    }
    fields: dict[str, Any] = {
        "catalog": catalog(*rules, **parts),
        "profile": Profile(id="test", title=text("profile")),
        "rules": rules,
        "waivers": (),
        "institution": InstitutionInfo(
            name="PT Dana Contoh Nusantara",
            licence_number="KEP-1/D.05/2020",
            licence_date=date(2020, 1, 2),
            afpi_member="",
            pse_registration="",
            total_assets_idr=1,
            business_mostly_by_it=True,
        ),
        "period_from": date(2026, 10, 1),
        "period_to": date(2026, 10, 31),
        "now": NOW,
        "fail_on": Severity.HIGH,
        "allow_incomplete": False,
        "demonstration": False,
        "tool_version": "0",
        "required_signatures": ("seal",),
    }
    return engine.AssessmentInputs(**{**fields, **given})


def named(name: str, namespace: str = "", **fields: object) -> dict[str, object]:
    """A Kubernetes object."""
    metadata = {"name": name, "uid": f"uid-{namespace}-{name}"}
    return {"metadata": {**metadata, **({"namespace": namespace} if namespace else {})}, **fields}


def resource(kind: str, payload: Payload, target: str) -> Resource:
    metadata = payload.get("metadata")
    names = metadata if isinstance(metadata, Mapping) else {}
    ref = ResourceRef(
        target=target,
        kind=kind,
        namespace=str(names.get("namespace", "")),
        name=str(names.get("name", payload.get("id", ""))),
        uid=str(names.get("uid", "")),
    )
    return make_resource(ref, payload)


def covered(target: str, kind: str, count: int, **given: Any) -> Coverage:
    fields: dict[str, Any] = {
        "target": target,
        "kind": kind,
        "status": CoverageStatus.COMPLETE,
        "verb": "LIST",
        "count": count,
        "read_at": NOW - timedelta(minutes=10),
    }
    return Coverage(**{**fields, **given})


def target(name: str, family: str = "", **given: Any) -> TargetInfo:
    return TargetInfo(id=name, family=family or name, address="test", **given)


class World:
    """Collects evidence as collectors would, and makes a snapshot of it."""

    def __init__(self, *targets: TargetInfo, families: Sequence[str] = FAMILIES) -> None:
        self.targets = list(targets or (target("okd", "kubernetes"), target("register")))
        self.families = tuple(families)
        self.resources: list[Resource] = []
        self.coverage: dict[tuple[str, str], Coverage] = {}
        self.extra_coverage: list[Coverage] = []

    def read(self, where: str, kind: str, *payloads: Payload, **given: Any) -> World:
        """Keep payloads with a coverage entry, complete unless said otherwise."""
        self.resources.extend(resource(kind, payload, where) for payload in payloads)
        self.coverage[where, kind] = covered(
            where, kind, given.pop("count", len(payloads)), **given
        )
        return self

    def nodes(self, *payloads: Payload, **given: Any) -> World:
        return self.read("okd", NODE, *payloads, **given)

    def sites(self, *payloads: Payload, **given: Any) -> World:
        return self.read("register", SITE, *(payloads or (CIKASO, BUKIT_TENANG)), **given)

    def snapshot(self) -> engine.MemorySnapshot:
        info = SnapshotInfo(
            schema_version="1.0",
            collected_at=NOW,
            collector_version="0",
            families=self.families,
            targets=tuple(self.targets),
        )
        coverage = [*self.coverage.values(), *self.extra_coverage]
        return engine.MemorySnapshot(info, self.resources, coverage)


def judged(world: World, *rules: Rule, **given: Any) -> tuple[Finding, ...]:
    return tuple(engine.evaluate(inputs(*rules, **given), world.snapshot()))


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


def assessed(world: World, *rules: Rule, **given: Any) -> engine.Judgement:
    chosen = inputs(*rules, **given)
    snapshot = world.snapshot()
    return engine.assess(chosen, engine.evaluate(chosen, snapshot), snapshot)


def waiver(**given: Any) -> Waiver:
    fields: dict[str, Any] = {
        "id": "W-1",
        "rule": "T-001",
        "subject": "*",
        "reason": "planned replacement",
        "owner": "owner",
        "approver": "approver",
        "ticket": "CHG-1",
        "issued": date(2026, 9, 1),
        "until": date(2027, 3, 1),
    }
    return Waiver(**{**fields, **given})
