"""Failing findings by severity and rule: what was seen, what was expected, how to mend it."""

from __future__ import annotations

from ojkaudit.model.outcome import Outcome
from ojkaudit.model.result import AssessmentResult, FailedTerm, Finding, RuleResult
from ojkaudit.reports.formats import DASH, printable, shorten
from ojkaudit.reports.view.language import SEVERITIES, Speaker, short_kind, subject_name
from ojkaudit.reports.view.sections import RuleFailure, SeverityGroup, SubjectRow
from ojkaudit.reports.view.summary import failing_rules

SUBJECTS_PER_RULE = 25
# A report of some sixty pages is still read; WeasyPrint needs about 25 ms a row besides.
SUBJECTS_IN_ALL = 400
_AT_LEAST = 5
# Expressions are for those who mend the finding; result.json holds them in full.
_TERMS = 2
_TERM_CHARS = 150


def build_failures(result: AssessmentResult, speak: Speaker) -> tuple[SeverityGroup, ...]:
    """Return the failing rules, gravest severity first; severities without any are left out."""
    findings: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.outcome is Outcome.FAIL:
            findings.setdefault(finding.rule, []).append(finding)
    failing = failing_rules(result)
    limit = subjects_per_rule(result)
    groups = []
    for severity in SEVERITIES:
        rules = tuple(
            _rule(rule, findings[rule.id], limit, speak)
            for rule in failing
            if rule.severity is severity
        )
        if rules:
            count = speak.words("count.rules", count=speak.number(len(rules)))
            groups.append(
                SeverityGroup(severity=speak.severity(severity), count=count, rules=rules)
            )
    return tuple(groups)


def subjects_per_rule(result: AssessmentResult) -> int:
    """Return how many subjects are printed for each rule: fewer when very many rules fail."""
    sizes = [rule.counts[Outcome.FAIL.value] for rule in failing_rules(result)]
    if sum(min(size, SUBJECTS_PER_RULE) for size in sizes) <= SUBJECTS_IN_ALL:
        return SUBJECTS_PER_RULE
    return max(_AT_LEAST, SUBJECTS_IN_ALL // len(sizes))


def _rule(rule: RuleResult, findings: list[Finding], limit: int, speak: Speaker) -> RuleFailure:
    messages = {speak.text(finding.message) for finding in findings}
    terms = {_terms(finding.failed_terms) for finding in findings}
    shared = len(terms) == 1
    shown = findings[:limit]
    return RuleFailure(
        id=printable(rule.id),
        title=speak.text(rule.title),
        severity=speak.severity(rule.severity),
        count=speak.words("count.findings", count=speak.number(len(findings))),
        controls=speak.join(rule.controls),
        grade=speak.grade(rule.evidence_grade),
        expected=speak.text(rule.expected),
        fix=speak.text(rule.remediation),
        message=_shared_message(messages, rule, speak),
        terms=next(iter(terms)) if shared else (),
        subjects=tuple(
            _subject(finding, speak, own_terms=not shared, own_message=len(messages) > 1)
            for finding in shown
        ),
        more=speak.more(len(findings) - len(shown)),
    )


def _shared_message(messages: set[str], rule: RuleResult, speak: Speaker) -> str:
    """Return what all findings say, unless it only repeats what is expected."""
    message = next(iter(messages)) if len(messages) == 1 else ""
    return "" if speak.text(rule.expected) in message else message


def _subject(finding: Finding, speak: Speaker, *, own_terms: bool, own_message: bool) -> SubjectRow:
    seen = printable(finding.observed)
    if own_message or not seen:
        message = speak.text(finding.message)
        seen = f"{message} {seen}".strip() if own_message else seen or DASH
    return SubjectRow(
        target=printable(finding.subject.target),
        kind=short_kind(finding.subject.kind),
        name=subject_name(finding.subject),
        seen=seen,
        terms=_terms(finding.failed_terms) if own_terms else (),
        waiver=printable(finding.waiver),
    )


def _terms(terms: tuple[FailedTerm, ...]) -> tuple[str, ...]:
    return tuple(_term(term) for term in terms[:_TERMS])


def _term(term: FailedTerm) -> str:
    text = shorten(printable(term.text), _TERM_CHARS)
    return f"{text} → {shorten(printable(term.detail), _TERM_CHARS)}" if term.detail else text
