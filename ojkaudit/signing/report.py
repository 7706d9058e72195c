"""What a verification found: numbered steps, and the decision that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ojkaudit.model.text import Text


class StepStatus(StrEnum):
    """How one step ended."""

    OK = "ok"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Decision(StrEnum):
    """What the verifier may conclude."""

    VALID = "valid"
    UNDECIDED = "undecided"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStep:
    """One thing checked on one file. A step that looks at several files has one entry a file."""

    number: int
    """As in the docstring of `verify`; steps added later go on counting."""
    code: str
    """Stable word, for example `sums_digest`."""
    status: StepStatus
    subject: str
    """Name of the file, or `.` for the folder."""
    title: Text
    detail: Text
    reason: str = ""
    """Stable word for why it is not ok, for example `missing` or `expired`; empty when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """All steps of one verification."""

    steps: tuple[VerificationStep, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """Name → SHA-256 of the bytes that were checked, for whoever reads the files again."""

    @property
    def decision(self) -> Decision:
        """INVALID when any step failed, else UNDECIDED when any is undecided or none was made."""
        states = {step.status for step in self.steps}
        if StepStatus.FAILED in states:
            return Decision.INVALID
        if StepStatus.UNDECIDED in states or not states:
            return Decision.UNDECIDED
        return Decision.VALID

    def with_step(self, step: VerificationStep) -> VerificationReport:
        """Return the report with `step` added at its end."""
        return replace(self, steps=(*self.steps, step))
