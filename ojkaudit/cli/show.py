"""Results as text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ojkaudit.cli import console
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import CoverageStatus, Language
from ojkaudit.model.result import Comparison
from ojkaudit.model.text import Text

if TYPE_CHECKING:
    from ojkaudit.pipeline.assess import Run
    from ojkaudit.signing import VerificationReport

_DECISIONS = {
    "valid": Text(id="SAH", en="VALID"),
    "undecided": Text(id="TIDAK DAPAT DIPASTIKAN", en="CANNOT BE DECIDED"),
    "invalid": Text(id="TIDAK SAH", en="NOT VALID"),
}
_STATUSES = {
    "ok": Text(id="OK", en="OK"),
    "failed": Text(id="GAGAL", en="FAILED"),
    "undecided": Text(id="TIDAK DAPAT DIPERIKSA", en="CANNOT BE CHECKED"),
}


def announce_run(run: Run) -> int:
    """Print the summary, then the run folder as the last line of stdout; return the exit code."""
    from ojkaudit import reports

    language = console.language()
    console.note(reports.summary_table(run.result, language, console.has_colour()))
    console.data(str(run.folder))
    return run.result.verdict.exit_code


def show_coverage(coverage: Sequence[Coverage]) -> None:
    """Print what could not be read, and a count of what could."""
    complete = [c for c in coverage if c.status is CoverageStatus.COMPLETE]
    total = sum(c.count for c in complete)
    console.say(
        Text(
            id=f"{len(complete)} dari {len(coverage)} jenis terbaca lengkap, {total} sumber daya",
            en=f"{len(complete)} of {len(coverage)} kinds read completely, {total} resources",
        )
    )
    for entry in coverage:
        if entry.status is not CoverageStatus.COMPLETE:
            why = entry.missing_right or entry.detail
            console.note(f"  {entry.status.value:8} {entry.target} {entry.kind}  {why}")


def show_verification(report: VerificationReport) -> None:
    """Print one line per step, then the decision."""
    language = console.language()
    for step in report.steps:
        status = _STATUSES[step.status.value].in_language(language)
        title = step.title.in_language(language)
        detail = step.detail.in_language(language)
        subject = f" [{step.subject}]" if step.subject else ""
        console.data(f"{step.number:2}. {status:8} {title}{subject}: {detail}")
    console.data(_DECISIONS[report.decision.value].in_language(language))


def show_comparison(comparison: Comparison) -> None:
    """Print what changed, the worst first."""
    if comparison.comparable is not None:
        console.say(comparison.comparable)
    for word, count in comparison.counts.items():
        console.data(f"{word}: {count}")
    for change in comparison.changes:
        console.data(f"  {change.change:14} {change.rule}  {change.subject.label()}")
    for lost in comparison.coverage_lost:
        text = Text(id=f"tidak terbaca lagi: {lost}", en=f"no longer read: {lost}")
        console.data("  " + text.in_language(console.language()))


def yes_no(ok: bool) -> str:
    """Return a mark that does not depend on colour."""
    if console.language() is Language.ID:
        return "OK   " if ok else "GAGAL"
    return "OK    " if ok else "FAILED"
