"""The laws of the engine, one after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ojkaudit import engine
from ojkaudit.errors import ConfigurationError, ContentError
from ojkaudit.model.catalog import Join
from ojkaudit.model.outcome import CoverageStatus, OnAbsent, OnEmpty, Outcome, ReasonCode
from tests.support.judging import (
    INSTANCE,
    NODE,
    NOW,
    POD,
    SITE,
    World,
    covered,
    inputs,
    judged,
    named,
    only,
    rule,
    target,
    text,
)

UNREADABLE = (
    CoverageStatus.DENIED,
    CoverageStatus.PARTIAL,
    CoverageStatus.ERROR,
    CoverageStatus.STALE,
)


def outcomes(findings: object) -> list[tuple[str, Outcome]]:
    return [(f.subject.name, f.outcome) for f in findings]  # type: ignore[attr-defined]


# 1. Every selected rule x subject yields exactly one finding; every rule at least one.


def test_every_subject_has_exactly_one_finding() -> None:
    world = World().nodes(named("b", ok=False), named("a", ok=True), named("c"))
    findings = judged(world, rule())
    assert outcomes(findings) == [
        ("a", Outcome.PASS),
        ("b", Outcome.FAIL),
        ("c", Outcome.UNKNOWN),
    ]


def test_every_rule_has_a_finding_whatever_was_read() -> None:
    rules = [
        rule(id="T-1"),
        rule(id="T-2", subjects=(INSTANCE,)),
        rule(id="T-3", subjects=("mainframe/Disk",)),
        rule(id="T-4", subjects=("register/System",)),
    ]
    findings = judged(World().nodes(), *rules)
    assert [f.rule for f in findings] == ["T-1", "T-2", "T-3", "T-4"]


def test_the_same_resource_read_twice_is_one_subject() -> None:
    world = World().nodes(named("a", ok=True), named("a", ok=True))
    assert outcomes(judged(world, rule())) == [("a", Outcome.PASS)]


def test_one_resource_with_two_contents_is_unknown() -> None:
    finding = only(judged(World().nodes(named("a", ok=True), named("a", ok=False)), rule()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.PARTIAL)


def test_findings_come_sorted_by_rule_target_kind_and_name() -> None:
    world = World(target("zulu", "kubernetes"), target("alfa", "kubernetes"))
    for where in ("zulu", "alfa"):
        world.read(where, POD, named("p", "two", ok=True), named("q", "one", ok=True))
        world.read(where, NODE, named("n", ok=True))
    rules = [rule(id="T-2", subjects=(POD, NODE)), rule(id="T-1")]
    findings = judged(world, *rules)
    keys = [(f.rule, f.subject) for f in findings]
    assert keys == sorted(keys)
    assert len(keys) == 2 + 2 * 3


def test_rules_are_reported_as_they_are_judged() -> None:
    calls: list[tuple[str, int, int]] = []
    world = World().nodes(named("a", ok=True))
    stream = engine.evaluate(
        inputs(rule(id="T-2"), rule(id="T-1")), world.snapshot(), lambda *call: calls.append(call)
    )
    next(stream)
    assert calls == [("T-1", 1, 2)]
    list(stream)
    assert calls == [("T-1", 1, 2), ("T-2", 2, 2)]


# 2. Coverage of a needed kind is not complete: unknown, naming target, kind and missing right.


@pytest.mark.parametrize("status", UNREADABLE)
def test_subjects_not_read_completely_are_unknown(status: CoverageStatus) -> None:
    world = World().nodes(status=status, missing_right="list nodes", detail="as told")
    finding = only(judged(world, rule(on_empty=OnEmpty.PASS, empty_ok_because=text())))
    assert finding.outcome is Outcome.UNKNOWN
    assert finding.reason.value == status.value
    for sentence in (finding.message.id, finding.message.en):
        assert "okd" in sentence
        assert NODE in sentence
        assert "as told" in sentence
    assert finding.missing_right == "list nodes"


def test_a_denied_kind_names_the_right_to_grant() -> None:
    world = World().nodes(status=CoverageStatus.DENIED, missing_right="list nodes")
    finding = only(judged(world, rule()))
    assert "list nodes" in finding.message.id
    assert "list nodes" in finding.message.en


@pytest.mark.parametrize("status", [*UNREADABLE, CoverageStatus.ABSENT])
def test_a_joined_kind_not_read_makes_every_subject_unknown(status: CoverageStatus) -> None:
    world = World().nodes(named("a", ok=True), named("b", ok=True)).sites(status=status)
    findings = judged(world, rule(joins=(Join(kind=SITE),)))
    assert outcomes(findings) == [("a", Outcome.UNKNOWN), ("b", Outcome.UNKNOWN)]
    assert all(SITE in f.message.en for f in findings)


@pytest.mark.parametrize("expression", ["siteOf('10.1.0.1') == 'cikaso'", "countryOf('x') == ''"])
def test_functions_that_read_the_site_register_need_its_coverage(expression: str) -> None:
    world = World().nodes(named("a"))
    unread = only(judged(world, rule(pass_expression=expression)))
    assert (unread.outcome, unread.reason) == (Outcome.UNKNOWN, ReasonCode.NOT_COLLECTED)
    world.sites()
    assert only(judged(world, rule(pass_expression=expression))).outcome is Outcome.PASS


def test_a_kind_without_coverage_entry_is_unknown_even_with_resources() -> None:
    world = World().nodes(named("a", ok=True))
    world.coverage.clear()
    finding = only(judged(world, rule()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.NOT_COLLECTED)


@pytest.mark.parametrize("status", [s for s in CoverageStatus if s is not CoverageStatus.COMPLETE])
def test_two_coverage_entries_for_a_kind_count_as_the_worse_one(status: CoverageStatus) -> None:
    world = World().nodes(named("a", ok=True))
    world.extra_coverage.append(covered("okd", NODE, 1, status=status))
    finding = only(judged(world, rule()))
    assert (finding.outcome, finding.reason.value) == (Outcome.UNKNOWN, status.value)


def test_absent_and_denied_together_are_not_an_empty_list() -> None:
    world = World().read("okd", NODE, status=CoverageStatus.ABSENT)
    world.extra_coverage.append(covered("okd", NODE, 0, status=CoverageStatus.DENIED))
    finding = only(judged(world, rule(on_absent=OnAbsent.NOT_APPLICABLE)))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.DENIED)


@pytest.mark.parametrize("count", [0, 2])
def test_more_or_fewer_resources_than_were_read_is_unknown(count: int) -> None:
    world = World().nodes(named("a", ok=True), count=count)
    finding = only(judged(world, rule()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.PARTIAL)


def test_a_family_without_collector_is_unknown() -> None:
    world = World(families=("register",)).nodes(named("a", ok=True))
    world.targets = [target("register")]
    finding = only(judged(world, rule()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.NO_COLLECTOR)


def test_a_family_without_target_is_unknown() -> None:
    finding = only(judged(World().nodes(), rule(subjects=(INSTANCE,))))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.NO_TARGET)
    assert INSTANCE in finding.message.en


@pytest.mark.parametrize(
    ("families", "reason"),
    [(("kubernetes",), ReasonCode.NO_COLLECTOR), (("kubernetes", "x"), ReasonCode.NO_TARGET)],
)
def test_a_join_over_a_family_nobody_read_is_unknown(
    families: tuple[str, ...], reason: ReasonCode
) -> None:
    world = World(target("okd", "kubernetes"), families=families).nodes(named("a", ok=True))
    finding = only(judged(world, rule(joins=(Join(kind="x/Y", on_absent=OnAbsent.EMPTY),))))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, reason)


def test_each_kind_of_a_group_is_judged_apart() -> None:
    world = World().nodes(status=CoverageStatus.DENIED)
    world.read("okd", POD, named("p", "ns", ok=True))
    findings = judged(world, rule(subjects=(POD, NODE)))
    assert [(f.subject.kind, f.outcome) for f in findings] == [
        (NODE, Outcome.UNKNOWN),
        (POD, Outcome.PASS),
    ]


def test_an_unread_kind_of_a_group_keeps_emptiness_from_counting() -> None:
    world = World().nodes().read("okd", POD, status=CoverageStatus.ERROR)
    findings = judged(
        world, rule(subjects=(POD, NODE), on_empty=OnEmpty.PASS, empty_ok_because=text())
    )
    assert [(f.subject.kind, f.outcome) for f in findings] == [(POD, Outcome.UNKNOWN)]


# 3. A CEL error, too old evidence, weak evidence: unknown.


def test_an_expression_error_is_unknown_with_place_and_missing_path() -> None:
    finding = only(judged(World().nodes(named("a")), rule(pass_expression="true &&\n object.x.y")))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.EXPRESSION_ERROR)
    for sentence in (finding.message.id, finding.message.en):
        assert "'pass'" in sentence
        assert "2:" in sentence
        assert "object.x" in sentence


@pytest.mark.parametrize("name", ["select", "applies", "unknown"])
def test_an_error_in_any_condition_is_unknown(name: str) -> None:
    world = World().nodes(named("a", ok=True))
    finding = only(judged(world, rule(**{name: "object.missing == 1"})))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.EXPRESSION_ERROR)
    assert f"'{name}'" in finding.message.en


@pytest.mark.parametrize("value", [1, "true", None, ["x"]])
def test_a_result_that_is_no_boolean_is_unknown(value: object) -> None:
    finding = only(judged(World().nodes(named("a", ok=value)), rule()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.EXPRESSION_ERROR)


def test_an_expression_that_never_ends_is_unknown() -> None:
    loop = "object.n.all(a, object.n.all(b, object.n.all(c, a + b + c >= 0)))"
    world = World().nodes(named("a", n=list(range(200))))
    finding = only(judged(world, rule(pass_expression=loop)))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.EXPRESSION_ERROR)


def test_weak_evidence_is_unknown_with_the_rules_reason() -> None:
    world = World().nodes(named("a", ok=True, hidden=True))
    finding = only(judged(world, rule(unknown="object.hidden", unknown_reason=text("grant it"))))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.WEAK_EVIDENCE)
    assert finding.message == text("grant it")


@pytest.mark.parametrize(
    ("hours", "given", "outcome"),
    [
        (23, {}, Outcome.PASS),
        (25, {}, Outcome.UNKNOWN),
        (25, {"max_age_hours": 48}, Outcome.PASS),
        (2, {"max_age_hours": 1}, Outcome.UNKNOWN),
    ],
)
def test_evidence_older_than_its_allowed_age_is_unknown(
    hours: int, given: dict[str, int], outcome: Outcome
) -> None:
    world = World().nodes(named("a", ok=True), read_at=NOW - timedelta(hours=hours))
    finding = only(judged(world, rule(**given)))
    assert finding.outcome is outcome
    if outcome is Outcome.UNKNOWN:
        assert finding.reason is ReasonCode.STALE


def test_an_old_empty_listing_or_absence_does_not_count_either() -> None:
    for status in (CoverageStatus.COMPLETE, CoverageStatus.ABSENT):
        world = World().nodes(status=status, read_at=NOW - timedelta(days=9))
        lenient = rule(
            on_empty=OnEmpty.PASS, empty_ok_because=text(), on_absent=OnAbsent.NOT_APPLICABLE
        )
        assert only(judged(world, lenient)).reason is ReasonCode.STALE


@pytest.mark.parametrize(("minutes", "outcome"), [(4, Outcome.PASS), (6, Outcome.UNKNOWN)])
def test_evidence_from_the_future_is_unknown(minutes: int, outcome: Outcome) -> None:
    world = World().nodes(named("a", ok=True), read_at=NOW + timedelta(minutes=minutes))
    assert only(judged(world, rule())).outcome is outcome


# 4. No subject: the rule's `on_empty`, but only after the listing itself succeeded.


@pytest.mark.parametrize("on_empty", OnEmpty)
def test_a_complete_listing_without_subject_leads_to_on_empty(on_empty: OnEmpty) -> None:
    finding = only(judged(World().nodes(), rule(on_empty=on_empty, empty_ok_because=text("fine"))))
    assert finding.outcome.value == on_empty.value
    assert finding.reason is ReasonCode.EMPTY
    assert "okd" in finding.message.en
    if on_empty is OnEmpty.PASS:
        assert "fine (en)" in finding.message.en
        assert "fine (id)" in finding.message.id


def test_a_pass_over_nothing_needs_its_reason() -> None:
    assert only(judged(World().nodes(), rule(on_empty=OnEmpty.PASS))).outcome is Outcome.UNKNOWN


def test_subjects_the_rule_does_not_select_leave_an_empty_list() -> None:
    world = World().nodes(named("a", ok=True, cloud=False))
    finding = only(judged(world, rule(select="object.cloud", on_empty=OnEmpty.NOT_APPLICABLE)))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_APPLICABLE, ReasonCode.EMPTY)


def test_a_resource_whose_selection_fails_is_never_dropped() -> None:
    world = World().nodes(named("a", cloud=False, ok=True), named("b", ok=True))
    findings = judged(world, rule(select="object.cloud"))
    assert outcomes(findings) == [("b", Outcome.UNKNOWN)]


@pytest.mark.parametrize("on_empty", OnEmpty)
def test_emptiness_does_not_count_while_a_joined_kind_is_unread(on_empty: OnEmpty) -> None:
    world = World().nodes().sites(status=CoverageStatus.DENIED)
    given = rule(on_empty=on_empty, empty_ok_because=text(), joins=(Join(kind=SITE),))
    assert only(judged(world, given)).outcome is Outcome.UNKNOWN


def test_emptiness_is_judged_for_each_target() -> None:
    world = World(target("one", "kubernetes"), target("two", "kubernetes"))
    world.read("one", NODE, named("a", ok=True)).read("two", NODE)
    findings = judged(world, rule())
    assert [(f.subject.target, f.outcome) for f in findings] == [
        ("one", Outcome.PASS),
        ("two", Outcome.FAIL),
    ]


# `absent` is what the rule says it is.


@pytest.mark.parametrize(
    ("on_absent", "outcome"),
    [
        (OnAbsent.UNKNOWN, Outcome.UNKNOWN),
        (OnAbsent.NOT_APPLICABLE, Outcome.NOT_APPLICABLE),
        (OnAbsent.FAIL, Outcome.FAIL),
        (OnAbsent.EMPTY, Outcome.PASS),
    ],
)
def test_a_kind_the_target_does_not_serve_is_what_the_rule_says(
    on_absent: OnAbsent, outcome: Outcome
) -> None:
    world = World().nodes(status=CoverageStatus.ABSENT)
    given = rule(on_absent=on_absent, on_empty=OnEmpty.PASS, empty_ok_because=text())
    finding = only(judged(world, given))
    assert finding.outcome is outcome
    assert finding.reason is (
        ReasonCode.EMPTY if on_absent is OnAbsent.EMPTY else ReasonCode.ABSENT
    )


def test_an_absent_join_is_empty_only_where_the_rule_says_so() -> None:
    world = World().nodes(named("a")).sites(status=CoverageStatus.ABSENT)
    world.resources = [r for r in world.resources if r.ref.kind != SITE]
    for on_absent, outcome in (
        (OnAbsent.EMPTY, Outcome.PASS),
        (OnAbsent.UNKNOWN, Outcome.UNKNOWN),
    ):
        join = Join(kind=SITE, name="sites", on_absent=on_absent)
        given = rule(joins=(join,), pass_expression="size(inputs.sites) == 0")
        assert only(judged(world, given)).outcome is outcome


def test_of_two_opinions_on_an_absent_join_the_stricter_counts() -> None:
    absent = CoverageStatus.ABSENT
    world = World().nodes(named("a")).read("register", "register/Vendor", status=absent)
    lenient = Join(kind="register/Vendor", name="one", on_absent=OnAbsent.EMPTY)
    strict = Join(kind="register/Vendor", name="two")
    for joins, outcome in (
        ((lenient,), Outcome.PASS),
        ((lenient, strict), Outcome.UNKNOWN),
        ((strict, lenient), Outcome.UNKNOWN),
    ):
        assert only(judged(world, rule(joins=joins, pass_expression="true"))).outcome is outcome


# Order per subject: select, coverage, applies, unknown, pass.


def test_a_rule_that_does_not_apply_says_why() -> None:
    world = World().nodes(named("a", ok=False))
    finding = only(judged(world, rule(applies="false", unknown="true", applies_reason=text("no"))))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_APPLICABLE, ReasonCode.NOT_APPLICABLE)
    assert finding.message == text("no")


def test_coverage_comes_before_whether_a_rule_applies() -> None:
    world = World().nodes(named("a")).sites(status=CoverageStatus.DENIED)
    finding = only(judged(world, rule(applies="false", joins=(Join(kind=SITE),))))
    assert finding.outcome is Outcome.UNKNOWN


# What a finding tells.


def test_a_failing_finding_names_the_terms_that_failed() -> None:
    world = World().nodes(named("a", ready=True, disk=90, load=7))
    given = rule(pass_expression="object.ready && object.disk < 80 &&\n  object.load < 5")
    finding = only(judged(world, given))
    assert [(t.text, t.line) for t in finding.failed_terms] == [
        ("object.disk < 80", 1),
        ("object.load < 5", 2),
    ]
    assert "90" in finding.failed_terms[0].detail


def test_what_was_observed_is_printed() -> None:
    world = World().nodes(named("a", ok=True, ips=["10.1.0.1", "10.1.0.2"]))
    finding = only(judged(world, rule(observed="object.ips")))
    assert finding.observed == "[10.1.0.1, 10.1.0.2]"


@pytest.mark.parametrize("ok", [True, False])
def test_an_error_in_observed_changes_no_outcome(ok: bool) -> None:
    finding = only(judged(World().nodes(named("a", ok=ok)), rule(observed="object.nothing.here")))
    assert finding.outcome is (Outcome.PASS if ok else Outcome.FAIL)
    assert finding.observed == ""


def test_a_finding_points_at_its_evidence() -> None:
    world = World().nodes(named("a", ok=True))
    assert only(judged(world, rule())).evidence == (world.resources[0].digest,)


# 9. Nothing to look at is an error, not a success.


def test_no_rule_is_an_error() -> None:
    with pytest.raises(ContentError, match="nothing to judge"):
        engine.evaluate(inputs(), World().snapshot())


def test_no_target_is_an_error() -> None:
    world = World()
    world.targets = []
    with pytest.raises(ConfigurationError, match="nothing to judge"):
        engine.evaluate(inputs(rule()), world.snapshot())


def test_a_rule_selected_twice_is_an_error() -> None:
    with pytest.raises(ContentError, match="selected twice"):
        engine.evaluate(inputs(rule(), rule()), World().snapshot())


def test_a_rule_that_does_not_compile_is_named_before_anything_is_judged() -> None:
    broken = rule(pass_expression="object.ok &&", source_file="test/T-001.yaml")
    with pytest.raises(ContentError) as caught:
        engine.evaluate(inputs(broken), World().snapshot())
    assert "test/T-001.yaml" in str(caught.value)
