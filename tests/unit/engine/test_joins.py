"""Joined kinds: what expressions see as `inputs`."""

from __future__ import annotations

import pytest

from ojkaudit.engine.joins import values_at
from ojkaudit.model.catalog import Join
from ojkaudit.model.outcome import CoverageStatus, Evaluate, Outcome, ReasonCode
from tests.support.judging import (
    NAMESPACE,
    NODE,
    POD,
    SITE,
    World,
    judged,
    named,
    only,
    rule,
    target,
)


def outcome(world: World, expression: str, *joins: Join, **given: object) -> Outcome:
    chosen = rule(joins=joins, pass_expression=expression, **given)
    return only(judged(world, chosen)).outcome


def test_a_named_join_is_a_list_of_payloads() -> None:
    world = World().nodes(named("a")).sites()
    join = Join(kind=SITE, name="sites")
    expression = "inputs.sites.map(s, s.id) == ['bukit-tenang', 'cikaso']"
    assert outcome(world, expression, join) is Outcome.PASS


def test_a_keyed_join_is_a_map() -> None:
    world = World().nodes(named("a", site="cikaso")).sites()
    join = Join(kind=SITE, name="sites", keyed_by="id")
    assert outcome(world, "inputs.sites[object.site].role == 'primary'", join) is Outcome.PASS


def test_a_keyed_join_misses_nothing_quietly() -> None:
    join = Join(kind=SITE, name="sites", keyed_by="id")
    for faulty in ({"country": "ID", "cidrs": []}, {"id": "cikaso", "country": "SG", "cidrs": []}):
        world = World().nodes(named("a")).sites({"id": "cikaso", "country": "ID"}, faulty)
        finding = only(judged(world, rule(joins=(join,), pass_expression="true")))
        assert finding.reason in (ReasonCode.EXPRESSION_ERROR,)
        assert finding.outcome is Outcome.UNKNOWN


def test_a_condition_looks_up_by_a_value_of_the_subject() -> None:
    world = World().nodes(named("n1"), named("n2"))
    world.read(
        "okd",
        POD,
        named("p", "one", spec={"nodeName": "n1"}),
        named("q", "two", spec={"nodeName": "n1"}),
        named("r", "two", spec={"nodeName": "n3"}),
    )
    join = Join(kind=POD, name="pods", field="spec.nodeName", equals="object.metadata.name")
    findings = judged(
        world,
        rule(joins=(join,), pass_expression="inputs.pods.map(p, p.metadata.name) == ['p', 'q']"),
    )
    assert [f.outcome for f in findings] == [Outcome.PASS, Outcome.FAIL]


def test_a_list_matches_by_any_of_its_items_once() -> None:
    world = (
        World()
        .nodes(named("a", host="db"))
        .sites({"id": "s", "country": "ID", "cidrs": [], "hosts": ["db", "db", "web"]})
    )
    join = Join(kind=SITE, name="s", field="hosts", equals="object.host")
    assert outcome(world, "size(inputs.s) == 1 && inputs.s[0].id == 's'", join) is Outcome.PASS


def test_a_list_of_the_subject_looks_up_each_of_its_items() -> None:
    world = World().nodes(named("a", sites=["cikaso", "nowhere", "bukit-tenang"])).sites()
    join = Join(kind=SITE, name="s", field="id", equals="object.sites", keyed_by="id")
    assert outcome(world, "size(inputs.s) == 2 && 'cikaso' in inputs.s", join) is Outcome.PASS


def test_numbers_match_across_types_and_booleans_do_not() -> None:
    world = (
        World()
        .nodes(named("a"))
        .sites({"id": "one", "country": "ID", "n": 1}, {"id": "true", "country": "ID", "n": True})
    )
    join = Join(kind=SITE, name="s", field="n", equals="1.0")
    assert outcome(world, "inputs.s.map(s, s.id) == ['one']", join) is Outcome.PASS


def test_a_subject_without_the_value_to_look_up_is_unknown() -> None:
    world = World().nodes(named("a")).sites()
    for equals in ("object.nothing", "object.metadata", "null"):
        join = Join(kind=SITE, name="s", field="id", equals=equals)
        assert outcome(world, "size(inputs.s) == 0", join) is Outcome.UNKNOWN


def test_a_join_of_the_own_family_stays_within_the_target() -> None:
    world = World(target("one", "kubernetes"), target("two", "kubernetes"))
    world.read("one", NODE, named("a")).read("one", POD, named("p", "ns"))
    world.read("two", NODE, named("b")).read("two", POD)
    join = Join(kind=POD, name="pods")
    findings = judged(world, rule(joins=(join,), pass_expression="size(inputs.pods) == 1"))
    assert [f.outcome for f in findings] == [Outcome.PASS, Outcome.FAIL]


def test_what_another_target_of_the_family_hides_does_not_matter() -> None:
    world = World(target("one", "kubernetes"), target("two", "kubernetes"))
    world.read("one", NODE, named("a")).read("one", POD)
    world.read("two", NODE, named("b")).read("two", POD, status=CoverageStatus.DENIED)
    join = Join(kind=POD, name="pods")
    findings = judged(world, rule(joins=(join,), pass_expression="size(inputs.pods) == 0"))
    assert [f.outcome for f in findings] == [Outcome.PASS, Outcome.UNKNOWN]


def test_a_join_of_another_family_spans_all_its_targets() -> None:
    world = World(target("one", "kubernetes"), target("two", "kubernetes"), target("register"))
    world.read("one", NODE, named("a")).read("two", NODE, named("b"))
    world.read("register", "register/System", {"id": "core", "ok": True})
    join = Join(kind=NODE, name="nodes")
    chosen = rule(
        subjects=("register/System",), joins=(join,), pass_expression="size(inputs.nodes) == 2"
    )
    assert only(judged(world, chosen)).outcome is Outcome.PASS
    del world.coverage["two", NODE]
    assert only(judged(world, chosen)).outcome is Outcome.UNKNOWN


def test_a_set_rule_can_join() -> None:
    world = World().nodes(named("a", site="cikaso")).sites()
    join = Join(kind=SITE, name="sites", keyed_by="id")
    expression = "items.all(i, i.site in inputs.sites) && size(items) == 1"
    assert outcome(world, expression, join, evaluate=Evaluate.SET) is Outcome.PASS


def test_a_joined_resource_with_two_contents_is_unknown() -> None:
    world = World().nodes(named("a"))
    world.read("okd", POD, named("p", "ns", x=1), named("p", "ns", x=2))
    assert outcome(world, "size(inputs.p) > 0", Join(kind=POD, name="p")) is Outcome.UNKNOWN


def test_the_namespace_of_a_subject_is_found_by_its_name() -> None:
    world = World().read("okd", POD, named("p", "pay"))
    world.read("okd", NAMESPACE, named("web", tier="x"), named("pay", tier="restricted"))
    chosen = rule(subjects=(POD,), pass_expression="namespaceObject.tier == 'restricted'")
    assert only(judged(world, chosen)).outcome is Outcome.PASS


def test_a_namespace_that_was_not_listed_is_unknown() -> None:
    world = World().read("okd", POD, named("p", "pay")).read("okd", NAMESPACE, named("web"))
    chosen = rule(subjects=(POD,), pass_expression="!has(namespaceObject.tier)")
    assert only(judged(world, chosen)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", [1]),
        ("a.c", ["x", "y"]),
        ("a.list.k", [2, 3]),
        ("a.list", []),
        ("a.missing.b", []),
        (r"a.dotted\.key", [True]),
        ("a.nothing", []),
    ],
)
def test_a_path_reaches_into_lists(path: str, found: list[object]) -> None:
    payload = {
        "a": {
            "b": 1,
            "c": ["x", ["y"]],
            "list": [{"k": 2}, {"k": 3}, {"j": 4}],
            "dotted.key": True,
            "nothing": None,
        }
    }
    assert list(values_at(payload, path)) == found
