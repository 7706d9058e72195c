"""From findings to a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ojkaudit import engine
from ojkaudit.errors import ConfigurationError, ContentError, InternalError
from ojkaudit.model.codec import decode, encode
from ojkaudit.model.outcome import (
    CoverageStatus,
    OnEmpty,
    Outcome,
    ReasonCode,
    Severity,
    VerdictStatus,
)
from ojkaudit.model.result import AssessmentResult, Finding, Verdict
from tests.support.judging import (
    INSTANCE,
    World,
    assessed,
    inputs,
    judged,
    named,
    only,
    rule,
    text,
    waiver,
)

GOOD, BAD, UNSEEN = named("a", ok=True), named("b", ok=False), named("c")


def verdict(*nodes: dict[str, object], **given: object) -> Verdict:
    severity = given.pop("severity", Severity.HIGH)
    return assessed(World().nodes(*nodes), rule(severity=severity), **given).verdict


@pytest.mark.parametrize(
    ("nodes", "given", "status", "code"),
    [
        ([GOOD], {}, VerdictStatus.COMPLIANT, 0),
        ([GOOD, BAD], {}, VerdictStatus.NON_COMPLIANT, 1),
        ([BAD, UNSEEN], {"allow_incomplete": True}, VerdictStatus.NON_COMPLIANT, 1),
        ([BAD], {"severity": Severity.MEDIUM}, VerdictStatus.NON_COMPLIANT, 0),
        ([BAD], {"fail_on": Severity.CRITICAL}, VerdictStatus.NON_COMPLIANT, 0),
        ([BAD], {"severity": Severity.CRITICAL}, VerdictStatus.NON_COMPLIANT, 1),
        (
            [BAD],
            {"severity": Severity.LOW, "fail_on": Severity.LOW},
            VerdictStatus.NON_COMPLIANT,
            1,
        ),
        ([GOOD, UNSEEN], {}, VerdictStatus.INCOMPLETE, 3),
        ([BAD, UNSEEN], {"severity": Severity.LOW}, VerdictStatus.NON_COMPLIANT, 3),
        ([GOOD, UNSEEN], {"allow_incomplete": True}, VerdictStatus.INCOMPLETE, 0),
    ],
)
def test_the_exit_code_tells_the_verdict(
    nodes: list[dict[str, object]], given: dict[str, object], status: VerdictStatus, code: int
) -> None:
    reached = verdict(*nodes, **given)
    assert (reached.status, reached.exit_code) == (status, code)


def test_a_waived_failing_finding_still_stops_the_run() -> None:
    judgement = assessed(World().nodes(BAD), rule(), waivers=(waiver(),))
    assert judgement.verdict.exit_code == 1
    assert only(judgement.rules).waived == 1
    assert only(judgement.rules).outcome is Outcome.FAIL


def test_a_manual_finding_is_incomplete() -> None:
    chosen, snapshot = inputs(rule()), World().nodes(GOOD).snapshot()
    manual = replace(
        only(engine.evaluate(chosen, snapshot)), outcome=Outcome.MANUAL, reason=ReasonCode.MANUAL
    )
    judgement = engine.assess(chosen, [manual], snapshot)
    assert judgement.verdict.exit_code == 3
    assert judgement.verdict.rules_judged == 0


def test_a_profile_full_of_rules_without_collectors_is_incomplete() -> None:
    rules = [rule(id=f"T-{n}", subjects=("mainframe/Disk",)) for n in range(3)]
    judgement = assessed(World().nodes(GOOD), *rules)
    assert judgement.verdict.exit_code == 3
    assert (judgement.verdict.rules_selected, judgement.verdict.rules_judged) == (3, 0)


def test_rules_count_as_judged_when_something_was_concluded_and_nothing_unseen() -> None:
    rules = [
        rule(id="T-1", select="object.metadata.name == 'a'"),
        rule(id="T-2", select="object.metadata.name == 'b'"),
        rule(id="T-3", applies="false"),
        rule(id="T-4"),
        rule(id="T-5", subjects=(INSTANCE,)),
    ]
    reached = assessed(World().nodes(GOOD, BAD, UNSEEN), *rules).verdict
    assert (reached.rules_selected, reached.rules_judged) == (5, 3)


def test_the_judgement_holds_every_finding_that_is_not_a_pass() -> None:
    judgement = assessed(World().nodes(GOOD, BAD, UNSEEN), rule())
    assert [f.subject.name for f in judgement.findings] == ["b", "c"]
    assert judgement.counts == {
        "pass": 1,
        "fail": 1,
        "unknown": 1,
        "not_applicable": 0,
        "manual": 0,
    }
    assert only(judgement.rules).counts == judgement.counts


def test_a_selected_rule_without_finding_is_a_fault_of_ours() -> None:
    chosen, snapshot = inputs(rule(id="T-1"), rule(id="T-2")), World().nodes(GOOD).snapshot()
    findings = [f for f in engine.evaluate(chosen, snapshot) if f.rule != "T-2"]
    with pytest.raises(InternalError, match="T-2"):
        engine.assess(chosen, findings, snapshot)


def test_a_finding_of_a_rule_not_selected_is_a_fault_of_ours() -> None:
    snapshot = World().nodes(GOOD).snapshot()
    findings = list(engine.evaluate(inputs(rule(id="T-9")), snapshot))
    with pytest.raises(InternalError, match="T-9"):
        engine.assess(inputs(rule()), findings, snapshot)


def test_nothing_to_look_at_is_an_error() -> None:
    world = World()
    with pytest.raises(ContentError):
        engine.assess(inputs(), (), world.snapshot())
    world.targets = []
    with pytest.raises(ConfigurationError):
        engine.assess(inputs(rule()), (), world.snapshot())


def test_the_verdict_digest_changes_with_any_finding() -> None:
    chosen, snapshot = inputs(rule()), World().nodes(GOOD, BAD).snapshot()
    findings = list(engine.evaluate(chosen, snapshot))

    def digest(of: list[Finding]) -> str:
        return engine.assess(chosen, of, snapshot).verdict_digest

    base = digest(findings)
    assert digest(list(findings)) == base
    assert digest([replace(findings[0], observed="else"), findings[1]]) != base
    assert digest(findings[1:]) != base
    assert digest([findings[0], replace(findings[1], message=text("other"))]) != base


def test_the_result_is_the_judgement_with_its_files() -> None:
    judgement = assessed(World().nodes(GOOD, BAD), rule())
    result = engine.result_from(
        judgement,
        assessment_id="oa-20261120-000000000000",
        evidence_file_digest="e",
        findings_file_digest="f",
        comparison=None,
    )
    assert decode(AssessmentResult, encode(result)) == result
    assert result.digests.verdict == judgement.verdict_digest
    assert (result.digests.evidence_file, result.digests.findings_file) == ("e", "f")
    for name in ("verdict", "findings", "coverage", "targets", "institution", "assessed_at"):
        assert getattr(result, name) == getattr(judgement, name)


def test_the_digests_name_what_the_verdict_rests_on() -> None:
    world = World().nodes(GOOD)
    one = assessed(world, rule())
    other_rule = assessed(world, rule(pass_expression="object.ok == true"))
    other_evidence = assessed(World().nodes(GOOD, detail="else"), rule())
    assert one.catalog_digest != other_rule.catalog_digest
    assert one.snapshot_digest == other_rule.snapshot_digest
    assert one.inputs_digest != other_rule.inputs_digest
    assert one.snapshot_digest != other_evidence.snapshot_digest
    assert one.inputs_digest == other_evidence.inputs_digest


def test_only_failing_findings_carry_a_waiver() -> None:
    world = World().nodes(GOOD, BAD, UNSEEN)
    findings = judged(world, rule(), waivers=(waiver(),))
    assert [f.waiver for f in findings] == ["", "W-1", ""]


def test_failures_of_empty_or_absent_kinds_can_be_waived_too() -> None:
    for world in (World().nodes(), World().nodes(status=CoverageStatus.ABSENT)):
        chosen = rule(on_empty=OnEmpty.FAIL, on_absent="fail")
        finding = only(judged(world, chosen, waivers=(waiver(subject="okd/*"),)))
        assert (finding.outcome, finding.waiver) == (Outcome.FAIL, "W-1")
