"""The result's values in one language: badges, texts, names, dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ojkaudit.model.evidence import ResourceRef
from ojkaudit.model.outcome import EvidenceGrade, Language, Outcome, Severity
from ojkaudit.model.text import Text
from ojkaudit.reports.formats import DASH, format_date, format_number, format_time, printable
from ojkaudit.reports.view.shapes import Badge
from ojkaudit.reports.words import Words

OUTCOME_TONES = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "unknown",
    Outcome.NOT_APPLICABLE: "na",
    Outcome.MANUAL: "manual",
}
SEVERITIES = tuple(sorted(Severity, key=lambda severity: -severity.rank))


class Speaker:
    """Says the result's values in one language; every string it returns is safe to print."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.words = Words(language)

    def text(self, text: Text) -> str:
        """Return the sentence in this language."""
        return printable(text.in_language(self.language))

    def number(self, value: int) -> str:
        """Return a whole number."""
        return format_number(value, self.language)

    def day(self, value: date | None) -> str:
        """Return a date, or a dash for none."""
        return DASH if value is None else format_date(value, self.language)

    def period(self, start: date, end: date) -> str:
        """Return a reporting period, both days included."""
        return f"{self.day(start)} {DASH} {self.day(end)}"

    def time(self, value: datetime) -> str:
        """Return a time in Jakarta."""
        return format_time(value, self.language)

    def outcome(self, outcome: Outcome) -> Badge:
        """Return the badge of an outcome."""
        return Badge(word=self.words(f"outcome.{outcome.value}"), tone=OUTCOME_TONES[outcome])

    def severity(self, severity: Severity) -> Badge:
        """Return the badge of a severity."""
        return Badge(word=self.words(f"severity.{severity.value}"), tone=severity.value)

    def grade(self, grade: EvidenceGrade) -> str:
        """Return the word for an evidence grade."""
        return self.words(f"grade.{grade.value}")

    def state(self, prefix: str, value: str, tone: str) -> Badge:
        """Return the badge of an open vocabulary's value."""
        return Badge(word=printable(self.words.known(prefix, value)), tone=tone)

    def more(self, hidden: int, key: str = "more.findings") -> str:
        """Return the line that says how many rows are left out; empty when none is."""
        return self.words(key, count=self.number(hidden)) if hidden > 0 else ""

    def join(self, items: Iterable[str], limit: int = 0) -> str:
        """Return items joined with commas, at most `limit` of them (0: all)."""
        listed = [printable(item) for item in items]
        if limit and len(listed) > limit:
            rest = self.words("more.short", count=self.number(len(listed) - limit))
            return ", ".join([*listed[:limit], rest])
        return ", ".join(listed)


def short_kind(kind: str) -> str:
    """Return the last part of a kind: `Deployment` for `kubernetes/apps/v1/Deployment`."""
    return printable(kind.rsplit("/", 1)[-1])


def subject_name(ref: ResourceRef) -> str:
    """Return `namespace/name`, or the name alone."""
    return printable(f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name)
