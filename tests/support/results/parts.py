"""Short ways to write the parts of a result."""

from __future__ import annotations

from datetime import UTC, datetime

from ojkaudit.model.evidence import ResourceRef
from ojkaudit.model.outcome import (
    Outcome,
    ReasonCode,
    Severity,
)
from ojkaudit.model.result import (
    FailedTerm,
    Finding,
)
from ojkaudit.model.text import Text

ASSESSED_AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
COLLECTED_AT = datetime(2026, 11, 20, 1, 42, 7, tzinfo=UTC)
HOSTILE_NAME = "<b>x</b>{{7*7}}"
"""A name that would become markup or a template expression if it were not escaped."""


def text(indonesian: str, english: str) -> Text:
    """Return a text in both languages."""
    return Text(id=indonesian, en=english)


def finding(
    rule: str,
    outcome: Outcome,
    severity: Severity,
    subject: ResourceRef,
    message: Text,
    *,
    reason: ReasonCode | None = None,
    observed: str = "",
    term: FailedTerm | None = None,
    missing_right: str = "",
    waiver: str = "",
) -> Finding:
    """Return a finding with the reason that goes with its outcome."""
    reasons = {
        Outcome.FAIL: ReasonCode.FAILED,
        Outcome.PASS: ReasonCode.PASSED,
        Outcome.NOT_APPLICABLE: ReasonCode.NOT_APPLICABLE,
        Outcome.MANUAL: ReasonCode.MANUAL,
        Outcome.UNKNOWN: ReasonCode.DENIED,
    }
    return Finding(
        rule=rule,
        outcome=outcome,
        severity=severity,
        subject=subject,
        reason=reason or reasons[outcome],
        message=message,
        observed=observed,
        failed_terms=(term,) if term else (),
        missing_right=missing_right,
        waiver=waiver,
    )


def counts(**given: int) -> dict[str, int]:
    """Return a count for every outcome, zero where none is given."""
    return {outcome.value: given.get(outcome.value, 0) for outcome in Outcome}


def node(name: str) -> ResourceRef:
    """Return a node of the cluster."""
    return ResourceRef(target="okd-utama", kind="kubernetes/v1/Node", name=name)


def deployment(namespace: str, name: str) -> ResourceRef:
    """Return a deployment of the cluster."""
    return ResourceRef(
        target="okd-utama", kind="kubernetes/apps/v1/Deployment", namespace=namespace, name=name
    )


def instance(name: str) -> ResourceRef:
    """Return a PostgreSQL instance, which is a target of its own."""
    return ResourceRef(target=name, kind="postgresql/Instance", name=name)
