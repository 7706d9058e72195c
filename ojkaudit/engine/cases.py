"""One case of a rule: a handful of payloads as evidence, one subject, one finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from ojkaudit.engine.evaluate import evaluate
from ojkaudit.engine.inputs import AssessmentInputs
from ojkaudit.engine.memory import MemorySnapshot
from ojkaudit.engine.rollup import WORST_FIRST
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import Catalog, ParameterOverride, ParameterValue, Profile, Rule
from ojkaudit.model.evidence import (
    Coverage,
    Payload,
    Resource,
    ResourceRef,
    SnapshotInfo,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import CoverageStatus, Evaluate, Severity
from ojkaudit.model.result import Finding, InstitutionInfo
from ojkaudit.model.text import Text

_READ_BEFORE = timedelta(minutes=1)


def judge_case(
    rule: Rule,
    catalog: Catalog,
    evidence: Mapping[str, Sequence[Payload]],
    *,
    now: datetime,
    coverage: Mapping[str, CoverageStatus] | None = None,
    params: Mapping[str, ParameterValue] | None = None,
    subject_index: int = 0,
    read_at: datetime | None = None,
) -> Finding:
    """Return the finding on one subject of a case, else the worst finding of its rule.

    Args:
        rule: The rule; need not be in the catalog.
        catalog: Parameters and tables.
        evidence: Payloads by kind.
        now: Time of judging.
        coverage: Status of kinds that are not read completely.
        params: Values in place of the catalog's.
        subject_index: Which resource of the subject's kind is judged, where each one is.
        read_at: When everything was read; None: a minute before `now`.

    Raises:
        ContentError: The case names a parameter that does not exist, or a subject it does not hold.
    """
    findings = judge_all(
        rule, catalog, evidence, now=now, coverage=coverage, params=params, read_at=read_at
    )
    wanted = _subject(rule, _held(_statuses(rule, evidence, coverage), evidence), subject_index)
    for finding in findings:
        if wanted is not None and rule.evaluate is Evaluate.EACH and finding.subject == wanted:
            return finding
    # No subject, one that the rule does not select, or a rule over the whole list.
    return min(findings, key=lambda finding: WORST_FIRST.index(finding.outcome))


def judge_all(
    rule: Rule,
    catalog: Catalog,
    evidence: Mapping[str, Sequence[Payload]],
    *,
    now: datetime,
    coverage: Mapping[str, CoverageStatus] | None = None,
    params: Mapping[str, ParameterValue] | None = None,
    read_at: datetime | None = None,
) -> tuple[Finding, ...]:
    """Return every finding of a case; arguments and errors as for `judge_case`.

    Every family of the rule has one target, named like the family. Every kind the rule needs, and
    every kind of the evidence, is read completely unless `coverage` says otherwise; what is not
    read completely holds no resource.
    """
    statuses = _statuses(rule, evidence, coverage)
    resources = _held(statuses, evidence)
    snapshot = MemorySnapshot(
        _info(statuses, evidence, now),
        resources,
        _coverage(statuses, resources, read_at or now - _READ_BEFORE),
    )
    return tuple(evaluate(_inputs(rule, catalog, params or {}, now), snapshot))


def _statuses(
    rule: Rule,
    evidence: Mapping[str, Sequence[Payload]],
    coverage: Mapping[str, CoverageStatus] | None,
) -> Mapping[str, CoverageStatus]:
    statuses = dict.fromkeys((*needed_kinds(rule), *evidence), CoverageStatus.COMPLETE)
    return {**statuses, **(coverage or {})}


def _held(
    statuses: Mapping[str, CoverageStatus], evidence: Mapping[str, Sequence[Payload]]
) -> list[Resource]:
    return [
        resource
        for kind, status in statuses.items()
        if status is CoverageStatus.COMPLETE
        for resource in _resources(kind, evidence.get(kind, ()))
    ]


def _subject(rule: Rule, resources: list[Resource], index: int) -> ResourceRef | None:
    refs = [r.ref for kind in rule.subjects for r in resources if r.ref.kind == kind]
    if not refs and index == 0:
        return None
    if index >= len(refs):
        raise ContentError(f"case of rule {rule.id}: there is no subject number {index}")
    return refs[index]


def _resources(kind: str, payloads: Sequence[Payload]) -> Iterator[Resource]:
    for number, payload in enumerate(payloads):
        metadata = payload.get("metadata")
        names = metadata if isinstance(metadata, Mapping) else {}
        ref = ResourceRef(
            target=_family(kind),
            kind=kind,
            namespace=str(names.get("namespace", "")),
            name=str(names.get("name", payload.get("id", ""))),
            # Cases rarely spell out uids, and two unnamed payloads are two resources.
            uid=str(names.get("uid", f"case-{number}")),
        )
        yield make_resource(ref, payload)


def _info(
    statuses: Mapping[str, CoverageStatus],
    evidence: Mapping[str, Sequence[Payload]],
    now: datetime,
) -> SnapshotInfo:
    families = tuple(sorted({_family(kind) for kind in statuses}))
    return SnapshotInfo(
        schema_version="1.0",
        collected_at=now,
        collector_version="case",
        families=families,
        targets=tuple(
            TargetInfo(id=family, family=family, address="case", site=_site(family, evidence))
            for family in families
        ),
    )


def _site(family: str, evidence: Mapping[str, Sequence[Payload]]) -> str:
    """Return the site that the first payload of a family says its target stands in."""
    sites = (
        payload.get("site")
        for kind, payloads in evidence.items()
        if _family(kind) == family
        for payload in payloads
    )
    return next((site for site in sites if isinstance(site, str)), "")


def _coverage(
    statuses: Mapping[str, CoverageStatus], resources: list[Resource], read_at: datetime
) -> Iterator[Coverage]:
    for kind, status in statuses.items():
        yield Coverage(
            target=_family(kind),
            kind=kind,
            status=status,
            verb="READ",
            count=sum(resource.ref.kind == kind for resource in resources),
            read_at=read_at,
        )


def _inputs(
    rule: Rule, catalog: Catalog, params: Mapping[str, ParameterValue], now: datetime
) -> AssessmentInputs:
    nobody = Text(id="Kasus", en="Case")
    overrides = tuple(
        ParameterOverride(name=name, value=value, rationale="case")
        for name, value in sorted(params.items())
    )
    return AssessmentInputs(
        catalog=replace(catalog, rules=(rule,)),
        profile=Profile(id="case", title=nobody, parameters=overrides),
        rules=(rule,),
        waivers=(),
        institution=InstitutionInfo(
            name="",
            licence_number="",
            licence_date=None,
            afpi_member="",
            pse_registration="",
            total_assets_idr=0,
            business_mostly_by_it=False,
        ),
        period_from=date.min,
        period_to=date.max,
        now=now,
        fail_on=Severity.LOW,
        allow_incomplete=False,
        demonstration=False,
        tool_version="",
        required_signatures=(),
    )


def _family(kind: str) -> str:
    return kind.partition("/")[0]
