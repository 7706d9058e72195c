"""The bundled snapshots say what they are meant to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ojkaudit.model.catalog import Rule
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import CoverageStatus, OnAbsent, Outcome
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.bundled import Fault, apply_fault, read_faults, read_platform
from tests.support.platforms import judge, plan_of

FAULTS = read_faults("drifted")


def failing(findings: tuple[Finding, ...]) -> set[str]:
    return {f.rule for f in findings if f.outcome is Outcome.FAIL}


def test_compliant_has_nothing_failing_and_nothing_unknown(tmp_path: Path) -> None:
    platform = read_platform("compliant")
    findings = judge(platform, plan_of(platform), tmp_path)
    wrong = [
        (f.rule, f.subject.label(), f.outcome.value, f.message.en)
        for f in findings
        if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.MANUAL)
    ]
    assert wrong == []
    assert sum(f.outcome is Outcome.PASS for f in findings) > 100


def test_drifted_has_a_dozen_faults_each_found_by_a_rule_of_its_own() -> None:
    assert len(FAULTS) >= 12
    assert len({fault.rule for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_each_fault_alone_turns_its_rule(fault: Fault, tmp_path: Path) -> None:
    platform = read_platform("compliant")
    apply_fault(platform, fault)
    assert fault.rule in failing(judge(platform, plan_of(platform), tmp_path))


def test_drifted_fails_every_rule_of_its_faults(tmp_path: Path) -> None:
    platform = read_platform("drifted")
    found = failing(judge(platform, plan_of(platform), tmp_path))
    assert {fault.rule for fault in FAULTS} <= found


def read_by(rule: Rule, finding: Finding) -> set[tuple[str, str]]:
    """Return (target, kind) pairs a finding rests on; target `*` stands for every target."""
    family = finding.subject.kind.split("/")[0]
    others = set(needed_kinds(rule)) - set(rule.subjects)
    harmless = {join.kind for join in rule.joins if join.on_absent is OnAbsent.EMPTY}
    pairs = {(finding.subject.target, finding.subject.kind)}
    for kind in others - harmless:
        same = kind.split("/")[0] == family
        pairs.add((finding.subject.target if same else "*", kind))
    return pairs


def test_blind_passes_nothing_that_could_not_be_read(tmp_path: Path) -> None:
    platform = read_platform("blind")
    plan = plan_of(platform)
    rules = {rule.id: rule for rule in plan.rules}
    unread = {
        (d.target, d.kind) for d in platform.denials if d.status is not CoverageStatus.COMPLETE
    }
    anywhere = {("*", kind) for _, kind in unread}
    passes = [f for f in judge(platform, plan, tmp_path) if f.outcome is Outcome.PASS]
    assert passes
    for finding in passes:
        assert not read_by(rules[finding.rule], finding) & (unread | anywhere), finding


def test_blind_passes_only_what_drifted_passes_too(tmp_path: Path) -> None:
    drifted, blind = read_platform("drifted"), read_platform("blind")
    plan = plan_of(drifted)
    seen = {(f.rule, f.subject): f.outcome for f in judge(drifted, plan, tmp_path)}
    for finding in judge(blind, plan, tmp_path):
        if finding.outcome is Outcome.PASS:
            assert seen.get((finding.rule, finding.subject)) is Outcome.PASS, finding
