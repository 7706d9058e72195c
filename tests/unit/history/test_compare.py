from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ojkaudit.history.compare import RunView, compare, outcomes_of
from ojkaudit.model.evidence import Coverage, ResourceRef
from ojkaudit.model.outcome import CoverageStatus, Outcome, ReasonCode, Severity
from ojkaudit.model.result import Finding
from ojkaudit.model.text import Text

NOW = datetime(2026, 11, 20, tzinfo=UTC)
KIND = "kubernetes/v1/Node"


def finding(outcome: Outcome, name: str = "n1", uid: str = "", target: str = "k") -> Finding:
    return Finding(
        rule="RES-003",
        outcome=outcome,
        severity=Severity.HIGH,
        subject=ResourceRef(target=target, kind=KIND, name=name, uid=uid),
        reason=ReasonCode.PASSED,
        message=Text(id="", en=""),
    )


def view(*findings: Finding, complete: bool = True, catalog: str = "c") -> RunView:
    status = CoverageStatus.COMPLETE if complete else CoverageStatus.DENIED
    coverage = Coverage(target="k", kind=KIND, status=status, verb="LIST", count=0, read_at=NOW)
    return RunView(
        id="r",
        assessed_at=NOW,
        catalog_digest=catalog,
        profile_digest="p",
        coverage=(coverage,),
        outcomes=outcomes_of(findings),
    )


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (Outcome.PASS, Outcome.FAIL, "new"),
        (Outcome.UNKNOWN, Outcome.FAIL, "new"),
        (Outcome.FAIL, Outcome.FAIL, "still_failing"),
        (Outcome.FAIL, Outcome.PASS, "fixed"),
        (Outcome.FAIL, Outcome.UNKNOWN, "newly_blind"),
        (Outcome.PASS, Outcome.UNKNOWN, "newly_blind"),
        (Outcome.FAIL, Outcome.NOT_APPLICABLE, "no_longer_seen"),
        (Outcome.PASS, Outcome.PASS, None),
        (Outcome.UNKNOWN, Outcome.PASS, None),
        (Outcome.UNKNOWN, Outcome.UNKNOWN, None),
    ],
)
def test_each_step_has_one_word(before: Outcome, after: Outcome, change: str | None) -> None:
    found = compare(view(finding(before)), view(finding(after))).changes
    assert [c.change for c in found] == ([change] if change else [])


def test_a_failing_subject_that_vanished_is_no_longer_seen_while_the_rule_sees() -> None:
    after = view(finding(Outcome.PASS, "n2"))
    assert compare(view(finding(Outcome.FAIL)), after).changes[0].change == "no_longer_seen"


def test_a_failing_subject_that_vanished_with_the_sight_is_newly_blind_never_fixed() -> None:
    lost = finding(Outcome.UNKNOWN, "")
    found = compare(view(finding(Outcome.FAIL)), view(lost, complete=False))
    assert {c.change for c in found.changes} == {"newly_blind"}
    assert found.counts["fixed"] == 0
    assert found.coverage_lost == (f"k {KIND}",)


def test_a_rule_that_is_gone_altogether_is_blind() -> None:
    assert compare(view(finding(Outcome.FAIL)), view()).changes[0].change == "newly_blind"


def test_a_subject_made_anew_keeps_its_place() -> None:
    before, after = finding(Outcome.FAIL, uid="1"), finding(Outcome.FAIL, uid="2")
    assert compare(view(before), view(after)).counts["still_failing"] == 1


def test_another_catalog_is_said() -> None:
    assert compare(view(), view(catalog="d")).comparable is not None
    assert compare(view(), view()).comparable is None
