"""The shipped rules and their cases: complete, in both languages, and true to what they say."""

from __future__ import annotations

from functools import cache

import pytest

from ojkaudit import content
from ojkaudit.content import RuleCase, RuleCases
from ojkaudit.engine import judge_case
from ojkaudit.model.catalog import Rule
from ojkaudit.model.outcome import EvidenceGrade, Outcome, Severity
from ojkaudit.resources import data_dir
from tests.support.judging import NOW

MATTER_MOST = frozenset(
    [
        "RES-003",
        "RES-004",
        "RES-015",
        "RES-016",
        "RES-021",
        "CRT-001",
        "CRT-002",
        "CRT-008",
        "DR-001",
        "DR-003",
        "DR-004",
        "DR-006",
        "BAK-005",
        "BAK-007",
        "ENC-002",
        "ENC-009",
        "TLS-004",
        "TLS-009",
        "AUD-003",
        "PDP-002",
        "PDP-005",
    ]
)
"""Of the 25 checks that matter most, those that the three collectors of this release can answer."""


@cache
def files() -> content.CatalogFiles:
    return content.read_catalog((data_dir("rules"),))


@cache
def groups() -> tuple[RuleCases, ...]:
    return content.load_cases(data_dir("fixtures") / "rules")


def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in files().catalog.rules}


each_rule = pytest.mark.parametrize("rule_id", sorted(rules()))
each_case = pytest.mark.parametrize(
    ("rule_id", "case"),
    [
        pytest.param(group.rule, case, id=f"{group.rule}: {case.name}")
        for group in groups()
        for case in group.cases
    ],
)


@each_case
def test_the_finding_has_the_outcome_the_case_expects(rule_id: str, case: RuleCase) -> None:
    finding = judge_case(
        rules()[rule_id],
        files().catalog,
        case.evidence,
        now=case.now or NOW,
        coverage=case.coverage,
        params=case.params,
        subject_index=case.subject,
    )
    assert finding.outcome is case.expect, (finding.message.en, finding.failed_terms)
    assert finding.message.id != finding.message.en


@each_rule
def test_a_rule_has_a_passing_a_failing_and_an_undecided_case(rule_id: str) -> None:
    expected = {c.expect for group in groups() if group.rule == rule_id for c in group.cases}
    assert {Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN} <= expected


def test_no_case_belongs_to_a_rule_that_is_gone() -> None:
    assert {group.rule for group in groups()} == set(rules())


def test_what_matters_most_is_shipped() -> None:
    assert set(rules()) >= MATTER_MOST
    assert {rules()[i].severity for i in MATTER_MOST} <= {Severity.CRITICAL, Severity.HIGH}


def test_lint_finds_no_fault_in_rules_cases_and_profiles() -> None:
    catalog = files().catalog
    profiles = content.load_profiles(data_dir("rules") / "profiles", catalog)
    assert content.lint(catalog, groups(), profiles, files().rule_files) == ()


@each_rule
def test_an_undecided_finding_tells_what_would_mend_it(rule_id: str) -> None:
    rule = rules()[rule_id]
    texts = (rule.title, rule.expected, rule.remediation, rule.severity_reason)
    assert all(text.id != text.en for text in texts)
    assert (rule.unknown_reason is None) == (rule.unknown == "")


@each_rule
def test_only_stronger_evidence_confirms_a_rule(rule_id: str) -> None:
    strong = {EvidenceGrade.TESTED, EvidenceGrade.OBSERVED}
    for other in rules()[rule_id].corroborated_by:
        assert rules()[other].evidence_grade in strong
        assert other != rule_id


def test_only_articles_that_were_read_are_cited() -> None:
    for control in files().catalog.controls().values():
        assert bool(control.article) == control.citable, control.id
        assert not control.citable or control.confidence == "text seen", control.id
    assert not [document for document in files().catalog.documents if document.superseded_by]


def test_the_law_sets_only_parameters_whose_article_was_read() -> None:
    controls = files().catalog.controls()
    for parameter in files().catalog.parameters:
        assert parameter.citation
        if parameter.origin == "law":
            assert controls[parameter.citation].citable


def test_a_region_is_looked_up_together_with_its_provider() -> None:
    countries = {(r.provider, r.region): r.country for r in files().catalog.regions}
    token = "ap-southeast-3"
    assert countries["aws", token] == "ID"
    assert countries["alibaba", token] == "MY"
    assert countries["huawei", token] == "SG"
