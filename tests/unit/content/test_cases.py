"""Cases of rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ojkaudit.content import load_cases
from ojkaudit.errors import ContentError
from ojkaudit.model.outcome import CoverageStatus, Outcome
from tests.support.content_files import CASES, changed, write

Change = tuple[tuple[str | int, ...], object]


def faults(folder: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_cases(folder)
    return str(caught.value)


def test_cases_are_read_whole(tmp_path: Path) -> None:
    case = {
        "name": "x",
        "expect": "unknown",
        "subject": 1,
        "evidence": {"kubernetes/v1/Node": [{"spec": {"on": "yes", "mode": 0o644}}], "a/B": []},
        "coverage": {"kubernetes/v1/Node": "denied"},
        "now": "2026-11-20T09:00:00+07:00",
        "params": {"min": 2, "list": ["a"]},
    }
    write(tmp_path / "TST-001.yaml", changed(CASES, (("cases",), [case])))
    ((group),) = load_cases(tmp_path)
    (found,) = group.cases
    assert group.rule == "TST-001"
    assert found.expect is Outcome.UNKNOWN
    assert found.subject == 1
    assert found.evidence["kubernetes/v1/Node"][0] == {"spec": {"on": "yes", "mode": 0o644}}
    assert found.evidence["a/B"] == ()
    assert found.coverage == {"kubernetes/v1/Node": CoverageStatus.DENIED}
    assert found.now == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert found.params == {"min": 2, "list": ("a",)}
    assert found.line == 3


def test_anchors_may_stand_under_x_keys(tmp_path: Path) -> None:
    text = (
        "rule: TST-001\n"
        "x-node: &node {metadata: {name: a}}\n"
        "cases:\n"
        "- {name: n, expect: pass, evidence: {kubernetes/v1/Node: [{<<: *node, spec: {}}]}}\n"
    )
    (tmp_path / "TST-001.yaml").write_text(text)
    (group,) = load_cases(tmp_path)
    assert group.cases[0].evidence == {
        "kubernetes/v1/Node": ({"metadata": {"name": "a"}, "spec": {}},)
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((("rule",), "TST-002"), "TST-001.yaml:1:1: cases of 'TST-002' must stand in"),
        ((("cases",), []), "cases: needs at least 1 item"),
        ((("cases", 1, "name"), "with a label"), "another case already has this name (line 3)"),
        ((("cases", 0, "expect"), "passed"), "expect: expected one of pass, fail, unknown"),
        ((("cases", 0, "evidence"), {}), "name at least one kind, if only with an empty list"),
        ((("cases", 0, "evidence"), {"Node": []}), "key 'Node': expected a kind such as"),
        ((("cases", 0, "evidence"), {"kubernetes/v1/Node": {}}), "expected a list, found a mapping"),
        ((("cases", 0, "coverage"), {"kubernetes/v1/Node": "ok"}), "expected one of complete, denied"),
        ((("cases", 0, "now"), "2026-13-01T00:00:00Z"), "the calendar has no such day, or the clock"),
        ((("cases", 0, "now"), "2026-11-20T00:00:00"), "now: expected a time as"),
        ((("cases", 0, "covrage"), {}), "unknown key 'covrage'; did you mean 'coverage'?"),
        ((("y",), 1), "unknown key 'y'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_case_is_named(tmp_path: Path, change: Change, message: str) -> None:
    write(tmp_path / "TST-001.yaml", changed(CASES, change))
    assert message in faults(tmp_path)


def test_a_folder_without_cases_is_an_error(tmp_path: Path) -> None:
    assert "holds no case" in faults(tmp_path)
    assert "no such folder" in faults(tmp_path / "none")


def test_strangers_among_cases_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "TST-001.yaml", CASES)
    (tmp_path / "TST-002.yml").write_text("x")
    assert "TST-002.yml: does not belong here" in faults(tmp_path)
