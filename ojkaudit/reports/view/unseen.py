"""What could not be judged, grouped by cause, and what does not apply."""

from __future__ import annotations

from collections.abc import Iterable

from ojkaudit.model.outcome import CoverageStatus, Outcome, ReasonCode
from ojkaudit.model.result import AssessmentResult, Finding
from ojkaudit.reports.formats import printable, shorten
from ojkaudit.reports.view.language import Speaker, short_kind
from ojkaudit.reports.view.sections import SkippedRow, UnseenGroup, UnseenRow
from ojkaudit.reports.view.shapes import Fact

ROWS_PER_CAUSE = 40
_NAMES = 4
_NOTE_CHARS = 80
_UNJUDGED = (Outcome.UNKNOWN, Outcome.MANUAL)
_READ = (CoverageStatus.COMPLETE, CoverageStatus.ABSENT)


def unseen_facts(result: AssessmentResult, speak: Speaker) -> tuple[Fact, ...]:
    """Return one line per cause for the first page: cause, number of findings, where."""
    facts = [
        Fact(
            label=speak.words(f"cause.{reason.value}"),
            value=speak.number(len(findings)),
            note=shorten(speak.join(_places(findings), _NAMES), _NOTE_CHARS),
        )
        for reason, findings in _by_cause(result)
    ]
    unread = [c for c in result.coverage if c.status not in _READ]
    if unread:
        places = sorted({f"{c.target}: {short_kind(c.kind)}" for c in unread})
        facts.append(
            Fact(
                label=speak.words("summary.kinds_unread"),
                value=speak.number(len(unread)),
                note=shorten(speak.join(places, _NAMES), _NOTE_CHARS),
            )
        )
    return tuple(facts)


def build_unseen(result: AssessmentResult, speak: Speaker) -> tuple[UnseenGroup, ...]:
    """Return everything that could not be judged, the most frequent cause first."""
    return tuple(_group(reason, findings, speak) for reason, findings in _by_cause(result))


def build_skipped(result: AssessmentResult, speak: Speaker) -> tuple[SkippedRow, ...]:
    """Return the rules that do not apply somewhere, one row per rule and reason."""
    titles = {rule.id: rule.title for rule in result.rules}
    counts: dict[tuple[str, str], int] = {}
    for finding in result.findings:
        if finding.outcome is Outcome.NOT_APPLICABLE:
            key = (finding.rule, speak.text(finding.message))
            counts[key] = counts.get(key, 0) + 1
    return tuple(
        SkippedRow(
            rule=printable(rule),
            title=speak.text(titles[rule]) if rule in titles else "",
            reason=reason,
            count=speak.number(count),
        )
        for (rule, reason), count in sorted(counts.items())
    )


def _by_cause(result: AssessmentResult) -> list[tuple[ReasonCode, list[Finding]]]:
    groups: dict[ReasonCode, list[Finding]] = {}
    for finding in result.findings:
        if finding.outcome in _UNJUDGED:
            groups.setdefault(finding.reason, []).append(finding)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0].value))


def _places(findings: Iterable[Finding]) -> list[str]:
    return sorted({place for finding in findings for place in _places_of(finding)})


def _places_of(finding: Finding) -> list[str]:
    """Return where the evidence is missing; the subject itself where no kind was unread."""
    subject = finding.subject
    whole = f"{subject.target} {subject.kind}" if subject.target else subject.kind
    places = []
    for place in finding.unread or (whole,):
        target, _, kind = place.rpartition(" ")
        places.append(f"{target}: {short_kind(kind)}" if target else printable(kind))
    return places


def _group(reason: ReasonCode, findings: list[Finding], speak: Speaker) -> UnseenGroup:
    gathered: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        key = (speak.text(finding.message), printable(finding.missing_right))
        gathered.setdefault(key, []).append(finding)
    ordered = sorted(gathered.items(), key=lambda item: (-len(item[1]), item[0]))
    return UnseenGroup(
        title=speak.words(f"cause.{reason.value}"),
        explanation=speak.words(f"cause_meaning.{reason.value}"),
        count=speak.number(len(findings)),
        rows=tuple(
            UnseenRow(
                what=what,
                grant=grant,
                rules=speak.join(sorted({f.rule for f in same})),
                targets=speak.join(_places(same), _NAMES),
                count=speak.number(len(same)),
            )
            for (what, grant), same in ordered[:ROWS_PER_CAUSE]
        ),
        more=speak.more(sum(len(same) for _, same in ordered[ROWS_PER_CAUSE:])),
    )
