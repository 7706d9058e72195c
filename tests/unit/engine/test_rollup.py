"""Corroboration and controls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ojkaudit.engine.rollup import control_status
from ojkaudit.model.catalog import Control, SourceDocument
from ojkaudit.model.outcome import ControlStatus, Corroboration, EvidenceGrade
from ojkaudit.model.result import ControlResult, RuleResult
from tests.support.judging import INSTANCE, World, assessed, catalog, named, only, rule, text

GOOD, BAD, UNSEEN = named("a", ok=True), named("b", ok=False), named("c")
WEAK = (EvidenceGrade.CONFIGURED, EvidenceGrade.ATTESTED, EvidenceGrade.DECLARED)


def document(*controls: Control, **given: object) -> SourceDocument:
    chosen = controls or (control(),)
    return SourceDocument(id="DOC", title=text("Doc"), issuer="", controls=chosen, **given)  # type: ignore[arg-type]


def control(**given: object) -> Control:
    fields: dict[str, object] = {"id": "DOC/1", "document": "DOC", "title": text("control")}
    return Control(**{**fields, **given})  # type: ignore[arg-type]


def controls(world: World, *rules: object, **given: object) -> tuple[ControlResult, ...]:
    documents = given.pop("documents", (document(),))
    return assessed(world, *rules, documents=documents, **given).controls  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("nodes", "status"),
    [
        ([GOOD], ControlStatus.SATISFIED),
        ([GOOD, BAD], ControlStatus.NOT_SATISFIED),
        ([BAD, UNSEEN], ControlStatus.NOT_SATISFIED),
        ([GOOD, UNSEEN], ControlStatus.UNDETERMINED),
    ],
)
def test_a_control_is_satisfied_only_by_passes_alone(
    nodes: list[dict[str, object]], status: ControlStatus
) -> None:
    assert only(controls(World().nodes(*nodes), rule())).status is status


def test_what_does_not_apply_neither_helps_nor_harms_a_control() -> None:
    world = World().nodes(GOOD)
    aside = rule(id="T-2", applies="false")
    assert only(controls(world, rule(), aside)).status is ControlStatus.SATISFIED
    assert only(controls(world, aside)).status is ControlStatus.NOT_APPLICABLE


def test_leaving_out_the_rule_that_fails_does_not_satisfy_its_control() -> None:
    passing, left_out = rule(), rule(id="T-2", pass_expression="false")
    everything = catalog(passing, left_out, documents=(document(),))
    judgement = assessed(World().nodes(GOOD), passing, catalog=everything)
    assert only(judgement.controls).status is ControlStatus.UNDETERMINED
    assert judgement.rules_left_out == ("T-2",)


def test_one_unseen_rule_leaves_a_control_undetermined() -> None:
    blind = rule(id="T-2", subjects=(INSTANCE,))
    result = only(controls(World().nodes(GOOD), rule(), blind))
    assert result.status is ControlStatus.UNDETERMINED
    assert result.rules == ("T-001", "T-2")


def test_a_control_nobody_looked_at_is_undetermined() -> None:
    result = only(controls(World().nodes(GOOD), rule(controls=())))
    assert (result.status, result.rules) == (ControlStatus.UNDETERMINED, ())


@pytest.mark.parametrize(
    ("given", "binds"),
    [
        ({}, True),
        ({"in_force_from": date(2026, 11, 20)}, True),
        ({"in_force_from": date(2026, 11, 21)}, False),
        ({"in_force_until": date(2026, 11, 20)}, True),
        ({"in_force_until": date(2026, 11, 19)}, False),
        ({"superseded_by": "DOC-2"}, False),
    ],
)
def test_controls_of_documents_not_in_force_are_left_out(
    given: dict[str, object], binds: bool
) -> None:
    world = World().nodes(GOOD)
    assert bool(controls(world, rule(), documents=(document(**given),))) is binds


@pytest.mark.parametrize(
    ("given", "binds"),
    [
        ({"binds_from": date(2027, 1, 1)}, False),
        ({"binds_from": date(2026, 1, 1)}, True),
        ({"binds_until": date(2026, 1, 1)}, False),
    ],
)
def test_a_control_may_bind_later_than_its_document(given: dict[str, object], binds: bool) -> None:
    chosen = document(control(**given))
    assert bool(controls(World().nodes(GOOD), rule(), documents=(chosen,))) is binds


def test_days_turn_in_jakarta() -> None:
    late = document(in_force_from=date(2026, 11, 20))
    world = World().nodes(named("a", ok=True), read_at=datetime(2026, 11, 19, 17, tzinfo=UTC))
    just_after = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert controls(world, rule(), documents=(late,), now=just_after)
    world = World().nodes(named("a", ok=True), read_at=datetime(2026, 11, 19, 16, tzinfo=UTC))
    just_before = datetime(2026, 11, 19, 16, 59, tzinfo=UTC)
    assert not controls(world, rule(), documents=(late,), now=just_before)


def test_an_article_is_cited_only_where_its_text_was_read() -> None:
    read = control(article="Pasal 1", citable=True)
    unread = control(id="DOC/2", article="Pasal 2")
    results = controls(World().nodes(GOOD), rule(), documents=(document(read, unread),))
    assert [r.citation for r in results] == ["Doc (id), Pasal 1", "Doc (id)"]


def result(rule_id: str, results: tuple[RuleResult, ...]) -> RuleResult:
    return next(r for r in results if r.id == rule_id)


@pytest.mark.parametrize("grade", WEAK)
@pytest.mark.parametrize("by", [EvidenceGrade.OBSERVED, EvidenceGrade.TESTED])
def test_a_weak_pass_is_corroborated_by_a_strong_one_it_names(
    grade: EvidenceGrade, by: EvidenceGrade
) -> None:
    weak = rule(evidence_grade=grade, corroborated_by=("T-2",))
    strong = rule(id="T-2", evidence_grade=by)
    judgement = assessed(World().nodes(GOOD), weak, strong, documents=(document(),))
    found = result("T-001", judgement.rules)
    assert found.corroboration is Corroboration.CORROBORATED
    assert not only(judgement.controls).not_corroborated


@pytest.mark.parametrize("grade", WEAK)
@pytest.mark.parametrize(
    "other",
    [
        rule(id="T-2", pass_expression="false"),
        rule(id="T-2", subjects=(INSTANCE,)),
        rule(id="T-2", applies="false"),
        rule(id="T-2", evidence_grade=EvidenceGrade.CONFIGURED),
        rule(id="T-3"),
    ],
    ids=["fails", "unseen", "not applicable", "as weak", "not named"],
)
def test_a_weak_pass_is_not_corroborated_by_anything_less(
    grade: EvidenceGrade, other: object
) -> None:
    weak = rule(evidence_grade=grade, corroborated_by=("T-2",))
    judgement = assessed(World().nodes(GOOD), weak, other)  # type: ignore[arg-type]
    found = result("T-001", judgement.rules)
    assert found.corroboration is Corroboration.NOT_CORROBORATED


def test_a_strong_rule_that_passes_only_in_part_corroborates_nothing() -> None:
    weak = rule(
        evidence_grade=EvidenceGrade.DECLARED,
        corroborated_by=("T-2",),
        select="object.metadata.name == 'a'",
    )
    judgement = assessed(World().nodes(GOOD, BAD), weak, rule(id="T-2"))
    found = result("T-001", judgement.rules)
    assert found.corroboration is Corroboration.NOT_CORROBORATED


def test_a_manual_finding_leaves_a_control_undetermined() -> None:
    passed = only(assessed(World().nodes(GOOD), rule()).rules)
    manual = replace(passed, counts={**passed.counts, "manual": 1})
    assert control_status([passed]) is ControlStatus.SATISFIED
    assert control_status([manual]) is ControlStatus.UNDETERMINED


def test_a_control_on_weak_passes_alone_says_so() -> None:
    weak = rule(evidence_grade=EvidenceGrade.DECLARED)
    found = only(controls(World().nodes(GOOD), weak))
    assert found.status is ControlStatus.SATISFIED
    assert found.not_corroborated
    strong = rule(id="T-2")
    assert not only(controls(World().nodes(GOOD), weak, strong)).not_corroborated
    aside = rule(id="T-2", applies="false")
    assert only(controls(World().nodes(GOOD), weak, aside)).not_corroborated


@pytest.mark.parametrize(
    "chosen",
    [
        rule(),
        rule(evidence_grade=EvidenceGrade.DECLARED, pass_expression="false"),
        rule(evidence_grade=EvidenceGrade.DECLARED, subjects=(INSTANCE,)),
    ],
    ids=["strong", "fails", "unseen"],
)
def test_strong_rules_and_rules_without_pass_need_no_corroboration(chosen: object) -> None:
    judgement = assessed(World().nodes(GOOD), chosen)  # type: ignore[arg-type]
    assert only(judgement.rules).corroboration is Corroboration.NOT_NEEDED
