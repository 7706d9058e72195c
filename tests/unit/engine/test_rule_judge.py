"""Rules that judge a whole list, and rules over several targets."""

from __future__ import annotations

import pytest

from ojkaudit.model.catalog import Join
from ojkaudit.model.outcome import (
    CoverageStatus,
    Evaluate,
    OnAbsent,
    OnEmpty,
    Outcome,
    ReasonCode,
)
from tests.support.judging import (
    INSTANCE,
    NODE,
    POD,
    SITE,
    World,
    judged,
    named,
    only,
    rule,
    target,
    text,
)

THREE = {
    "evaluate": Evaluate.SET,
    "pass_expression": "size(items) >= 2 && items.all(i, i.ok)",
}


def test_a_set_rule_has_one_finding_for_each_target() -> None:
    world = World(target("one", "kubernetes"), target("two", "kubernetes"))
    world.read("one", NODE, named("a", ok=True), named("b", ok=True))
    world.read("two", NODE, named("c", ok=True))
    findings = judged(world, rule(**THREE))
    assert [(f.subject.target, f.subject.name, f.outcome) for f in findings] == [
        ("one", "", Outcome.PASS),
        ("two", "", Outcome.FAIL),
    ]
    assert set(findings[0].evidence) == {r.digest for r in world.resources[:2]}


def test_a_set_rule_sees_only_what_it_selects() -> None:
    world = World().nodes(
        named("a", ok=True, w=True), named("b", ok=True, w=True), named("c", ok=False, w=False)
    )
    assert only(judged(world, rule(**THREE, select="object.w"))).outcome is Outcome.PASS


def test_a_set_rule_with_one_resource_that_cannot_be_selected_is_unknown() -> None:
    world = World().nodes(
        named("a", ok=True, w=True), named("b", ok=True, w=True), named("c", ok=True)
    )
    finding = only(judged(world, rule(**THREE, select="object.w")))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.EXPRESSION_ERROR)
    assert "Node c" in finding.message.en
    assert finding.subject.name == ""


def test_a_set_rule_with_a_contradicting_resource_is_unknown() -> None:
    world = World().nodes(named("a", ok=True), named("a", ok=False), named("b", ok=True))
    assert only(judged(world, rule(**THREE))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [s for s in CoverageStatus if s is not CoverageStatus.COMPLETE])
def test_a_set_rule_needs_every_kind_complete(status: CoverageStatus) -> None:
    world = World().nodes(named("a", ok=True), named("b", ok=True)).read("okd", POD, status=status)
    finding = only(judged(world, rule(**THREE, subjects=(NODE, POD))))
    assert finding.outcome is Outcome.UNKNOWN
    assert POD in finding.message.en


def test_a_set_rule_over_nothing_follows_on_empty() -> None:
    finding = only(judged(World().nodes(), rule(**{**THREE, "on_empty": OnEmpty.NOT_APPLICABLE})))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_APPLICABLE, ReasonCode.EMPTY)


@pytest.mark.parametrize(
    ("on_absent", "outcome"),
    [
        (OnAbsent.UNKNOWN, Outcome.UNKNOWN),
        (OnAbsent.FAIL, Outcome.FAIL),
        (OnAbsent.NOT_APPLICABLE, Outcome.PASS),
        (OnAbsent.EMPTY, Outcome.PASS),
    ],
)
def test_a_set_rule_judges_the_kinds_that_are_served(on_absent: OnAbsent, outcome: Outcome) -> None:
    world = World().nodes(named("a", ok=True), named("b", ok=True))
    world.read("okd", POD, status=CoverageStatus.ABSENT)
    finding = only(judged(world, rule(**THREE, subjects=(NODE, POD), on_absent=on_absent)))
    assert finding.outcome is outcome


def test_a_set_rule_of_which_no_kind_is_served_does_not_apply() -> None:
    world = (
        World().nodes(status=CoverageStatus.ABSENT).read("okd", POD, status=CoverageStatus.ABSENT)
    )
    given = rule(**THREE, subjects=(NODE, POD), on_absent=OnAbsent.NOT_APPLICABLE)
    assert only(judged(world, given)).outcome is Outcome.NOT_APPLICABLE


def test_a_rule_over_two_families_is_judged_on_the_targets_of_both() -> None:
    world = World(target("okd", "kubernetes"), target("db", "postgresql"))
    world.nodes(named("a", ok=True)).read("db", INSTANCE, {"id": "db", "ok": False})
    findings = judged(world, rule(subjects=(NODE, INSTANCE)))
    assert [(f.subject.target, f.outcome) for f in findings] == [
        ("db", Outcome.FAIL),
        ("okd", Outcome.PASS),
    ]


def test_of_two_families_the_one_without_target_stays_visible() -> None:
    world = World().nodes(named("a", ok=True))
    findings = judged(world, rule(subjects=(NODE, INSTANCE)))
    assert [(f.subject.kind, f.outcome) for f in findings] == [
        (NODE, Outcome.PASS),
        (INSTANCE, Outcome.UNKNOWN),
    ]


def test_the_target_is_visible_to_expressions() -> None:
    world = World(target("okd", "kubernetes", site="cikaso")).nodes(named("a"))
    wanted = "target.id == 'okd' && target.site == 'cikaso' && target.family == 'kubernetes'"
    assert only(judged(world, rule(pass_expression=wanted))).outcome is Outcome.PASS


def test_gaps_of_several_kinds_are_told_together() -> None:
    world = World().nodes(named("a")).sites(status=CoverageStatus.DENIED, missing_right="read it")
    world.read("okd", POD, status=CoverageStatus.PARTIAL)
    finding = only(judged(world, rule(joins=(Join(kind=SITE), Join(kind=POD)))))
    assert SITE in finding.message.id
    assert POD in finding.message.id
    assert finding.missing_right == "read it"


def test_a_kind_that_is_both_subject_and_join_counts_as_both() -> None:
    world = World().nodes(named("a", ok=True), named("b", ok=True))
    join = Join(kind=NODE, name="nodes")
    findings = judged(world, rule(joins=(join,), pass_expression="size(inputs.nodes) == 2"))
    assert [f.outcome for f in findings] == [Outcome.PASS, Outcome.PASS]


def test_an_odd_object_does_not_end_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ojkaudit.engine.subject.add_derived", refuse)
    world = World().nodes(named("a", ok=True))
    finding = only(judged(world, rule(on_empty=OnEmpty.PASS, empty_ok_because=text())))
    assert finding.outcome is Outcome.UNKNOWN
    assert "ZeroDivisionError" in finding.message.en
