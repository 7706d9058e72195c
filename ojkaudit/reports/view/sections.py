"""What the templates see behind the first page."""

from __future__ import annotations

from dataclasses import dataclass

from ojkaudit.reports.view.shapes import Badge, Fact, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """One control in the matrix."""

    id: str
    title: str
    citation: str
    citable: bool
    status: Badge
    not_corroborated: bool
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """The controls of one source document."""

    id: str
    tally: str
    rows: tuple[ControlRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """One failing subject."""

    target: str
    kind: str
    name: str
    seen: str
    terms: tuple[str, ...]
    """Failed parts of the rule's condition, where they differ between subjects."""
    waiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFailure:
    """One failing rule with its subjects."""

    id: str
    title: str
    severity: Badge
    count: str
    controls: str
    grade: str
    expected: str
    fix: str
    message: str
    """What the findings say, where they all say the same."""
    terms: tuple[str, ...]
    """Failed parts of the condition, where all subjects share them."""
    subjects: tuple[SubjectRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityGroup:
    """The failing rules of one severity."""

    severity: Badge
    count: str
    rules: tuple[RuleFailure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenRow:
    """One thing that is missing, and what would mend it."""

    what: str
    grant: str
    rules: str
    targets: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenGroup:
    """Everything that is missing for one reason."""

    title: str
    explanation: str
    count: str
    rows: tuple[UnseenRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A rule that does not apply to some subjects, and why."""

    rule: str
    title: str
    reason: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """How one kind of one target was read."""

    kind: str
    status: Badge
    how: str
    count: str
    read_at: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target with everything read from it."""

    id: str
    facts: tuple[Fact, ...]
    tally: str
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One certificate or attestation."""

    type: str
    id: str
    holder: str
    number: str
    sites: str
    valid_until: str
    state: Badge
    days: str
    file: str
    file_state: Badge


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverRow:
    """One waiver and what became of it."""

    id: str
    rule: str
    until: str
    state: Badge
    matched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change since the earlier run."""

    rule: str
    subject: str
    change: Badge
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """What changed since the earlier run."""

    intro: str
    note: str
    counts: tuple[Fact, ...]
    lost: tuple[str, ...]
    rows: tuple[ChangeRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """One threshold with its origin."""

    name: str
    description: str
    value: str
    origin: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule with its counts."""

    id: str
    title: str
    severity: Badge
    grade: str
    outcome: Badge
    counts: tuple[str, ...]
    """Pass, fail, unknown, not applicable, manual."""
    waived: str
    corroboration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The whole report."""

    language: str
    title: str
    institution: str
    facts: tuple[Fact, ...]
    demonstration: bool
    created: str
    """RFC 3339, for the metadata."""
    generator: str
    run_id: str
    digest_prefix: str
    summary: Summary
    documents: tuple[DocumentView, ...]
    failures: tuple[SeverityGroup, ...]
    subjects_per_rule: str
    """How many subjects are printed for each failing rule."""
    unseen: tuple[UnseenGroup, ...]
    skipped: tuple[SkippedRow, ...]
    targets: tuple[TargetView, ...]
    register: tuple[RegisterRow, ...]
    waivers: tuple[WaiverRow, ...]
    comparison: ComparisonView | None
    parameters: tuple[ParameterRow, ...]
    rules: tuple[RuleRow, ...]
    outcomes: tuple[Fact, ...]
    grades: tuple[Fact, ...]
    verify_steps: tuple[str, ...]
    digests: tuple[Fact, ...]
    glossary: tuple[Fact, ...]
