"""What expressions may name, and which kinds a rule reads."""

from __future__ import annotations

import pytest

from ojkaudit import resources
from ojkaudit.cel import CelTypeError, types
from ojkaudit.content.catalog import read_catalog
from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.expressions import (
    NAMESPACE_KIND,
    SITE_FUNCTIONS,
    SITE_KIND,
    implied_kinds,
    needed_kinds,
    rule_environment,
    rule_expressions,
)
from ojkaudit.model.outcome import Evaluate, EvidenceGrade, OnEmpty, Severity
from ojkaudit.model.text import Text

SENTENCE = Text(id="a", en="b")


def rule(passes: str = "true", **fields: object) -> Rule:
    values: dict[str, object] = {
        "id": "TST-001",
        "title": SENTENCE,
        "theme": "t",
        "severity": Severity.LOW,
        "severity_reason": SENTENCE,
        "evidence_grade": EvidenceGrade.OBSERVED,
        "controls": (),
        "subjects": ("kubernetes/v1/Pod",),
        "evaluate": Evaluate.EACH,
        "on_empty": OnEmpty.FAIL,
        "expected": SENTENCE,
        "remediation": SENTENCE,
        "pass_expression": passes,
        **fields,
    }
    return Rule(**values)  # type: ignore[arg-type]


def test_subjects_and_joins_are_needed() -> None:
    joins = (Join(kind="register/System", name="s"),)
    assert needed_kinds(rule(joins=joins)) == ("kubernetes/v1/Pod", "register/System")


@pytest.mark.parametrize(
    "text",
    [
        "siteOf(object.ip) != ''",
        "object.hosts.all(h, countryOf (h) == 'ID')",
        "object.a == 'x // y' && siteOf(object.ip) != ''",
        'object.a == r"\\" && countryOf(object.ip) != ""',
        "object.a == '''it's''' && siteOf(object.b) == ''",
        "object.a // 'open\n && siteOf(object.b) == ''",
    ],
)
def test_functions_over_sites_imply_the_site_register(text: str) -> None:
    assert implied_kinds(rule(text)) == (SITE_KIND,)


@pytest.mark.parametrize("key", ["select", "applies", "unknown", "observed"])
def test_every_expression_counts(key: str) -> None:
    assert implied_kinds(rule(**{key: "countryOf('x') == ''"})) == (SITE_KIND,)


def test_the_expression_of_a_join_counts() -> None:
    join = Join(kind="register/System", name="s", field="id", equals="siteOf(object.ip)")
    assert implied_kinds(rule(joins=(join,))) == (SITE_KIND,)


def test_a_declared_join_is_not_implied_a_second_time() -> None:
    joins = (Join(kind=SITE_KIND),)
    assert implied_kinds(rule("siteOf(object.ip) != ''", joins=joins)) == ()
    assert SITE_KIND in needed_kinds(rule("siteOf(object.ip) != ''", joins=joins))


def test_the_namespace_object_implies_namespaces() -> None:
    text = "has(namespaceObject.metadata.labels)"
    assert implied_kinds(rule(text)) == (NAMESPACE_KIND,)


@pytest.mark.parametrize(
    "text",
    [
        "object.siteOf == 'x'",
        "object.note == 'siteOf(x)'",
        'object.note == "namespaceObject"',
        "object.note == '''\nsiteOf(x)\n'''",
        "true // siteOf(x)",
        "object.namespaceObject == 1",
        "object.note == 'it\\'s siteOf(x)'",
    ],
)
def test_texts_comments_and_fields_imply_nothing(text: str) -> None:
    assert implied_kinds(rule(text)) == ()


def test_the_scan_agrees_with_the_compiler_on_every_shipped_rule() -> None:
    files = read_catalog([resources.data_dir("rules")])
    environment = rule_environment()
    assert files.catalog.rules
    for shipped in files.catalog.rules:
        wanted = {*shipped.subjects, *(join.kind for join in shipped.joins)}
        for expression in rule_expressions(shipped):
            program = environment.compile(expression.text)
            if program.functions() & SITE_FUNCTIONS:
                wanted.add(SITE_KIND)
            if "namespaceObject" in program.variables():
                wanted.add(NAMESPACE_KIND)
        assert needed_kinds(shipped) == tuple(sorted(wanted)), shipped.id


def test_conditions_must_be_boolean_and_observed_need_not() -> None:
    kinds = {
        e.key: e.is_condition
        for e in rule_expressions(
            rule(
                select="a",
                applies="b",
                unknown="c",
                observed="d",
                joins=(Join(kind="k", name="n", field="f", equals="e"),),
            )
        )
    }
    assert kinds == {
        ("joins", 0, "equals"): False,
        ("select",): True,
        ("applies",): True,
        ("unknown",): True,
        ("pass",): True,
        ("observed",): False,
    }


@pytest.mark.parametrize(
    "text",
    [
        "siteOf(object.ip) == 'x' && countryOf('a') == 'ID'",
        "age(object.date) <= days(params.limit) || age(object.date) <= dur('12h')",
        "distanceKm(1.0, 2.0, 3.0, 4.0) > 10.0 && inIndonesia(object.lat, object.lon)",
        "verGte(object.version, '15.4') && !looksSecret('a', object.b)",
        "expiresOn(object.until) > now && startsOn(object.from) < now",
        "items.all(i, i.ok) && target.site == 'x' && namespaceObject.a == podSpec.b",
        "allContainers.all(c, c.image != '') && inputs.sites.exists(s, s.id == 'x')",
    ],
)
def test_every_name_of_the_rule_format_is_declared(text: str) -> None:
    assert rule_environment().compile(text, expect=types.BOOL).text == text


@pytest.mark.parametrize("text", ["nosuch(1)", "objekt.a", "days('1')", "siteOf(1)"])
def test_other_names_and_types_are_refused(text: str) -> None:
    with pytest.raises(CelTypeError):
        rule_environment().compile(text)
