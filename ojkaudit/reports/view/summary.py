"""The first page: where the institution stands, in ten seconds."""

from __future__ import annotations

from collections.abc import Sequence

from ojkaudit.model.dates import jakarta_day
from ojkaudit.model.outcome import Outcome, Severity, VerdictStatus
from ojkaudit.model.result import AssessmentResult, Comparison, RegisterEntry, RuleResult
from ojkaudit.reports.formats import printable, shorten
from ojkaudit.reports.view.language import SEVERITIES, Speaker
from ojkaudit.reports.view.register import attestation_name, days_phrase, state_tone
from ojkaudit.reports.view.shapes import Badge, Fact, SeverityCount, Share, Summary, TopFailure
from ojkaudit.reports.view.unseen import unseen_facts

TOP_FAILURES = 8
_EXPIRING = 3
_UNSEEN = 5
_UNSEEN_BESIDE_FEW = 8
_BAR_UNITS = 1000
# Chosen so that the first page stays one page with everything on it; a test holds this.
_TITLE_CHARS = 84
_FIX_CHARS = 66
_FIX_CHARS_OF_FEW = 130
_FEW = 5
_SHOWN = (
    Outcome.FAIL,
    Outcome.UNKNOWN,
    Outcome.MANUAL,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def build_summary(result: AssessmentResult, speak: Speaker) -> Summary:
    """Return the first page of `result`."""
    failing = failing_rules(result)
    unseen = unseen_facts(result, speak)
    room = _UNSEEN if len(failing) > _FEW else _UNSEEN_BESIDE_FEW
    return Summary(
        verdict=verdict_badge(result, speak),
        sentence=verdict_sentence(result, speak),
        notices=tuple(_notices(result, speak)),
        judged=speak.words(
            "summary.judged",
            judged=speak.number(result.verdict.rules_judged),
            selected=speak.number(result.verdict.rules_selected),
        ),
        findings_total=speak.number(sum(result.counts.values())),
        shares=_shares(result, speak),
        bar_alt=_bar_alt(result, speak),
        severities=_severities(failing, speak),
        top=_top_failures(failing, speak),
        top_more=speak.more(len(failing) - TOP_FAILURES, "more.rules"),
        unseen_total=speak.number(result.counts[Outcome.UNKNOWN.value]),
        unseen=unseen[:room],
        unseen_more=speak.more(len(unseen) - room, "more.causes"),
        expiring=_expiring(result.register, speak),
        not_corroborated=_not_corroborated(result, speak),
        comparison=comparison_facts(result.comparison, speak),
        comparison_title=_comparison_title(result.comparison, speak),
        comparison_note=_comparison_note(result.comparison, speak),
        signers=tuple(
            printable(speak.words.known("signer", role)) for role in result.required_signatures
        ),
        verify_line=speak.words("summary.verify_line") if result.required_signatures else "",
    )


def failing_rules(result: AssessmentResult) -> list[RuleResult]:
    """Return the rules with a failing finding: gravest first, then most findings, then by id."""
    failing = [rule for rule in result.rules if rule.counts[Outcome.FAIL.value]]
    return sorted(failing, key=lambda r: (-r.severity.rank, -r.counts["fail"], r.id))


def unsettled_rules(result: AssessmentResult) -> int:
    """Return how many rules have a finding that could not be judged by the machine."""
    return sum(1 for r in result.rules if r.counts["unknown"] or r.counts["manual"])


def verdict_badge(result: AssessmentResult, speak: Speaker) -> Badge:
    """Return the verdict; green only when nothing at all was left unjudged."""
    status = result.verdict.status
    if status is VerdictStatus.NON_COMPLIANT:
        return Badge(word=speak.words("verdict.non_compliant"), tone="fail")
    if status is VerdictStatus.INCOMPLETE or unsettled_rules(result):
        return Badge(word=speak.words("verdict.incomplete"), tone="unknown")
    return Badge(word=speak.words("verdict.compliant"), tone="pass")


def verdict_sentence(result: AssessmentResult, speak: Speaker) -> str:
    """Return one or two sentences that say why the verdict is what it is."""
    failing, unsettled = failing_rules(result), unsettled_rules(result)
    grave = sum(1 for r in failing if r.severity.rank >= Severity.HIGH.rank)
    level = speak.words(f"severity.{result.verdict.fail_on.value}")
    if any(r.severity.rank >= result.verdict.fail_on.rank for r in failing):
        first = speak.words(
            "sentence.failing", count=speak.number(len(failing)), grave=speak.number(grave)
        )
    elif failing:
        first = speak.words("sentence.failing_below", level=level, count=speak.number(len(failing)))
    else:
        first = speak.words("sentence.none_failing")
    if unsettled:
        return f"{first} {speak.words('sentence.unsettled', count=speak.number(unsettled))}"
    return f"{first} {speak.words('sentence.complete')}"


def _notices(result: AssessmentResult, speak: Speaker) -> list[str]:
    notices = []
    if not result.required_signatures:
        notices.append(speak.words("notice.draft"))
    if result.time_given:
        notices.append(speak.words("notice.time_given"))
    if result.verdict.allow_incomplete:
        notices.append(speak.words("notice.allow_incomplete"))
    if result.rules_left_out:
        notices.append(
            speak.words(
                "notice.left_out",
                count=speak.number(len(result.rules_left_out)),
                rules=_some(result.rules_left_out),
                rationale=printable(result.left_out_rationale or "-"),
            )
        )
    waived = sum(rule.waived for rule in result.rules)
    if waived:
        notices.append(speak.words("notice.waived", count=speak.number(waived)))
    expired = sum(1 for waiver in result.waivers if waiver.state == "expired")
    if expired:
        notices.append(speak.words("notice.waivers_expired", count=speak.number(expired)))
    return notices


def _some(names: Sequence[str], at_most: int = 12) -> str:
    return ", ".join(names[:at_most]) + (", …" if len(names) > at_most else "")


def _shares(result: AssessmentResult, speak: Speaker) -> tuple[Share, ...]:
    total = sum(result.counts.values())
    shares, left = [], 0
    for outcome in _SHOWN:
        count = result.counts[outcome.value]
        # Never thinner than a visible sliver: one failure among thousands must be seen.
        width = max(count * _BAR_UNITS // total, 8) if count else 0
        width = min(width, _BAR_UNITS - left)
        badge = speak.outcome(outcome)
        shares.append(Share(badge=badge, count=speak.number(count), x=str(left), width=str(width)))
        left += width
    return tuple(shares)


def _bar_alt(result: AssessmentResult, speak: Speaker) -> str:
    parts = [
        f"{speak.words(f'outcome.{o.value}')} {speak.number(result.counts[o.value])}"
        for o in _SHOWN
    ]
    return f"{speak.words('summary.bar')}: {', '.join(parts)}"


def _severities(failing: list[RuleResult], speak: Speaker) -> tuple[SeverityCount, ...]:
    rows = []
    for severity in SEVERITIES:
        rules = [rule for rule in failing if rule.severity is severity]
        findings = sum(rule.counts["fail"] for rule in rules)
        rows.append(
            SeverityCount(
                severity=speak.severity(severity),
                rules=speak.number(len(rules)),
                findings=speak.words("count.findings", count=speak.number(findings)),
                any_failing=bool(rules),
            )
        )
    return tuple(rows)


def _top_failures(failing: list[RuleResult], speak: Speaker) -> tuple[TopFailure, ...]:
    limit = _FIX_CHARS_OF_FEW if len(failing) <= _FEW else _FIX_CHARS
    return tuple(_top(rule, limit, speak) for rule in failing[:TOP_FAILURES])


def _top(rule: RuleResult, fix_limit: int, speak: Speaker) -> TopFailure:
    return TopFailure(
        rule=printable(rule.id),
        title=shorten(speak.text(rule.title), _TITLE_CHARS),
        severity=speak.severity(rule.severity),
        count=speak.number(rule.counts["fail"]),
        fix=shorten(speak.text(rule.remediation), fix_limit),
    )


def _expiring(entries: tuple[RegisterEntry, ...], speak: Speaker) -> tuple[Fact, ...]:
    dated = [entry for entry in entries if entry.valid_until is not None]
    dated.sort(key=lambda entry: (entry.valid_until, entry.id))
    return tuple(
        Fact(
            label=attestation_name(entry, speak),
            value=speak.day(entry.valid_until),
            note=days_phrase(entry.days_left, speak),
            tone=state_tone(entry.state),
        )
        for entry in dated[:_EXPIRING]
    )


def _not_corroborated(result: AssessmentResult, speak: Speaker) -> str:
    passes = sum(
        rule.counts["pass"] for rule in result.rules if rule.corroboration == "not_corroborated"
    )
    controls = sum(1 for control in result.controls if control.not_corroborated)
    if not passes and not controls:
        return ""
    return speak.words(
        "summary.not_corroborated", passes=speak.number(passes), controls=speak.number(controls)
    )


_CHANGE_TONES = {
    "new": "fail",
    "still_failing": "fail",
    "newly_blind": "unknown",
    "no_longer_seen": "unknown",
    "fixed": "pass",
}


def change_badge(change: str, speak: Speaker) -> Badge:
    """Return the badge of a kind of change."""
    return speak.state("change", change, _CHANGE_TONES.get(change, "na"))


def comparison_facts(comparison: Comparison | None, speak: Speaker) -> tuple[Fact, ...]:
    """Return the number of each kind of change."""
    if comparison is None:
        return ()
    known = [name for name in _CHANGE_TONES if name in comparison.counts]
    other = sorted(set(comparison.counts) - set(known))
    return tuple(
        Fact(
            label=change_badge(name, speak).word,
            value=speak.number(comparison.counts[name]),
            tone=change_badge(name, speak).tone,
        )
        for name in [*known, *other]
    )


def _comparison_title(comparison: Comparison | None, speak: Speaker) -> str:
    if comparison is None:
        return ""
    return speak.words(
        "comparison.since", date=speak.day(jakarta_day(comparison.previous_assessed_at))
    )


def _comparison_note(comparison: Comparison | None, speak: Speaker) -> str:
    if comparison is None or not comparison.coverage_lost:
        return ""
    return speak.words("comparison.lost_short", count=speak.number(len(comparison.coverage_lost)))
