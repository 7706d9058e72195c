"""The whole conclusion, before the files it is written to have digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ojkaudit.model.catalog import Parameter
from ojkaudit.model.evidence import Coverage, TargetInfo
from ojkaudit.model.result import (
    SCHEMA_VERSION,
    AssessmentResult,
    Comparison,
    ControlResult,
    Digests,
    Finding,
    InstitutionInfo,
    RegisterEntry,
    RuleResult,
    Verdict,
    WaiverResult,
)
from ojkaudit.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Everything of an assessment's result that follows from inputs and evidence alone."""

    tool_version: str
    assessed_at: datetime
    collected_at: datetime
    institution: InstitutionInfo
    period_from: date
    period_to: date
    profile: str
    profile_title: Text
    demonstration: bool
    time_given: bool
    verdict: Verdict
    counts: Mapping[str, int]
    catalog_digest: str
    profile_digest: str
    snapshot_digest: str
    inputs_digest: str
    verdict_digest: str
    targets: tuple[TargetInfo, ...]
    rules: tuple[RuleResult, ...]
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]
    """Every finding that is not a pass."""
    coverage: tuple[Coverage, ...]
    parameters: tuple[Parameter, ...]
    register: tuple[RegisterEntry, ...]
    waivers: tuple[WaiverResult, ...]
    rules_left_out: tuple[str, ...]
    left_out_rationale: str
    required_signatures: tuple[str, ...]


def result_from(
    judgement: Judgement,
    *,
    assessment_id: str,
    evidence_file_digest: str,
    findings_file_digest: str,
    comparison: Comparison | None,
) -> AssessmentResult:
    """Return what `result.json` holds: the judgement, its files' digests, and the comparison."""
    return AssessmentResult(
        schema_version=SCHEMA_VERSION,
        assessment_id=assessment_id,
        tool_version=judgement.tool_version,
        assessed_at=judgement.assessed_at,
        collected_at=judgement.collected_at,
        institution=judgement.institution,
        period_from=judgement.period_from,
        period_to=judgement.period_to,
        profile=judgement.profile,
        profile_title=judgement.profile_title,
        demonstration=judgement.demonstration,
        time_given=judgement.time_given,
        verdict=judgement.verdict,
        counts=judgement.counts,
        digests=Digests(
            catalog=judgement.catalog_digest,
            profile=judgement.profile_digest,
            snapshot=judgement.snapshot_digest,
            inputs=judgement.inputs_digest,
            evidence_file=evidence_file_digest,
            findings_file=findings_file_digest,
            verdict=judgement.verdict_digest,
        ),
        targets=judgement.targets,
        rules=judgement.rules,
        controls=judgement.controls,
        findings=judgement.findings,
        coverage=judgement.coverage,
        parameters=judgement.parameters,
        register=judgement.register,
        waivers=judgement.waivers,
        rules_left_out=judgement.rules_left_out,
        left_out_rationale=judgement.left_out_rationale,
        required_signatures=judgement.required_signatures,
        comparison=comparison,
    )
