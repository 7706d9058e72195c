"""Every shipped rule keeps the laws: its cases hold, and no source can be taken away unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from ojkaudit.content import RuleCase, load_cases, load_catalog
from ojkaudit.engine import judge_case
from ojkaudit.engine.cases import judge_all
from ojkaudit.model.catalog import Catalog, Rule
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import CoverageStatus, OnAbsent, OnEmpty, Outcome, ReasonCode
from ojkaudit.model.result import Finding
from ojkaudit.resources import data_dir
from tests.support.judging import NOW

CASES = Path(__file__).parents[3] / "fixtures" / "rules"
UNREAD = (
    CoverageStatus.DENIED,
    CoverageStatus.PARTIAL,
    CoverageStatus.ERROR,
    CoverageStatus.STALE,
)


@cache
def catalog() -> Catalog:
    return load_catalog((data_dir("rules"),))


def rules() -> tuple[Rule, ...]:
    return catalog().rules


def cases() -> Iterator[tuple[Rule, RuleCase]]:
    by_id = {rule.id: rule for rule in rules()}
    for group in load_cases(CASES):
        for case in group.cases:
            yield by_id[group.rule], case


def judge(rule: Rule, case: RuleCase, **changes: object) -> Finding:
    given: dict[str, object] = {
        "evidence": case.evidence,
        "coverage": case.coverage,
        "now": case.now or NOW,
        "params": case.params,
        "subject_index": case.subject,
        **changes,
    }
    return judge_case(rule, catalog(), **given)  # type: ignore[arg-type]


each_case = pytest.mark.parametrize(
    ("rule", "case"), [pytest.param(r, c, id=f"{r.id}: {c.name}") for r, c in cases()]
)
each_passing_case = pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r.id}: {c.name}") for r, c in cases() if c.expect is Outcome.PASS],
)
each_rule = pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in rules()])


@each_case
def test_the_case_has_the_outcome_it_names(rule: Rule, case: RuleCase) -> None:
    finding = judge(rule, case)
    assert finding.outcome is case.expect, finding.message.en


@each_passing_case
def test_no_source_can_be_taken_away_unnoticed(rule: Rule, case: RuleCase) -> None:
    for kind in needed_kinds(rule):
        for status in UNREAD:
            findings = judge_all(
                rule,
                catalog(),
                case.evidence,
                now=case.now or NOW,
                coverage={**case.coverage, kind: status},
                params=case.params,
            )
            assert Outcome.UNKNOWN in {f.outcome for f in findings}, (kind, status)
            # Only a rule over several kinds may pass: on those that could be read.
            if kind not in rule.subjects or len(rule.subjects) == 1:
                assert Outcome.PASS not in {f.outcome for f in findings}, (kind, status)


@each_passing_case
def test_an_absent_kind_passes_only_where_the_rule_says_so(rule: Rule, case: RuleCase) -> None:
    joins = {join.kind: join.on_absent for join in rule.joins}
    for kind in needed_kinds(rule):
        finding = judge(rule, case, coverage={**case.coverage, kind: CoverageStatus.ABSENT})
        opinion = rule.on_absent if kind in rule.subjects else joins.get(kind, OnAbsent.UNKNOWN)
        if opinion is not OnAbsent.EMPTY and (kind not in rule.subjects or len(rule.subjects) == 1):
            assert finding.outcome is not Outcome.PASS, kind


@each_passing_case
def test_old_evidence_does_not_pass(rule: Rule, case: RuleCase) -> None:
    """Parameters and dates stay as they are; only the evidence is older than the rule allows."""
    impatient = replace(rule, max_age_hours=1)
    assert judge(impatient, case).outcome is Outcome.PASS
    # Judging an hour and a half later than the evidence was read is the same as old evidence.
    later = (case.now or NOW) + timedelta(minutes=90)
    finding = judge(impatient, case, now=later, read_at=case.now or NOW)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, ReasonCode.STALE)


@each_rule
def test_an_empty_platform_passes_only_where_the_rule_declares_it(rule: Rule) -> None:
    finding = judge_case(rule, catalog(), {}, now=NOW)
    if rule.on_empty is OnEmpty.PASS:
        assert rule.empty_ok_because is not None
        assert rule.empty_ok_because.en.rstrip(".") in finding.message.en
    else:
        assert finding.outcome is not Outcome.PASS


@each_rule
def test_a_resource_of_which_nothing_was_read_does_not_pass(rule: Rule) -> None:
    """A payload with a name and nothing else: what a broken collector would hand in."""
    evidence = {
        kind: ({"id": "x", "metadata": {"name": "x", "namespace": "x"}},) for kind in rule.subjects
    }
    finding = judge_case(rule, catalog(), evidence, now=NOW)
    if rule.absent_field is None:
        assert finding.outcome is not Outcome.PASS, finding.observed


@each_passing_case
def test_an_emptied_list_passes_only_where_the_rule_declares_it(rule: Rule, case: RuleCase) -> None:
    """Empty each list inside the judged payload in turn, however deep it lies."""
    kind = next((k for k in rule.subjects if case.evidence.get(k)), None)
    if kind is None or rule.empty_ok_because is not None or rule.absent_field is not None:
        return
    originals = case.evidence[kind]
    for path in list_paths(originals[case.subject]):
        emptied = [
            empty_at(payload, path) if index == case.subject else payload
            for index, payload in enumerate(originals)
        ]
        finding = judge(rule, case, evidence={**case.evidence, kind: emptied})
        if finding.outcome is Outcome.PASS:
            # The list may not matter to the rule at all: then filling it with junk passes too.
            junk = [
                empty_at(payload, path, ["junk"]) if index == case.subject else payload
                for index, payload in enumerate(originals)
            ]
            again = judge(rule, case, evidence={**case.evidence, kind: junk})
            assert again.outcome is Outcome.PASS, path


def list_paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, list) and value:
        yield path
        for index, item in enumerate(value):
            yield from list_paths(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from list_paths(item, (*path, key))


def empty_at(
    value: object, path: tuple[str | int, ...], content: list[object] | None = None
) -> object:
    if not path:
        return list(content or [])
    head, *rest = path
    if isinstance(value, list):
        return [
            empty_at(item, tuple(rest), content) if index == head else item
            for index, item in enumerate(value)
        ]
    assert isinstance(value, dict)
    return {
        key: empty_at(item, tuple(rest), content) if key == head else item
        for key, item in value.items()
    }
