"""Whatever is taken away from the evidence, nothing begins to pass."""

from __future__ import annotations

import copy
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.evidence import Resource
from ojkaudit.model.outcome import CoverageStatus, Evaluate, OnAbsent, OnEmpty, Outcome
from ojkaudit.model.result import Finding
from tests.support.judging import (
    CIKASO,
    NAMESPACE,
    NODE,
    NOW,
    POD,
    SITE,
    World,
    judged,
    named,
    rule,
    target,
    text,
)

KINDS = ((NODE, "okd"), (POD, "okd"), (NAMESPACE, "okd"), (SITE, "register"))
EACH = (
    "object.ok",
    "!has(object.bad)",
    "object.items.all(i, i > 0)",
    "object.?items.orValue([]).all(i, i > 0)",
    "siteOf(object.ip) == 'cikaso'",
    "siteOf(object.ip) == ''",
    "size(inputs.j) == 0 || inputs.j.all(x, has(x.metadata) || has(x.id))",
    "!inputs.j.exists(x, has(x.bad))",
    "has(namespaceObject.metadata) || true",
    "true",
)
SET = ("items.all(i, i.ok)", "size(items) < 9", "!items.exists(i, has(i.bad))", "true")
CONDITIONS = ("", "has(object.ok)", "object.ok", "!has(object.bad)")

payloads = st.builds(
    lambda name, fields: named(name, "ns", **fields),
    st.sampled_from("abcd"),
    st.fixed_dictionaries(
        {},
        optional={
            "ok": st.booleans(),
            "bad": st.just(1),
            "items": st.lists(st.integers(-1, 2), max_size=3),
            "ip": st.sampled_from(["10.1.0.1", "10.9.0.1", "x"]),
        },
    ),
)
listings = st.lists(payloads, max_size=4, unique_by=lambda p: p["metadata"]["name"])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    is_set = draw(st.booleans())
    joined = draw(st.sampled_from([NODE, POD, NAMESPACE, SITE]))
    absent = draw(st.sampled_from([OnAbsent.UNKNOWN, OnAbsent.EMPTY]))
    return rule(
        subjects=tuple(draw(st.sampled_from([(NODE,), (POD,), (NODE, POD)]))),
        evaluate=Evaluate.SET if is_set else Evaluate.EACH,
        pass_expression=draw(st.sampled_from(SET if is_set else EACH)),
        select=draw(st.sampled_from(CONDITIONS)),
        applies="" if is_set else draw(st.sampled_from(CONDITIONS)),
        unknown="" if is_set else draw(st.sampled_from(("", "has(object.bad)"))),
        joins=(Join(kind=joined, name="j", on_absent=absent),),
        on_empty=draw(st.sampled_from(OnEmpty)),
        on_absent=draw(st.sampled_from(OnAbsent)),
        empty_ok_because=text(),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    made = World(target("okd", "kubernetes"), target("register"))
    for kind, where in KINDS[:-1]:
        made.read(where, kind, *draw(listings))
    return made.read("register", SITE, *draw(st.sampled_from([(), (CIKASO,)])))


UNREADABLE = (
    CoverageStatus.DENIED,
    CoverageStatus.PARTIAL,
    CoverageStatus.ERROR,
    CoverageStatus.STALE,
)


def passing(findings: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    return {
        (f.subject.target, f.subject.kind, f.subject.name)
        for f in findings
        if f.outcome is Outcome.PASS
    }


def blinded(world: World, kind: str, where: str, how: CoverageStatus | str) -> World:
    """The same platform, with one kind read worse: nothing of it, or half of it, is kept."""
    other = copy.copy(world)
    entry = world.coverage[where, kind]
    kept: list[Resource] = [r for r in world.resources if r.ref.kind != kind]
    if how in (CoverageStatus.PARTIAL, "dropped", "old", "missing"):
        kept += [r for r in world.resources if r.ref.kind == kind][:1]
    other.resources = kept
    other.coverage = dict(world.coverage)
    if how == "missing":
        del other.coverage[where, kind]
        return other
    changes: dict[str, object] = {"count": sum(r.ref.kind == kind for r in kept)}
    if isinstance(how, CoverageStatus):
        changes["status"] = how
    elif how == "old":
        changes["read_at"] = NOW - timedelta(days=3)
    else:
        changes["count"] = entry.count
    fields = {name: getattr(entry, name) for name in entry.__slots__}
    other.coverage[where, kind] = type(entry)(**{**fields, **changes})
    return other


@settings(max_examples=300)
@given(
    chosen=rules(),
    world=worlds(),
    taken=st.sampled_from(KINDS),
    how=st.sampled_from([*UNREADABLE, "old", "missing"]),
)
def test_reading_less_never_turns_anything_into_a_pass(
    chosen: Rule, world: World, taken: tuple[str, str], how: CoverageStatus | str
) -> None:
    before = judged(world, chosen)
    after = judged(blinded(world, *taken, how), chosen)
    assert passing(after) <= passing(before)
    if taken[0] in chosen.subjects or taken[0] in {j.kind for j in chosen.joins}:
        blind_kind = taken[0] in chosen.subjects and len(chosen.subjects) > 1
        is_joined = taken[0] in {j.kind for j in chosen.joins}
        # A rule over several kinds may still pass on the kinds it could read.
        if is_joined or not blind_kind or chosen.evaluate is Evaluate.SET:
            assert not passing(after)


@settings(max_examples=150)
@given(chosen=rules(), world=worlds(), taken=st.sampled_from(KINDS))
def test_evidence_lost_after_reading_is_noticed(
    chosen: Rule, world: World, taken: tuple[str, str]
) -> None:
    kind, where = taken
    lost = blinded(world, kind, where, "dropped")
    if len(lost.resources) == len(world.resources):
        return
    assert passing(judged(lost, chosen)) <= passing(judged(world, chosen))


@settings(max_examples=150)
@given(chosen=rules(), world=worlds(), taken=st.sampled_from(KINDS))
def test_a_kind_that_is_not_served_passes_only_where_the_rule_says_so(
    chosen: Rule, world: World, taken: tuple[str, str]
) -> None:
    after = judged(blinded(world, *taken, CoverageStatus.ABSENT), chosen)
    joins = {j.kind: j.on_absent for j in chosen.joins}
    is_declared = OnAbsent.EMPTY in (chosen.on_absent, joins.get(taken[0]))
    is_aside = OnAbsent.NOT_APPLICABLE is chosen.on_absent and len(chosen.subjects) > 1
    if taken[0] in {*chosen.subjects, *joins} and not is_declared and not is_aside:
        blind = passing(after)
        assert not {key for key in blind if key[1] == taken[0]} or taken[0] not in chosen.subjects
        if taken[0] in joins:
            assert not blind


@settings(max_examples=150)
@given(chosen=rules(), world=worlds())
def test_an_empty_list_passes_only_where_the_rule_declares_it(chosen: Rule, world: World) -> None:
    empty = world
    for kind in chosen.subjects:
        empty = blinded(empty, kind, "okd", CoverageStatus.COMPLETE)
    findings = judged(empty, chosen)
    if chosen.on_empty is not OnEmpty.PASS:
        assert not passing(findings)
