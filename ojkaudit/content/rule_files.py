"""Read one rule file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.texts import optional_text, text_of
from ojkaudit.content.views import mapping
from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.expressions import WORKLOAD_GROUP, WORKLOAD_KINDS
from ojkaudit.model.outcome import Context, Evaluate, EvidenceGrade, OnAbsent, OnEmpty, Severity

Data = Mapping[str, Any]


def read_rule(path: Path, folder: Path, faults: Faults) -> tuple[Rule, Marked] | None:
    """Return the rule of a file and the document it came from; None when the file has faults.

    Args:
        path: `<folder>/<theme>/<ID>.yaml`.
        folder: The rules folder.
        faults: Where faults go.
    """
    document = faults.read(path, "rule")
    if document is None:
        return None
    data: Data = mapping(document.data)
    if data["id"] != path.stem:
        message = f"rule '{data['id']}' must stand in a file called {data['id']}.yaml"
        faults.add([document.problem(("id",), message)])
        return None
    problems = list(_join_problems(document, data))
    faults.add(problems)
    if problems:
        return None
    return build_rule(data, path.parent.name, path.relative_to(folder).as_posix()), document


def _join_problems(document: Marked, data: Data) -> Any:
    names: set[str] = set()
    for index, join in enumerate(data.get("joins", [])):
        name = join["as"] if isinstance(join, Mapping) else ""
        if name and name in names:
            path = ("joins", index, "as")
            yield document.problem(path, f"another join is already called '{name}'")
        names.add(name)
        kind = join["kind"] if isinstance(join, Mapping) else join
        if kind == WORKLOAD_GROUP:
            message = f"'{WORKLOAD_GROUP}' is a group; a join names one kind"
            yield document.problem(("joins", index), message)


def build_rule(data: Data, theme: str, source_file: str) -> Rule:
    """Return the rule.

    Args:
        data: Content of the file, valid by the schema.
        theme: Name of its folder.
        source_file: Path below the rules folder.
    """
    return Rule(
        id=data["id"],
        title=text_of(data["title"]),
        theme=theme,
        severity=Severity(data["severity"]),
        severity_reason=text_of(data["severity_reason"]),
        evidence_grade=EvidenceGrade(data["evidence_grade"]),
        controls=tuple(data["controls"]),
        subjects=_subjects(data["subject"]),
        evaluate=Evaluate(data.get("evaluate", Evaluate.EACH)),
        on_empty=OnEmpty(data["on_empty"]),
        expected=text_of(data["expected"]),
        remediation=text_of(data["remediation"]),
        pass_expression=data["pass"],
        select=data.get("select", ""),
        applies=data.get("applies", ""),
        applies_reason=optional_text(data, "applies_reason"),
        unknown=data.get("unknown", ""),
        unknown_reason=optional_text(data, "unknown_reason"),
        observed=data.get("observed", ""),
        joins=tuple(_join(join) for join in data.get("joins", [])),
        on_absent=OnAbsent(data.get("on_absent", OnAbsent.UNKNOWN)),
        empty_ok_because=optional_text(data, "empty_ok_because"),
        absent_field=optional_text(data, "absent_field"),
        contexts=tuple(Context(name) for name in data["contexts"]),
        corroborated_by=tuple(data.get("corroborated_by", [])),
        max_age_hours=data.get("max_age_hours", 0),
        since=data["since"],
        source_file=source_file,
    )


def _subjects(value: str | list[str]) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    kinds: dict[str, None] = {}
    for name in names:
        kinds.update(dict.fromkeys(WORKLOAD_KINDS if name == WORKLOAD_GROUP else (name,)))
    return tuple(kinds)


def _join(value: str | Data) -> Join:
    if isinstance(value, str):
        return Join(kind=value)
    where = value.get("where", {})
    return Join(
        kind=value["kind"],
        name=value["as"],
        field=where.get("field", ""),
        equals=where.get("equals", ""),
        keyed_by=value.get("keyed_by", ""),
        on_absent=OnAbsent(value.get("on_absent", OnAbsent.UNKNOWN)),
    )
