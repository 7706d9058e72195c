"""Control matrix, coverage, parameters and counts per rule."""

from __future__ import annotations

import re
from collections import Counter

from ojkaudit.model.evidence import Coverage, TargetInfo
from ojkaudit.model.outcome import ControlStatus, Corroboration, CoverageStatus, Outcome
from ojkaudit.model.result import AssessmentResult, ControlResult, RuleResult
from ojkaudit.reports.formats import DASH, format_value, printable
from ojkaudit.reports.view.language import Speaker
from ojkaudit.reports.view.sections import (
    ControlRow,
    CoverageRow,
    DocumentView,
    ParameterRow,
    RuleRow,
    TargetView,
)
from ojkaudit.reports.view.shapes import Badge, Fact

_LAW_FIRST = ("UU-", "PP-", "POJK-", "SEOJK-", "AFPI-")
_CONTROL_TONES = {
    ControlStatus.SATISFIED: "pass",
    ControlStatus.NOT_SATISFIED: "fail",
    ControlStatus.UNDETERMINED: "unknown",
    ControlStatus.NOT_APPLICABLE: "na",
}
_COVERAGE_TONES = {
    CoverageStatus.COMPLETE: "pass",
    CoverageStatus.DENIED: "fail",
    CoverageStatus.ABSENT: "na",
    CoverageStatus.PARTIAL: "unknown",
    CoverageStatus.ERROR: "fail",
    CoverageStatus.STALE: "unknown",
}
RULE_COLUMNS = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.UNKNOWN,
    Outcome.NOT_APPLICABLE,
    Outcome.MANUAL,
)


def build_documents(result: AssessmentResult, speak: Speaker) -> tuple[DocumentView, ...]:
    """Return the control matrix, one table per source document."""
    documents: dict[str, list[ControlResult]] = {}
    for control in sorted(result.controls, key=_place):
        documents.setdefault(control.document, []).append(control)
    return tuple(_document(name, controls, speak) for name, controls in documents.items())


def _place(control: ControlResult) -> tuple[int, str, list[tuple[int, str]]]:
    """Return the sort key: law before circulars before standards, numbers by their value."""
    rank = next((i for i, p in enumerate(_LAW_FIRST) if control.document.startswith(p)), 99)
    parts = re.split(r"([0-9]+)", control.id)
    return rank, control.document, [(int(p), "") if p.isdecimal() else (0, p) for p in parts]


def _document(name: str, controls: list[ControlResult], speak: Speaker) -> DocumentView:
    tally = Counter(control.status for control in controls)
    parts = [
        f"{speak.words(f'control.{status.value}')} {speak.number(tally[status])}"
        for status in _CONTROL_TONES
        if tally[status]
    ]
    return DocumentView(
        id=printable(name),
        tally=" · ".join(parts),
        rows=tuple(_control(control, speak) for control in controls),
    )


def _control(control: ControlResult, speak: Speaker) -> ControlRow:
    return ControlRow(
        id=printable(control.id.split("/", 1)[-1]),
        title=speak.text(control.title),
        citation=printable(control.citation),
        citable=control.citable,
        status=Badge(
            word=speak.words(f"control.{control.status.value}"),
            tone=_CONTROL_TONES[control.status],
        ),
        not_corroborated=control.not_corroborated,
        rules=speak.join(control.rules) or DASH,
    )


def build_targets(result: AssessmentResult, speak: Speaker) -> tuple[TargetView, ...]:
    """Return every target with what was read from it; targets that never answered included."""
    infos = {target.id: target for target in result.targets}
    ledger: dict[str, list[Coverage]] = {name: [] for name in sorted(infos)}
    for entry in result.coverage:
        ledger.setdefault(entry.target, []).append(entry)
    return tuple(_target(name, infos.get(name), rows, speak) for name, rows in ledger.items())


def _target(
    name: str, info: TargetInfo | None, entries: list[Coverage], speak: Speaker
) -> TargetView:
    complete = sum(1 for entry in entries if entry.status is CoverageStatus.COMPLETE)
    # What was not read comes first: it is what a reader must not overlook.
    entries = sorted(entries, key=lambda e: (e.status is CoverageStatus.COMPLETE, e.kind))
    values = {
        "address": info.address if info else "",
        "site": info.site if info else "",
        "version": info.version if info else "",
    }
    return TargetView(
        id=printable(name),
        facts=tuple(
            Fact(label=speak.words(f"target.{key}"), value=printable(value), code=key == "address")
            for key, value in values.items()
            if value
        ),
        tally=speak.words(
            "target.tally", complete=speak.number(complete), count=speak.number(len(entries))
        ),
        rows=tuple(_coverage(entry, speak) for entry in entries),
    )


def _coverage(entry: Coverage, speak: Speaker) -> CoverageRow:
    details = [entry.detail]
    if entry.missing_right:
        details.append(speak.words("target.missing_right", right=entry.missing_right))
    if entry.redactions:
        count = speak.number(len(entry.redactions))
        details.append(speak.words("target.redacted", count=count))
    return CoverageRow(
        kind=printable(entry.kind.split("/", 1)[-1]),
        status=Badge(
            word=speak.words(f"coverage.{entry.status.value}"), tone=_COVERAGE_TONES[entry.status]
        ),
        how=printable(f"{entry.verb} {entry.http_status}" if entry.http_status else entry.verb),
        count=speak.number(entry.count),
        read_at=speak.time(entry.read_at).rsplit(", ", 1)[-1],
        detail=printable(" · ".join(detail for detail in details if detail)),
    )


def build_parameters(result: AssessmentResult, speak: Speaker) -> tuple[ParameterRow, ...]:
    """Return every threshold with its origin."""
    return tuple(
        ParameterRow(
            name=printable(parameter.name),
            description=speak.text(parameter.description),
            value=format_value(parameter.value, speak.language),
            origin=speak.words(f"origin.{parameter.origin.value}"),
            citation=printable(parameter.citation),
        )
        for parameter in result.parameters
    )


def build_rules(result: AssessmentResult, speak: Speaker) -> tuple[RuleRow, ...]:
    """Return every rule with its counts."""
    return tuple(_rule(rule, speak) for rule in sorted(result.rules, key=lambda r: r.id))


def _rule(rule: RuleResult, speak: Speaker) -> RuleRow:
    return RuleRow(
        id=printable(rule.id),
        title=speak.text(rule.title),
        severity=speak.severity(rule.severity),
        grade=speak.grade(rule.evidence_grade),
        outcome=speak.outcome(rule.outcome),
        counts=tuple(speak.number(rule.counts[outcome.value]) for outcome in RULE_COLUMNS),
        waived=speak.number(rule.waived),
        corroboration=_corroboration(rule.corroboration, speak),
    )


def _corroboration(value: Corroboration, speak: Speaker) -> str:
    # "Not needed" also covers a weak rule without any pass: nothing to say of it here.
    if value is Corroboration.NOT_NEEDED:
        return ""
    return speak.words(f"corroboration.{value.value}")
