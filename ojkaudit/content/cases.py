"""Read the cases of rules: evidence, and the outcome it must lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.views import mapping, records, text
from ojkaudit.errors import ContentError, Problem
from ojkaudit.model.catalog import ParameterValue
from ojkaudit.model.evidence import Payload
from ojkaudit.model.outcome import CoverageStatus, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCase:
    """One piece of evidence and the outcome it must lead to."""

    name: str
    expect: Outcome
    """Outcome of the finding for the judged subject, or of the single finding."""
    evidence: Mapping[str, tuple[Payload, ...]]
    """Resources by kind; an empty tuple was listed and is empty."""
    subject: int = 0
    """Index of the judged resource among those of the subject kind."""
    coverage: Mapping[str, CoverageStatus] = field(default_factory=dict)
    """Where the coverage of a kind is not `complete`."""
    now: datetime | None = None
    """Time of judging, UTC; None: the runner's own."""
    params: Mapping[str, ParameterValue] = field(default_factory=dict)
    """Parameter values in place of the catalog's."""
    line: int = 0
    """Where the case begins in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCases:
    """Every case of one rule."""

    rule: str
    file: str
    cases: tuple[RuleCase, ...]


def load_cases(folder: Path) -> tuple[RuleCases, ...]:
    """Return the cases of every `<ID>.yaml` in the folder, by rule.

    Raises:
        ContentError: With every fault: no such folder, a file that does not belong there, an
            invalid one, a case name used twice, no case at all.
    """
    faults = Faults(ContentError)
    if not folder.is_dir():
        faults.add_file(folder, "no such folder")
        faults.raise_if_any("the cases")
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix != ".yaml" or not path.is_file():
            faults.add_file(path, "does not belong here; only <ID>.yaml with cases does")
            continue
        cases = _read(path, faults)
        if cases is not None:
            found.append(cases)
    if not found:
        faults.add_file(folder, "holds no case")
    faults.raise_if_any("the cases")
    return tuple(found)


def _read(path: Path, faults: Faults) -> RuleCases | None:
    document = faults.read(path, "cases")
    if document is None:
        return None
    problems = list(_problems(document, path))
    faults.add(problems)
    if problems:
        return None
    data: Mapping[str, Any] = mapping(document.data)
    cases = tuple(
        _case(record, document.line(("cases", index))) for index, record in records(data, "cases")
    )
    return RuleCases(rule=data["rule"], file=document.file, cases=cases)


def _problems(document: Marked, path: Path) -> Iterator[Problem]:
    data: Mapping[str, Any] = mapping(document.data)
    if data["rule"] != path.stem:
        message = f"cases of '{data['rule']}' must stand in a file called {data['rule']}.yaml"
        yield document.problem(("rule",), message)
    lines: dict[str, int] = {}
    for index, record in records(data, "cases"):
        name = text(record, "name")
        here: tuple[str | int, ...] = ("cases", index, "name")
        if name in lines:
            message = f"another case already has this name (line {lines[name]})"
            yield document.problem(here, message)
        lines.setdefault(name, document.line(here))
        if not record["evidence"] and "coverage" not in record:
            message = "name at least one kind, if only with an empty list"
            yield document.problem(("cases", index, "evidence"), message)


def _case(data: Mapping[str, Any], line: int) -> RuleCase:
    return RuleCase(
        name=data["name"],
        expect=Outcome(data["expect"]),
        evidence={kind: tuple(found) for kind, found in data["evidence"].items()},
        subject=data.get("subject", 0),
        coverage={kind: CoverageStatus(s) for kind, s in data.get("coverage", {}).items()},
        now=datetime.fromisoformat(data["now"]).astimezone(UTC) if "now" in data else None,
        params={name: _value(value) for name, value in data.get("params", {}).items()},
        line=line,
    )


def _value(value: Any) -> ParameterValue:
    return tuple(value) if isinstance(value, list) else value
