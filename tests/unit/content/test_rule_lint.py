"""Lint of a catalog: everything that can be said without judging evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ojkaudit.content import RuleCases, lint, load_cases, read_catalog
from ojkaudit.content.lint_cases import reachable
from ojkaudit.model.catalog import Profile
from ojkaudit.model.outcome import Outcome
from ojkaudit.model.text import Text
from tests.support.content_files import (
    CASES,
    DOCUMENT,
    PARAMETERS,
    REGIONS,
    RULE,
    changed,
    line_of,
    write,
    write_catalog,
)

Change = tuple[tuple[str | int, ...], object]
REASON = {"id": "Alasan dalam bahasa Indonesia.", "en": "The reason in English."}
POD = (("subject",), "kubernetes/v1/Pod")
SET = (("evaluate",), "set")


def cases_for(folder: Path, data: object = CASES) -> tuple[RuleCases, ...]:
    write(folder / "TST-001.yaml", data)
    return load_cases(folder)


def problems(
    tmp_path: Path,
    *changes: Change,
    cases: Sequence[RuleCases] | None = None,
    profiles: Sequence[Profile] = (),
    **tables: Any,
) -> list[str]:
    """Return what lint says of the one rule with the changes, cases taken care of."""
    rule = changed(RULE, *changes)
    folder = write_catalog(tmp_path / "rules", rule, **tables)
    files = read_catalog([folder])
    if cases is None:
        evidence = {files.catalog.rules[0].subjects[0]: []}
        both = [{"name": e, "expect": e, "evidence": evidence} for e in ("pass", "fail")]
        cases = cases_for(tmp_path / "cases", {"rule": "TST-001", "cases": both})
    found = lint(files.catalog, cases, profiles, files.rule_files)
    return [str(problem).removeprefix(f"{folder}/uji/") for problem in found]


def named(found: list[str], message: str) -> str:
    hits = [text for text in found if message in text]
    assert len(hits) == 1, found
    return hits[0]


def test_a_good_rule_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("object.a ==", "TST-001.yaml:13:18:", "pass: "),
        ("object.a == nosuch", "TST-001.yaml:13:19:", "nosuch"),
        ("'a' + 'b'", "TST-001.yaml:13:12:", "pass: "),
        ("days('1') > days(2)", "TST-001.yaml:13:11:", "pass: "),
    ],
)
def test_an_expression_that_does_not_compile_names_its_place(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    found = named(problems(tmp_path, (("pass",), text)), message)
    assert found.startswith(place), found


def test_the_place_in_a_block_text_is_the_place_in_the_file(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    file = folder / "uji/TST-001.yaml"
    text = file.read_text().replace(
        "pass: has(object.metadata.labels)",
        "pass: |-\n    object.a == 1\n\n    && nosuch == 2",
    )
    file.write_text(text)
    files = read_catalog([folder])
    (problem,) = lint(files.catalog, cases_for(tmp_path / "cases"), (), files.rule_files)
    assert (problem.line, problem.column) == (line_of(file, "nosuch"), 8)


def test_without_files_problems_name_rule_and_expression(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", changed(RULE, (("pass",), "nosuch")))
    catalog = read_catalog([folder]).catalog
    (problem,) = lint(catalog, cases_for(tmp_path / "cases"), ())
    assert (problem.file, problem.line) == ("uji/TST-001.yaml", 0)
    assert problem.message.startswith("TST-001: pass: ")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([(("pass",), "size(items) > 0")], "only rules with 'evaluate: set' judge 'items'"),
        ([SET, (("pass",), "object.a")], "a rule with 'evaluate: set' judges 'items'"),
        ([SET, (("select",), "size(items) > 0"), (("pass",), "size(items) > 0")], "'select' sees one resource at a time"),
        ([(("pass",), "has(podSpec.a)")], "'podSpec' exists for workload kinds only"),
        ([(("pass",), "size(allContainers) > 0")], "'allContainers' exists for workload kinds only"),
        ([POD, SET, (("pass",), "size(items) > 0 && has(podSpec.a)")], "'podSpec' belongs to one resource"),
        ([(("subject",), "register/Site"), (("pass",), "has(namespaceObject.a)")], "'namespaceObject' exists for Kubernetes kinds only"),
        ([POD, SET, (("pass",), "has(namespaceObject.a)")], "'namespaceObject' belongs to one resource"),
        ([(("select",), "siteOf(object.ip) != ''")], "'siteOf' reads another kind before its coverage is known"),
        ([(("select",), "has(namespaceObject.a)")], "'namespaceObject' reads another kind before"),
        ([(("select",), "size(inputs.s) > 0"), (("joins",), [{"kind": "register/System", "as": "s"}])], "'inputs' reads another kind before"),
        ([(("pass",), "size(inputs.systems) > 0")], "'inputs.systems' names no join"),
        ([(("pass",), "size(inputs) > 0")], "name the join, as in inputs.name"),
        ([(("pass",), "inputs[object.a] == 1")], "name the join, as in inputs.name"),
        ([(("pass",), "object.n > params.min_replica")], "'params.min_replica' names no parameter"),
        ([(("pass",), "object.n > params[object.p]")], "name the parameter, as in params.name"),
        ([(("joins",), [{"kind": "register/System", "as": "systems"}])], "no expression reads 'inputs.systems'"),
        ([(("joins",), ["register/Site"])], "no expression reads 'register/Site'; name the join"),
        ([(("joins",), ["register/System"])], "no expression reads 'register/System'; name the join"),
        ([SET, (("pass",), "size(items) > 0 && size(inputs.s) > 0"), (("joins",), [{"kind": "register/System", "as": "s", "where": {"field": "id", "equals": "object.a"}}])], "'where' looks up a value of one subject"),
        ([(("corroborated_by",), ["TST-009"])], "there is no rule 'TST-009'"),
        ([(("corroborated_by",), ["TST-001"])], "a rule cannot corroborate itself"),
        ([(("expected", "en"), "   ")], "the text is blank"),
        ([(("expected",), {"id": "The same sentence in both.", "en": "The same sentence in both."})], "both languages have the same text"),
    ],
)  # fmt: skip
def test_a_name_or_reference_that_leads_nowhere_is_a_problem(
    tmp_path: Path, changes: list[Change], message: str
) -> None:
    found = named(problems(tmp_path, *changes), message)
    assert found.startswith("TST-001.yaml:")


@pytest.mark.parametrize(
    "changes",
    [
        [POD, (("pass",), "has(podSpec.hostNetwork) && size(allContainers) > 0")],
        [POD, (("pass",), "has(namespaceObject.metadata.labels)")],
        [(("subject",), "kubernetes/workloads"), (("select",), "has(podSpec.a)")],
        [SET, (("select",), "has(object.a)"), (("pass",), "items.exists(i, has(i.b))")],
        [(("pass",), "siteOf(object.ip) != ''")],
        [(("pass",), "siteOf(object.ip) != ''"), (("joins",), ["register/Site"])],
        [(("pass",), "object.n >= params.min_replicas")],
        [
            (("joins",), [{"kind": "register/System", "as": "s", "where": {"field": "id", "equals": "object.metadata.name"}}]),
            (("pass",), "inputs.s.exists(x, x.critical)"),
        ],
    ],
)  # fmt: skip
def test_names_that_are_there_are_no_problem(tmp_path: Path, changes: list[Change]) -> None:
    assert problems(tmp_path, *changes) == []


VACUOUS = [
    "object.list.all(x, x.ok)",
    "!object.list.exists(x, x.bad)",
    "!object.list.exists_one(x, x.bad)",
    "object.a && object.list.all(x, x.ok)",
    "object.a || object.list.all(x, x.ok)",
    "object.a ? object.b : object.list.all(x, x.ok)",
    "object.list.filter(x, x.on).all(x, x.ok)",
    "size(object.list) > 0 && object.list.filter(x, x.on).all(x, x.ok)",
    "size(object.list) >= 0 && object.list.all(x, x.ok)",
    "size(object.list) > -1 && object.list.all(x, x.ok)",
    "size(object.list) != 1 && object.list.all(x, x.ok)",
    "size(object.list) == 0 && object.list.all(x, x.ok)",
    "size(object.other) > 0 && object.list.all(x, x.ok)",
    "size(object.list) > 0 || object.list.all(x, x.ok)",
    "(size(object.list) > 0 || object.a) && object.list.all(x, x.ok)",
    "object.?list.orValue([]).all(x, x.ok)",
    "object.list.map(x, x.a).all(x, x != '')",
    "[].all(x, x == 1)",
    "object.list.all(k, v, v != '')",
    "!(object.a || object.list.exists(x, x.bad))",
    "!(object.a && !object.list.all(x, x.ok))",
    "!!object.list.all(x, x.ok)",
    "[object.list].exists(l, l.all(x, x.ok))",
    "[object.list].exists(l, size(object.other) > 0 && l.all(x, x.ok))",
    "size(object.list) >= size(object.other) && object.list.all(x, x.ok)",
    "size(object.list) > -params.min_replicas && object.list.all(x, x.ok)",
    "size(object.list) < 5 && object.list.all(x, x.ok)",
    "!(size(object.list) > 0) && object.list.all(x, x.ok)",
    "size(object.list) == 0 ? object.list.all(x, x.ok) : object.b",
]


@pytest.mark.parametrize("text", VACUOUS)
def test_a_pass_that_an_empty_list_reaches_is_a_problem(tmp_path: Path, text: str) -> None:
    found = named(problems(tmp_path, (("pass",), text)), "an empty list satisfies this term")
    assert found.startswith("TST-001.yaml:13:")


@pytest.mark.parametrize("text", VACUOUS)
def test_saying_why_emptiness_is_fine_settles_it(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, (("pass",), text), (("empty_ok_because",), REASON)) == []


@pytest.mark.parametrize(
    "text",
    [
        "size(object.list) > 0 && object.list.all(x, x.ok)",
        "object.list.size() >= 1 && object.list.all(x, x.ok)",
        "0 < size(object.list) && object.list.all(x, x.ok)",
        "size(object.list) != 0 && object.list.all(x, x.ok)",
        "size(object.list) >= params.min_replicas && object.list.all(x, x.ok)",
        "object.list != [] && object.list.all(x, x.ok)",
        "object.list.all(x, x.ok) && object.list.exists(x, x.a)",
        "'a' in object.list && object.list.all(x, x != 'b')",
        "size(object.list) > 0 && (object.a || object.list.all(x, x.ok))",
        "size(object.list) > 0 ? object.list.all(x, x.ok) : object.b",
        "size(object.?list.orValue([])) > 0 && object.list.all(x, x.ok)",
        "object.list.filter(x, x.on).size() > 0 && object.list.filter(x, x.on).all(x, x.ok)",
        "object.list.filter(x, x.on).exists(x, x.a) && object.list.all(x, x.ok)",
        "size(object.list) > 0 && object.list.map(x, x.a).all(x, x != '')",
        "['a', 'b'].all(x, x in object.list)",
        "params.allowed_countries.all(c, c in object.list)",
        "object.list.exists(x, x.inner.all(y, y.ok))",
        "!object.list.all(x, x.bad)",
        "!(size(object.list) == 0 || object.list.exists(x, x.bad))",
        "!(size(object.list) < 1) && object.list.all(x, x.ok)",
        "size(object.list) == 0 ? object.a : object.list.all(x, x.ok)",
        "!object.list.all(x, x.a) && object.list.all(x, x.ok)",
        "[object.list].exists(l, size(l) > 0 && l.all(x, x.ok))",
        "1 <= size(object.list) && object.list.all(x, x.ok)",
        "size(object.list) > size(object.other) && object.list.all(x, x.ok)",
    ],
)
def test_a_guarded_quantifier_is_no_problem(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, (("pass",), text)) == []


def test_the_items_of_a_set_rule_are_guarded_by_on_empty(tmp_path: Path) -> None:
    assert problems(tmp_path, SET, (("pass",), "items.all(i, i.ok)")) == []
    message = "an empty list satisfies this term"
    found = problems(tmp_path / "b", SET, (("pass",), "items.filter(i, i.on).all(i, i.ok)"))
    assert named(found, message)


def test_joined_lists_need_a_guard(tmp_path: Path) -> None:
    joins = [{"kind": "register/System", "as": "systems"}]
    changes = [(("joins",), joins), (("pass",), "inputs.systems.all(s, s.critical)")]
    assert named(problems(tmp_path, *changes), "an empty list satisfies this term")


@pytest.mark.parametrize(
    ("passes", "unknown"),
    [
        ("object.list.all(x, x.ok)", "size(object.list) == 0"),
        ("object.list.filter(x, x.on).all(x, x.ok)", "!object.list.exists(x, x.on)"),
        ("object.?list.orValue([]).all(x, x.ok)", "object.?list.orValue([]) == []"),
        ("object.list.all(x, x.ok)", "!has(object.list)"),
    ],
)
def test_an_unknown_term_over_the_same_list_is_a_guard(
    tmp_path: Path, passes: str, unknown: str
) -> None:
    data = changed(CASES)
    data["cases"].append({**data["cases"][0], "name": "u", "expect": "unknown"})
    found = problems(
        tmp_path,
        (("pass",), passes),
        (("unknown",), unknown),
        (("unknown_reason",), REASON),
        cases=cases_for(tmp_path / "cases", data),
    )
    assert found == []


def test_an_unknown_term_over_another_list_is_no_guard(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        (("pass",), "object.list.all(x, x.ok)"),
        (("unknown",), "size(object.other) == 0"),
        (("unknown_reason",), REASON),
    )
    assert named(found, "an empty list satisfies this term")


def test_a_rule_without_cases_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, cases=()) == ["TST-001.yaml:1:1: rule 'TST-001' has no cases"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ([(("unknown",), "object.a"), (("unknown_reason",), REASON)], "unknown"),
        ([(("applies",), "object.a"), (("applies_reason",), REASON)], "not_applicable"),
        ([(("on_empty",), "not_applicable")], "not_applicable"),
        ([(("on_absent",), "not_applicable")], "not_applicable"),
    ],
)
def test_each_reachable_outcome_needs_a_case(
    tmp_path: Path, changes: list[Change], outcome: str
) -> None:
    found = problems(tmp_path, *changes)
    assert f"TST-001.yaml: no case expects '{outcome}'" in named(found, "no case expects")


def test_pass_and_fail_always_need_a_case(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    (rule,) = read_catalog([folder]).catalog.rules
    assert set(reachable(rule)) == {Outcome.PASS, Outcome.FAIL}
    data = changed(CASES, (("cases",), [CASES["cases"][0]]))
    found = problems(tmp_path / "b", cases=cases_for(tmp_path / "cases", data))
    assert named(found, "no case expects 'fail' (every rule can fail)")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((("cases", 0, "evidence", "kubernetes/v1/Nodes"), []), "TST-001.yaml:3: case 'with a label': the rule does not read 'kubernetes/v1/Nodes'"),
        ((("cases", 0, "coverage"), {"register/Site": "denied"}), "the rule does not read 'register/Site'"),
        ((("cases", 0, "subject"), 1), "'subject: 1', but there are 1 subjects"),
        ((("cases", 0, "params"), {"nosuch": 1}), "there is no parameter 'nosuch'"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_mean_what_it_says_is_a_problem(
    tmp_path: Path, change: Change, message: str
) -> None:
    cases = cases_for(tmp_path / "cases", changed(CASES, change))
    assert message in named(problems(tmp_path, cases=cases), message)


def test_cases_of_an_unknown_rule_are_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "cases" / "TST-002.yaml", changed(CASES, (("rule",), "TST-002")))
    found = problems(tmp_path, cases=cases_for(tmp_path / "cases"))
    assert "TST-002.yaml: there is no rule 'TST-002'" in named(found, "there is no rule")


def test_two_rules_may_not_bear_one_title(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", RULE, changed(RULE, (("id",), "TST-002")))
    files = read_catalog([folder])
    found = [str(p) for p in lint(files.catalog, (), (), files.rule_files)]
    same = [text for text in found if "rule 'TST-001' has the same title" in text]
    assert len(same) == 2
    assert all("TST-002.yaml:" in text for text in same)


def test_a_replaced_document_may_not_be_cited(tmp_path: Path) -> None:
    old = changed(DOCUMENT, (("superseded_by",), "DOC-2"))
    new = changed(DOCUMENT, (("id",), "DOC-2"), (("controls",), []))
    found = problems(tmp_path, documents=(old, new))
    assert "'DOC-1' was replaced by 'DOC-2'; cite that one" in named(found, "was replaced")


def test_a_document_may_not_be_replaced_by_an_unknown_one(tmp_path: Path) -> None:
    old = changed(DOCUMENT, (("superseded_by",), "DOC-9"))
    found = problems(tmp_path, documents=(old,))
    assert named(found, "superseded by 'DOC-9', which the catalog does not have")


def test_a_legal_parameter_cites_a_control(tmp_path: Path) -> None:
    parameters = changed(PARAMETERS, (("parameters", 2, "citation"), "somewhere"))
    found = problems(tmp_path, parameters=parameters)
    assert named(found, "'allowed_countries' is set by law; its citation is no control")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((("hosts", 0, "pattern"), "("), "host pattern: invalid regular expression"),
        ((("hosts", 0, "pattern"), r"(a)(?=b)"), "host pattern: invalid regular expression"),
        ((("hosts", 0, "region_group"), 2), "'region_group: 2', but the pattern has 1 groups"),
        ((("hosts", 0, "provider"), "cloud-z"), "no region of provider 'cloud-z' is known"),
    ],
)
def test_host_patterns_are_checked(tmp_path: Path, change: Change, message: str) -> None:
    assert named(problems(tmp_path, regions=changed(REGIONS, change)), message)


def test_a_profile_that_selects_nothing_is_a_problem(tmp_path: Path) -> None:
    profile = Profile(id="p", title=Text(id="P", en="P"), rules=("XXX-*",))
    assert named(problems(tmp_path, profiles=(profile,)), "'XXX-*' matches no rule")


def test_problems_come_sorted_by_file_and_line(tmp_path: Path) -> None:
    rules = [
        changed(RULE, (("id",), name), (("pass",), "nosuch"), (("corroborated_by",), ["TST-009"]))
        for name in ("TST-002", "TST-001")
    ]
    files = read_catalog([write_catalog(tmp_path / "rules", *rules)])
    found = lint(files.catalog, (), (), files.rule_files)
    assert list(found) == sorted(found, key=lambda p: (p.file, p.line, p.column, p.message))
    assert len({p.file for p in found}) == 2
