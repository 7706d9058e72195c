"""Judging one case of a rule."""

from __future__ import annotations

import pytest

from ojkaudit.engine import judge_case
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.outcome import CoverageStatus, Evaluate, OnEmpty, Outcome, ReasonCode
from ojkaudit.model.result import Finding
from tests.support.judging import (
    CIKASO,
    INSTANCE,
    NODE,
    NOW,
    POD,
    SITE,
    catalog,
    named,
    parameter,
    rule,
)


def case(chosen: Rule, evidence: dict[str, list[dict[str, object]]], **given: object) -> Finding:
    parameters = (parameter("limit", 5),)
    return judge_case(chosen, catalog(parameters=parameters), evidence, now=NOW, **given)  # type: ignore[arg-type]


def test_the_first_resource_is_judged_unless_another_is_asked_for() -> None:
    evidence = {NODE: [named("z", ok=True), named("a", ok=False)]}
    assert case(rule(), evidence).outcome is Outcome.PASS
    assert case(rule(), evidence, subject_index=1).outcome is Outcome.FAIL


def test_payloads_without_names_are_told_apart() -> None:
    evidence: dict[str, list[dict[str, object]]] = {NODE: [{"ok": True}, {"ok": False}]}
    assert case(rule(), evidence).outcome is Outcome.PASS
    assert case(rule(), evidence, subject_index=1).outcome is Outcome.FAIL


def test_kinds_that_are_not_in_the_evidence_are_listed_and_empty() -> None:
    assert case(rule(), {}).reason is ReasonCode.EMPTY
    assert case(rule(), {NODE: []}).reason is ReasonCode.EMPTY
    joined = rule(joins=(Join(kind=POD, name="pods"),), pass_expression="size(inputs.pods) == 0")
    assert case(joined, {NODE: [named("a")]}).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [s for s in CoverageStatus if s is not CoverageStatus.COMPLETE])
def test_coverage_can_be_taken_away(status: CoverageStatus) -> None:
    chosen = rule(pass_expression="siteOf(object.ip) == 'cikaso'")
    evidence = {NODE: [named("a", ip="10.1.2.3")], SITE: [CIKASO]}
    assert case(chosen, evidence).outcome is Outcome.PASS
    assert case(chosen, evidence, coverage={SITE: status}).outcome is Outcome.UNKNOWN
    assert case(chosen, evidence, coverage={NODE: status}).outcome is Outcome.UNKNOWN


def test_a_resource_the_rule_does_not_select_leaves_the_finding_on_the_list() -> None:
    chosen = rule(select="object.ok", on_empty=OnEmpty.NOT_APPLICABLE)
    assert case(chosen, {NODE: [named("a", ok=False)]}).outcome is Outcome.NOT_APPLICABLE


def test_a_set_rule_has_its_one_finding() -> None:
    chosen = rule(evaluate=Evaluate.SET, pass_expression="size(items) == 2")
    assert case(chosen, {NODE: [named("a"), named("b")]}).outcome is Outcome.PASS


def test_parameters_can_be_set_but_not_invented() -> None:
    chosen = rule(pass_expression="params.limit > 7")
    evidence = {NODE: [named("a")]}
    assert case(chosen, evidence).outcome is Outcome.FAIL
    assert case(chosen, evidence, params={"limit": 8}).outcome is Outcome.PASS
    with pytest.raises(ContentError, match="limitt"):
        case(chosen, evidence, params={"limitt": 8})


def test_a_subject_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ContentError, match="subject number 1"):
        case(rule(), {NODE: [named("a", ok=True)]}, subject_index=1)


def test_the_target_stands_where_the_payload_says() -> None:
    chosen = rule(subjects=(INSTANCE,), pass_expression="target.site == object.site")
    assert case(chosen, {INSTANCE: [{"id": "db", "site": "cikaso"}]}).outcome is Outcome.PASS


def test_a_family_that_cannot_be_collected_yet_is_judged_in_cases_all_the_same() -> None:
    chosen = rule(subjects=("mainframe/Disk",))
    assert case(chosen, {"mainframe/Disk": [{"id": "d", "ok": True}]}).outcome is Outcome.PASS
