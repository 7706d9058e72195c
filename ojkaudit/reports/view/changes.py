"""What changed since the earlier run."""

from __future__ import annotations

from ojkaudit.model.outcome import Outcome
from ojkaudit.model.result import AssessmentResult, Change
from ojkaudit.reports.formats import printable
from ojkaudit.reports.view.language import Speaker
from ojkaudit.reports.view.sections import ChangeRow, ComparisonView
from ojkaudit.reports.view.summary import change_badge, comparison_facts

ROWS = 80
_ORDER = ("new", "newly_blind", "no_longer_seen", "still_failing", "fixed")
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)


def build_comparison(result: AssessmentResult, speak: Speaker) -> ComparisonView | None:
    """Return the comparison, what got worse first; None when nothing was compared."""
    comparison = result.comparison
    if comparison is None:
        return None
    ordered = sorted(comparison.changes, key=lambda c: (_position(c), c.rule, c.subject))
    return ComparisonView(
        intro=speak.words(
            "comparison.intro",
            id=printable(comparison.previous_id),
            time=speak.time(comparison.previous_assessed_at),
        ),
        note=speak.text(comparison.comparable) if comparison.comparable else "",
        counts=comparison_facts(comparison, speak),
        lost=tuple(printable(item) for item in comparison.coverage_lost),
        rows=tuple(_row(change, speak) for change in ordered[:ROWS]),
        more=speak.more(len(ordered) - ROWS, "more.changes"),
    )


def _position(change: Change) -> int:
    return _ORDER.index(change.change) if change.change in _ORDER else len(_ORDER)


def _row(change: Change, speak: Speaker) -> ChangeRow:
    return ChangeRow(
        rule=printable(change.rule),
        subject=printable(change.subject.label()),
        change=change_badge(change.change, speak),
        step=f"{_outcome(change.before, speak)} → {_outcome(change.after, speak)}",
    )


def _outcome(value: str, speak: Speaker) -> str:
    if value in _OUTCOMES:
        return speak.words(f"outcome.{value}")
    return speak.words("comparison.absent")
