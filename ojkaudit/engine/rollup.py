"""Counting findings: per rule, per control, and what confirms what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ojkaudit.model.catalog import Catalog, Control, Rule, SourceDocument
from ojkaudit.model.outcome import ControlStatus, Corroboration, Outcome
from ojkaudit.model.result import ControlResult, Finding, RuleResult

WORST_FIRST = (
    Outcome.FAIL,
    Outcome.UNKNOWN,
    Outcome.MANUAL,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """Findings of one rule, counted."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    waived: int = 0

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        self.counts[finding.outcome] += 1
        if finding.outcome is Outcome.FAIL and finding.waiver:
            self.waived += 1

    @property
    def worst(self) -> Outcome:
        """The outcome of the rule."""
        return next(outcome for outcome in WORST_FIRST if self.counts[outcome])

    @property
    def is_judged(self) -> bool:
        """Whether something was concluded and nothing was left unseen."""
        concluded = (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE)
        return not self.counts[Outcome.UNKNOWN] and any(self.counts[o] for o in concluded)

    @property
    def is_incomplete(self) -> bool:
        """Whether something could not be concluded by the program."""
        return bool(self.counts[Outcome.UNKNOWN] or self.counts[Outcome.MANUAL])


def every_outcome(counts: Mapping[Outcome, int]) -> dict[str, int]:
    """Return counts by outcome, with a zero where there is none."""
    return {outcome.value: counts.get(outcome, 0) for outcome in Outcome}


def rule_results(rules: Iterable[Rule], tallies: Mapping[str, Tally]) -> tuple[RuleResult, ...]:
    """Return one result per rule, by id."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    confirming = {
        rule.id
        for rule in ordered
        if rule.evidence_grade.stands_alone and tallies[rule.id].worst is Outcome.PASS
    }
    return tuple(_rule_result(rule, tallies[rule.id], confirming) for rule in ordered)


def _rule_result(rule: Rule, tally: Tally, confirming: set[str]) -> RuleResult:
    return RuleResult(
        id=rule.id,
        title=rule.title,
        theme=rule.theme,
        severity=rule.severity,
        evidence_grade=rule.evidence_grade,
        controls=rule.controls,
        expected=rule.expected,
        remediation=rule.remediation,
        outcome=tally.worst,
        counts=every_outcome(tally.counts),
        waived=tally.waived,
        corroboration=_corroboration(rule, tally, confirming),
        corroborated_by=rule.corroborated_by,
    )


def _corroboration(rule: Rule, tally: Tally, confirming: set[str]) -> Corroboration:
    """Return whether the passes of a rule are confirmed; without a pass nothing needs it."""
    if rule.evidence_grade.stands_alone or not tally.counts[Outcome.PASS]:
        return Corroboration.NOT_NEEDED
    if confirming.isdisjoint(rule.corroborated_by):
        return Corroboration.NOT_CORROBORATED
    return Corroboration.CORROBORATED


def control_results(
    catalog: Catalog, rules: Sequence[RuleResult], today: date
) -> tuple[ControlResult, ...]:
    """Return one result per control that binds today, by document and id.

    A control that no selected rule supports is `undetermined`: nobody looked. One that a rule of
    the catalog supports which was not selected is at best `undetermined` too: leaving out the rule
    that fails must not satisfy the control.
    """
    supporting: dict[str, list[RuleResult]] = {}
    for rule in rules:
        for control in rule.controls:
            supporting.setdefault(control, []).append(rule)
    selected = {rule.id for rule in rules}
    half_seen = {c for rule in catalog.rules if rule.id not in selected for c in rule.controls}
    return tuple(
        _control_result(
            document,
            control,
            supporting.get(control.id, []),
            is_half_seen=control.id in half_seen,
        )
        for document in sorted(catalog.documents, key=lambda d: d.id)
        for control in sorted(document.controls, key=lambda c: c.id)
        if binds(document, control, today)
    )


def binds(document: SourceDocument, control: Control, today: date) -> bool:
    """Return whether a control binds on a day; last days are included."""
    starts = [day for day in (document.in_force_from, control.binds_from) if day is not None]
    ends = [day for day in (document.in_force_until, control.binds_until) if day is not None]
    is_begun = all(day <= today for day in starts)
    return is_begun and all(today <= day for day in ends) and not document.superseded_by


def _control_result(
    document: SourceDocument, control: Control, rules: list[RuleResult], *, is_half_seen: bool
) -> ControlResult:
    status = control_status(rules)
    if is_half_seen and status is not ControlStatus.NOT_SATISFIED:
        status = ControlStatus.UNDETERMINED
    passing = [rule for rule in rules if rule.counts[Outcome.PASS.value]]
    return ControlResult(
        id=control.id,
        document=document.id,
        title=control.title,
        citation=_citation(document, control),
        citable=control.citable,
        status=status,
        rules=tuple(rule.id for rule in rules),
        not_corroborated=status is ControlStatus.SATISFIED
        and all(r.corroboration is Corroboration.NOT_CORROBORATED for r in passing),
    )


def _citation(document: SourceDocument, control: Control) -> str:
    """Return the document's short name, with the article only where its text was read."""
    # Indonesian law is cited by number and year; what it is about ("tentang ...") is left out.
    name = document.title.id.partition(" tentang ")[0]
    return f"{name}, {control.article}" if control.citable and control.article else name


def control_status(rules: Sequence[RuleResult]) -> ControlStatus:
    """Return the roll-up: satisfied takes a pass, and no fail, unknown or manual anywhere."""

    def count(outcome: Outcome) -> int:
        return sum(rule.counts[outcome.value] for rule in rules)

    if count(Outcome.FAIL):
        return ControlStatus.NOT_SATISFIED
    if not rules or count(Outcome.UNKNOWN) or count(Outcome.MANUAL):
        return ControlStatus.UNDETERMINED
    return ControlStatus.SATISFIED if count(Outcome.PASS) else ControlStatus.NOT_APPLICABLE
