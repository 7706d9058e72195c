"""What is concluded: findings, roll-ups, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ojkaudit.model.catalog import Parameter
from ojkaudit.model.evidence import Coverage, ResourceRef, TargetInfo
from ojkaudit.model.outcome import (
    ControlStatus,
    Corroboration,
    EvidenceGrade,
    Outcome,
    ReasonCode,
    Severity,
    VerdictStatus,
)
from ojkaudit.model.text import Text

SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTerm:
    """The part of a pass expression that was false."""

    text: str
    line: int
    column: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Outcome of one rule on one subject."""

    rule: str
    outcome: Outcome
    severity: Severity
    subject: ResourceRef
    """For a `set` rule, or where no subject exists: target and kind only."""
    reason: ReasonCode
    message: Text
    """One sentence: why this outcome; for unknown, what is missing and how to mend it."""
    observed: str = ""
    """What was seen, at most 500 characters."""
    failed_terms: tuple[FailedTerm, ...] = ()
    evidence: tuple[str, ...] = ()
    """Digests of the resources judged."""
    missing_right: str = ""
    unread: tuple[str, ...] = ()
    """What stood in the way of judging, as `target kind`, or the kind alone where no target has it."""
    waiver: str = ""
    """Id of the waiver that annotates this failing finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One rule of the profile, with its counts."""

    id: str
    title: Text
    theme: str
    severity: Severity
    evidence_grade: EvidenceGrade
    controls: tuple[str, ...]
    expected: Text
    remediation: Text
    outcome: Outcome
    """Worst of its findings: fail, unknown, manual, pass, not_applicable."""
    counts: Mapping[str, int]
    """Findings per outcome; every outcome is present."""
    waived: int
    corroboration: Corroboration
    corroborated_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlResult:
    """Roll-up for one control."""

    id: str
    document: str
    title: Text
    citation: str
    """What may be printed: document and article if citable, else the document alone."""
    citable: bool
    status: ControlStatus
    rules: tuple[str, ...]
    not_corroborated: bool
    """Satisfied, but only by configured, attested or declared evidence nothing confirms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverResult:
    """What became of one waiver."""

    id: str
    rule: str
    state: str
    """`active`, `expiring`, `expired`, `unused` or `not_yet`."""
    until: date
    matched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A certificate or attestation with its expiry, for the report's register."""

    id: str
    type: str
    holder: str
    number: str
    sites: tuple[str, ...]
    valid_until: date | None
    days_left: int | None
    """Calendar days in Asia/Jakarta until and including the last valid day; negative: expired."""
    state: str
    """`valid`, `expiring`, `expired`, `undated`, `suspended`, `withdrawn` or `not_yet`."""
    file: str
    file_matches: bool | None
    """None: no file given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, as the exit code tells it."""

    status: VerdictStatus
    exit_code: int
    fail_on: Severity
    allow_incomplete: bool
    rules_selected: int
    rules_judged: int
    """Rules with at least one finding that is pass, fail or not_applicable and none unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of everything the verdict rests on."""

    catalog: str
    profile: str
    snapshot: str
    inputs: str
    """Of the judging inputs stored beside the evidence: catalog, profile, waivers, time."""
    evidence_file: str
    """Of the bytes of `evidence.zip`."""
    findings_file: str
    """Of the bytes of `findings.jsonl.zst`."""
    verdict: str
    """Of findings, rule, control and verdict results: what a replay must reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the comparison with an earlier run."""

    rule: str
    subject: ResourceRef
    change: str
    """`new`, `fixed`, `still_failing`, `newly_blind` or `no_longer_seen`."""
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed since an earlier run."""

    previous_id: str
    previous_assessed_at: datetime
    counts: Mapping[str, int]
    changes: tuple[Change, ...]
    coverage_lost: tuple[str, ...]
    """`target kind` read completely before and not now."""
    comparable: Text | None = None
    """Set when profile or catalog differ: what that means for the comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionInfo:
    """Who is audited, as printed."""

    name: str
    licence_number: str
    licence_date: date | None
    afpi_member: str
    pse_registration: str
    total_assets_idr: int
    business_mostly_by_it: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentResult:
    """Everything in `result.json`."""

    schema_version: str
    assessment_id: str
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
    """True when the time of judging was given by hand instead of taken from the clock."""
    verdict: Verdict
    counts: Mapping[str, int]
    """Findings per outcome."""
    digests: Digests
    targets: tuple[TargetInfo, ...]
    rules: tuple[RuleResult, ...]
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]
    """Every finding that is not a pass."""
    coverage: tuple[Coverage, ...]
    parameters: tuple[Parameter, ...]
    register: tuple[RegisterEntry, ...]
    waivers: tuple[WaiverResult, ...]
    rules_left_out: tuple[str, ...] = ()
    """Rules of the catalog that the profile does not select, by id: nobody looked there."""
    left_out_rationale: str = ""
    """Why, as the profile says it."""
    required_signatures: tuple[str, ...]
    comparison: Comparison | None = None
