"""The summary on the terminal after a run."""

from __future__ import annotations

from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports.formats import DASH, printable, shorten
from ojkaudit.reports.view.language import Speaker
from ojkaudit.reports.view.register import attestation_type, days_phrase, state_tone
from ojkaudit.reports.view.shapes import Badge, Fact, Summary
from ojkaudit.reports.view.summary import build_summary, verdict_badge

_WIDTH = 78
_LABEL = 16
_ROOM = _WIDTH - _LABEL - 1
_DEADLINES = 5
_RESET = "\x1b[0m"
_COLOURS = {
    "fail": "\x1b[1;31m",
    "critical": "\x1b[1;31m",
    "high": "\x1b[31m",
    "unknown": "\x1b[33m",
    "medium": "\x1b[33m",
    "pass": "\x1b[32m",
    "manual": "\x1b[35m",
}


def summary_table(result: AssessmentResult, language: Language, colour: bool) -> str:
    """Return verdict, counts, what was not seen, top failures and deadlines as lines of text.

    Args:
        result: What to show.
        language: Language of the words.
        colour: Whether to add ANSI colours; the words alone carry the meaning.
    """
    speak = Speaker(language)
    summary = build_summary(result, speak)
    paint = _Paint(enabled=colour)
    lines = [
        "─" * _WIDTH,
        _line(speak.words("terminal.verdict"), paint.badge(verdict_badge(result, speak))),
        *_wrapped("", summary.sentence),
        *(line for notice in summary.notices for line in _wrapped("", notice)),
        _line(speak.words("terminal.rules"), summary.judged),
        *_section(speak.words("terminal.findings"), _counts(summary, paint)),
        *_section(speak.words("terminal.unseen"), _unseen(summary, speak, paint)),
        *_section(speak.words("terminal.top"), _top(summary, paint)),
        *_section(speak.words("terminal.deadlines"), _deadlines(result, speak, paint)),
        *_section(speak.words("terminal.changes"), [_change(f, paint) for f in summary.comparison]),
        "─" * _WIDTH,
    ]
    if result.demonstration:
        lines.insert(0, paint.tone("fail", speak.words("report.demonstration")))
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    def tone(self, tone: str, text: str) -> str:
        if not self._enabled or tone not in _COLOURS:
            return text
        return f"{_COLOURS[tone]}{text}{_RESET}"

    def badge(self, badge: Badge) -> str:
        return self.tone(badge.tone, badge.word)


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL}} {text}".rstrip()


def _wrapped(label: str, text: str) -> list[str]:
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > _ROOM:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [_line(label if i == 0 else "", line) for i, line in enumerate([*lines, current])]


def _section(label: str, lines: list[str]) -> list[str]:
    return [_line(label if i == 0 else "", line) for i, line in enumerate(lines)]


def _counts(summary: Summary, paint: _Paint) -> list[str]:
    parts = [
        paint.tone(share.badge.tone, f"{share.badge.word} {share.count}")
        for share in summary.shares
    ]
    return [" · ".join(parts[:3]), " · ".join(parts[3:])]


def _unseen(summary: Summary, speak: Speaker, paint: _Paint) -> list[str]:
    if not summary.unseen:
        return [speak.words("terminal.unseen_none")]
    lines = []
    for fact in summary.unseen:
        head = f"{fact.label}: {fact.value}"
        lines.append(paint.tone("unknown", head))
        if fact.note:
            lines.append(f"  {shorten(fact.note, _ROOM - 2)}")
    return lines


def _top(summary: Summary, paint: _Paint) -> list[str]:
    lines = []
    for item in summary.top:
        head = f"{item.rule} ({item.count})"
        room = _ROOM - len(item.severity.word) - len(head) - 2
        lines.append(f"{paint.badge(item.severity)} {head} {shorten(item.title, room)}")
        lines.append(f"  {shorten(item.fix, _ROOM - 2)}")
    return [*lines, summary.top_more] if summary.top_more else lines


def _deadlines(result: AssessmentResult, speak: Speaker, paint: _Paint) -> list[str]:
    dated = [
        (
            entry.valid_until,
            state_tone(entry.state),
            attestation_type(entry, speak),
            days_phrase(entry.days_left, speak),
        )
        for entry in result.register
        if entry.valid_until is not None
    ]
    tones = {"expired": "fail", "expiring": "unknown"}
    dated += [
        (
            waiver.until,
            tones.get(waiver.state, "na"),
            speak.words(
                "terminal.waiver_until", id=printable(waiver.id), rule=printable(waiver.rule)
            ),
            "",
        )
        for waiver in result.waivers
    ]
    dated.sort()
    return [
        paint.tone(tone, _deadline(speak.day(day), name, phrase))
        for day, tone, name, phrase in dated[:_DEADLINES]
    ]


def _deadline(day: str, name: str, phrase: str) -> str:
    tail = f" {DASH} {phrase}" if phrase else ""
    return f"{day}  {shorten(name, _ROOM - len(day) - len(tail) - 2)}{tail}"


def _change(fact: Fact, paint: _Paint) -> str:
    return paint.tone(fact.tone, f"{fact.label}: {fact.value}")
