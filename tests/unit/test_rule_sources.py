"""What a collector could not read never makes a shipped rule pass.

Statuses of coverage (denied, partial, error, stale, absent) and emptied lists are taken from each
rule in `engine/test_shipped_rules.py`; here a source vanishes without a word, and facts vanish
from within a resource, as they do from PostgreSQL for want of a right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from ojkaudit import content
from ojkaudit.content import RuleCase
from ojkaudit.engine import cases as case_runner
from ojkaudit.engine import judge_case
from ojkaudit.engine.cases import judge_all
from ojkaudit.model.catalog import Catalog, Rule
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import Evaluate, Outcome
from ojkaudit.resources import data_dir
from tests.support.judging import NOW

INSTANCE = "postgresql/Instance"
Path = tuple[str | int, ...]


@cache
def catalog() -> Catalog:
    return content.load_catalog((data_dir("rules"),))


def passing() -> Iterator[object]:
    rules = {rule.id: rule for rule in catalog().rules}
    for group in content.load_cases(data_dir("fixtures") / "rules"):
        for case in group.cases:
            if case.expect is Outcome.PASS:
                yield pytest.param(rules[group.rule], case, id=f"{group.rule}: {case.name}")


each_passing_case = pytest.mark.parametrize(("rule", "case"), list(passing()))


def outcome(rule: Rule, case: RuleCase, kind: str, payload: object) -> Outcome:
    """Judge the case with another payload in place of the judged one."""
    assert isinstance(payload, Mapping)
    payloads = list(case.evidence[kind])
    payloads[case.subject] = payload
    return judge_case(
        rule,
        catalog(),
        {**case.evidence, kind: payloads},
        now=case.now or NOW,
        coverage=case.coverage,
        params=case.params,
        subject_index=case.subject,
    ).outcome


@each_passing_case
def test_a_source_nobody_mentions_is_not_a_source_that_is_fine(
    rule: Rule, case: RuleCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No coverage entry and no resource: a collector that never came to this kind."""
    written = case_runner._coverage
    for gone in needed_kinds(rule):

        def without(*given: object, gone: str = gone) -> Iterator[Coverage]:
            return (entry for entry in written(*given) if entry.kind != gone)  # type: ignore[arg-type]

        monkeypatch.setattr(case_runner, "_coverage", without)
        findings = judge_all(
            rule,
            catalog(),
            {kind: found for kind, found in case.evidence.items() if kind != gone},
            now=case.now or NOW,
            coverage=case.coverage,
            params=case.params,
        )
        outcomes = {finding.outcome for finding in findings}
        assert Outcome.UNKNOWN in outcomes, gone
        if gone not in rule.subjects or len(rule.subjects) == 1 or rule.evaluate is Evaluate.SET:
            assert Outcome.PASS not in outcomes, gone


@each_passing_case
def test_a_fact_that_is_missing_passes_only_where_the_rule_states_the_default(
    rule: Rule, case: RuleCase
) -> None:
    """Where a value matters to the rule, its absence must not: or the rule says what it means.

    So vanish facts of PostgreSQL for a role without the right, and fields of a Kubernetes object.
    """
    kind = next((kind for kind in rule.subjects if case.evidence.get(kind)), None)
    if kind is None:
        return
    payload = case.evidence[kind][case.subject]
    for path in key_paths(payload):
        if outcome(rule, case, kind, changed(payload, path)) is not Outcome.PASS:
            continue
        # Passing without the field is fine if the field does not matter: junk then passes too.
        if outcome(rule, case, kind, changed(payload, path, junk="junk")) is not Outcome.PASS:
            assert stated(rule, str(path[-1])), path


@pytest.mark.parametrize(
    "rule", [r for r in catalog().rules if INSTANCE in r.subjects], ids=lambda r: r.id
)
def test_a_server_that_tells_nothing_but_its_name_is_not_judged(rule: Rule) -> None:
    """The payload of a role without any right: no rule passes, and none speaks of compliance."""
    evidence = {INSTANCE: [{"id": "pg", "host": "10.20.5.11", "port": 5432, "site": "cikaso"}]}
    finding = judge_case(rule, catalog(), evidence, now=NOW)
    assert finding.outcome is Outcome.UNKNOWN


def stated(rule: Rule, field: str) -> bool:
    """Return whether the rule says what the platform does when the field is absent."""
    return rule.absent_field is not None and field in rule.absent_field.en


def key_paths(value: object, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield (*path, name)
            yield from key_paths(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from key_paths(item, (*path, index))


def changed(value: object, path: Path, junk: object = None) -> object:
    """Return a copy with the key at the path removed, or holding junk."""
    head, *rest = path
    if isinstance(value, list):
        return [changed(v, tuple(rest), junk) if i == head else v for i, v in enumerate(value)]
    assert isinstance(value, Mapping)
    if rest:
        return {k: changed(v, tuple(rest), junk) if k == head else v for k, v in value.items()}
    kept = {name: item for name, item in value.items() if name != head}
    return kept if junk is None else {**kept, str(head): junk}
