"""Closed vocabularies: outcomes, severities, grades, statuses."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What one rule says of one subject."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"


class ControlStatus(StrEnum):
    """Roll-up of the findings that support one control."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How much harm a failing rule can do."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 4 for critical down to 1 for low."""
        return {"critical": 4, "high": 3, "medium": 2, "low": 1}[self.value]


class EvidenceGrade(StrEnum):
    """How much a pass is worth: tested > observed > configured > attested > declared."""

    TESTED = "tested"
    OBSERVED = "observed"
    CONFIGURED = "configured"
    ATTESTED = "attested"
    DECLARED = "declared"

    @property
    def stands_alone(self) -> bool:
        """Return whether a pass of this grade needs no corroboration."""
        return self in (EvidenceGrade.TESTED, EvidenceGrade.OBSERVED)


class CoverageStatus(StrEnum):
    """Was a kind read completely from a target?"""

    COMPLETE = "complete"
    DENIED = "denied"
    ABSENT = "absent"
    PARTIAL = "partial"
    ERROR = "error"
    STALE = "stale"


class OnEmpty(StrEnum):
    """What a rule says when the listing succeeded and held no subject."""

    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    PASS = "pass"


class OnAbsent(StrEnum):
    """What a rule says when the target does not serve the kind at all."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    FAIL = "fail"
    EMPTY = "empty"
    """Treat as a listing that succeeded with no item."""


class Evaluate(StrEnum):
    """Whether a rule judges each resource or the whole list once."""

    EACH = "each"
    SET = "set"


class Context(StrEnum):
    """Where a rule can be judged."""

    LIVE = "live"
    GATE = "gate"
    ADMISSION = "admission"


class Corroboration(StrEnum):
    """Whether the passes of a rule are confirmed by stronger evidence."""

    NOT_NEEDED = "not_needed"
    CORROBORATED = "corroborated"
    NOT_CORROBORATED = "not_corroborated"


class ReasonCode(StrEnum):
    """Why a finding has its outcome, for machines."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    EMPTY = "empty"
    ABSENT = "absent"
    NO_COLLECTOR = "no_collector"
    NO_TARGET = "no_target"
    NOT_COLLECTED = "not_collected"
    DENIED = "denied"
    PARTIAL = "partial"
    ERROR = "error"
    STALE = "stale"
    WEAK_EVIDENCE = "weak_evidence"
    EXPRESSION_ERROR = "expression_error"
    MANUAL = "manual"


class VerdictStatus(StrEnum):
    """The one-word answer on the first page."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"
    INCOMPLETE = "incomplete"


class SiteRole(StrEnum):
    """What a site is for."""

    PRIMARY = "primary"
    RECOVERY = "recovery"
    OFFICE = "office"


class ParameterOrigin(StrEnum):
    """Where a parameter's value comes from."""

    LAW = "law"
    POLICY = "policy"
    PROFILE = "profile"


class Language(StrEnum):
    """Languages of messages and reports."""

    ID = "id"
    EN = "en"
