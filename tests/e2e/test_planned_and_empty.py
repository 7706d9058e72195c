"""Rules that nothing can answer yet, and evidence with nothing in it: neither ever passes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ojkaudit import engine
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.model.catalog import Rule
from ojkaudit.model.evidence import Coverage, Resource, make_resource
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import CoverageStatus, OnEmpty, Outcome
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.assess import AssessOptions, judging_inputs
from ojkaudit.pipeline.bundled import read_platform
from ojkaudit.pipeline.bundled_archive import build_archive
from tests.support.needs import ROOT
from tests.support.platforms import archive, as_of, judged_at, plan_of, quiet_world
from tests.support.program import Done, program
from tests.support.sources import snapshot_info

CONFIG = ROOT / "fixtures" / "snapshots" / "compliant" / "ojkaudit.yaml"

PLANNED = (
    "elasticsearch/Cluster", "pgpool/Node", "mysql/Instance", "glusterfs/Volume",
    "prometheus/Target", "grafana/Instance", "objectstore/Bucket", "gate/Manifest",
)  # fmt: skip

RULE = """\
id: UJI-{number:03}
title: {{id: Uji, en: Test}}
severity: critical
severity_reason: {{id: Uji., en: Test.}}
evidence_grade: observed
controls: [ISO-27001-2022/A.8.24]
subject: {kind}
evaluate: {evaluate}
pass: {expression}
observed: "'x'"
expected: {{id: Ada., en: There.}}
on_empty: {on_empty}
{because}contexts: [live]
remediation: {{id: Ubah., en: Change.}}
since: 0.1.0
"""
PROFILE = "id: rencana\ntitle: {id: Rencana, en: Planned}\nrules: [UJI-*]\n"


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """Write rules that would all pass if only they were judged, and a profile of nothing else."""
    folder = tmp_path / "aturan" / "rencana"
    folder.mkdir(parents=True)
    for number, kind in enumerate(PLANNED, 1):
        eager = number % 2 == 0
        text = RULE.format(
            number=number,
            kind=kind,
            evaluate="set" if eager else "each",
            expression="size(items) == 0" if eager else "true || object.x == 1",
            on_empty="pass" if eager else "not_applicable",
            because="empty_ok_because: {id: Boleh kosong., en: May be empty.}\n" if eager else "",
        )
        (folder / f"UJI-{number:03}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "rencana.yaml").write_text(PROFILE, encoding="utf-8")
    return folder.parent


def assess(tmp_path: Path, rules: Path, *options: str | Path) -> Done:
    path = tmp_path / "bukti.zip"
    platform = archive("compliant", path)
    return program(
        "assess", path, "-c", CONFIG, "--out", tmp_path / "runs", "--as-of", as_of(platform),
        "--rules", rules, "--no-seal", *options,
    )  # fmt: skip


def test_a_profile_of_planned_rules_is_incomplete(planned: Path, tmp_path: Path) -> None:
    done = assess(tmp_path, planned, "--profile", tmp_path / "rencana.yaml")
    assert done.code == 3, done.err
    result = json.loads((done.run_folder / "result.json").read_bytes())
    assert {(f["outcome"], f["reason"]) for f in result["findings"]} == {
        ("unknown", "no_collector")
    }
    assert len(result["findings"]) == len(PLANNED)
    assert result["counts"]["pass"] == 0
    verdict = result["verdict"]
    assert (verdict["rules_judged"], verdict["rules_selected"]) == (0, len(PLANNED))
    assert {c["status"] for c in result["controls"] if c["rules"]} <= {"undetermined"}


def test_planned_rules_among_passing_ones_keep_the_gate_shut(planned: Path, tmp_path: Path) -> None:
    done = assess(tmp_path, planned)
    assert done.code == 3, done.err
    result = json.loads((done.run_folder / "result.json").read_bytes())
    assert result["counts"]["pass"] > 100
    assert result["counts"]["unknown"] == len(PLANNED)


# Nothing in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A bundled snapshot taken apart."""

    name: str
    rules: tuple[Rule, ...]
    resources: tuple[Resource, ...]
    coverage: tuple[Coverage, ...]
    before: dict[tuple[str, str], Outcome]
    """Outcome by rule and subject, as the snapshot is."""

    def kinds(self) -> list[str]:
        return sorted({r.ref.kind for r in self.resources})

    def judge(
        self, rules: tuple[Rule, ...], resources: list[Resource], coverage: list[Coverage]
    ) -> list[Finding]:
        return judge(self.name, rules, resources, coverage)

    def reading(self, kind: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if kind in needed_kinds(rule))

    def newly_passing(self, findings: list[Finding]) -> set[tuple[str, str]]:
        """Return (rule, subject) that pass now and failed or were unknown before.

        A subject that a rule did not select before, or did not apply to, is judged by what else it
        holds: that is no pass out of emptiness.
        """
        passing = {key(f) for f in findings if f.outcome is Outcome.PASS}
        bad = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.MANUAL)
        return {k for k in passing if self.before.get(k) in bad}


def key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.subject.label()


def judge(
    name: str, rules: tuple[Rule, ...], resources: list[Resource], coverage: list[Coverage]
) -> list[Finding]:
    platform = read_once(name)
    plan = plan_of(platform)
    options = AssessOptions(language=plan.config.language, fail_on=plan.config.output.fail_on)
    inputs = judging_inputs(plan, options, quiet_world(judged_at(platform)))
    snapshot = engine.MemorySnapshot(snapshot_info(platform), resources, coverage)
    return list(engine.evaluate(replace(inputs, rules=rules), snapshot))


read_once = cache(read_platform)


@pytest.fixture(scope="module", params=["compliant", "drifted"])
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    name = request.param
    platform = read_once(name)
    plan = plan_of(platform)
    path = tmp_path_factory.mktemp("evidence") / "evidence.zip"
    build_archive(platform, plan.kinds, path)
    stored = ArchiveSnapshot(path)
    coverage = stored.coverage()
    resources = tuple(r for c in coverage for r in stored.resources(c.target, c.kind))
    stored.close()
    findings = judge(name, plan.rules, list(resources), list(coverage))
    return Evidence(
        name=name, rules=plan.rules, resources=resources, coverage=coverage,
        before={key(f): f.outcome for f in findings},
    )  # fmt: skip


def test_a_kind_that_is_listed_and_empty_passes_only_where_the_rule_says_so(
    evidence: Evidence,
) -> None:
    for kind in evidence.kinds():
        resources = [r for r in evidence.resources if r.ref.kind != kind]
        coverage = [replace(c, count=0) if c.kind == kind else c for c in evidence.coverage]
        rules = evidence.reading(kind)
        for finding in evidence.judge(rules, resources, coverage):
            (rule,) = [rule for rule in rules if rule.id == finding.rule]
            if finding.subject.kind == kind and finding.outcome is Outcome.PASS:
                assert rule.on_empty is OnEmpty.PASS, (kind, finding)


# A fault in one kind is gone with all objects of that kind: (kind emptied, rule) that may pass then.
GONE_WITH_IT = {
    ("kubernetes/apps/v1/DaemonSet", "LOG-001"),
}


def test_an_emptied_kind_makes_no_other_subject_pass(evidence: Evidence) -> None:
    for kind in evidence.kinds():
        resources = [r for r in evidence.resources if r.ref.kind != kind]
        coverage = [replace(c, count=0) if c.kind == kind else c for c in evidence.coverage]
        for rule, subject in evidence.newly_passing(
            evidence.judge(evidence.reading(kind), resources, coverage)
        ):
            declared = next(r for r in evidence.rules if r.id == rule).empty_ok_because
            assert declared is not None or (kind, rule) in GONE_WITH_IT, (kind, rule, subject)


def list_paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every list that holds something; an index is written `*`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from list_paths(inner, (*path, name))
    elif isinstance(value, list) and value:
        yield path
        for inner in value:
            yield from list_paths(inner, (*path, "*"))


def emptied(value: Any, path: tuple[str, ...]) -> Any:
    """Return `value` with every list at `path` emptied."""
    if not path:
        return [] if isinstance(value, list) else value
    first, *rest = path
    if first == "*":
        return [emptied(i, tuple(rest)) for i in value] if isinstance(value, list) else value
    if not isinstance(value, dict) or first not in value:
        return value
    return {**value, first: emptied(value[first], tuple(rest))}


def test_emptying_a_list_walks_where_it_should() -> None:
    payload = {"a": [{"b": [1, 2]}, {"c": 1}], "d": {"e": []}}
    assert set(list_paths(payload)) == {("a",), ("a", "*", "b")}
    assert emptied(copy.deepcopy(payload), ("a", "*", "b")) == {
        "a": [{"b": []}, {"c": 1}], "d": {"e": []}
    }  # fmt: skip
    assert emptied(payload, ("a",)) == {"a": [], "d": {"e": []}}


# The rule asks for this very list to be empty, by size(...) == 0.
EMPTY_BY_DEMAND = {("PDP-005", "databases.*.public_grants")}


def test_no_emptied_list_makes_a_rule_pass_that_does_not_declare_it(evidence: Evidence) -> None:
    rules = {rule.id: rule for rule in evidence.rules}
    tried = 0
    wrong: set[tuple[str, str, str, str]] = set()
    for kind in evidence.kinds():
        mine = [r for r in evidence.resources if r.ref.kind == kind]
        others = [r for r in evidence.resources if r.ref.kind != kind]
        for path in sorted({p for r in mine for p in list_paths(dict(r.payload))}):
            tried += 1
            changed = [make_resource(r.ref, emptied(dict(r.payload), path)) for r in mine]
            findings = evidence.judge(
                evidence.reading(kind), [*others, *changed], list(evidence.coverage)
            )
            wrong |= {
                (rule, kind, ".".join(path), subject)
                for rule, subject in evidence.newly_passing(findings)
                if rules[rule].empty_ok_because is None
                and (rule, ".".join(path)) not in EMPTY_BY_DEMAND
            }
    assert wrong == set()
    assert tried > 80


def test_a_snapshot_in_which_everything_is_empty_passes_nothing_that_is_needed(
    evidence: Evidence,
) -> None:
    coverage = [
        replace(c, count=0) for c in evidence.coverage if c.status is CoverageStatus.COMPLETE
    ]
    findings = evidence.judge(evidence.rules, [], coverage)
    passing = {f.rule for f in findings if f.outcome is Outcome.PASS}
    declared = {rule.id for rule in evidence.rules if rule.on_empty is OnEmpty.PASS}
    assert passing <= declared
    assert len(passing) < 5
