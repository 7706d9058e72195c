"""Certificates with their expiry, and waivers."""

from __future__ import annotations

from datetime import date

from ojkaudit.model.result import AssessmentResult, RegisterEntry, WaiverResult
from ojkaudit.reports.formats import DASH, printable
from ojkaudit.reports.view.language import Speaker
from ojkaudit.reports.view.sections import RegisterRow, WaiverRow
from ojkaudit.reports.view.shapes import Badge

_STATE_TONES = {
    "valid": "pass",
    "expiring": "unknown",
    "expired": "fail",
    "undated": "na",
    "suspended": "fail",
    "withdrawn": "fail",
    "not_yet": "fail",
}
_WAIVER_TONES = {
    "active": "na",
    "expiring": "unknown",
    "expired": "fail",
    "unused": "na",
    "not_yet": "na",
}


def state_tone(state: str) -> str:
    """Return the tone of a certificate's state."""
    return _STATE_TONES.get(state, "unknown")


def attestation_name(entry: RegisterEntry, speak: Speaker) -> str:
    """Return the type of a certificate for people, with its sites."""
    name = attestation_type(entry, speak)
    return f"{name} {DASH} {speak.join(entry.sites, 1)}" if entry.sites else name


def attestation_type(entry: RegisterEntry, speak: Speaker) -> str:
    """Return the type of a certificate for people."""
    return printable(speak.words.known("attestation", entry.type))


def days_phrase(days: int | None, speak: Speaker) -> str:
    """Return `42 days left`, `ends today` or `expired 20 days ago`."""
    if days is None:
        return ""
    if days == 0:
        return speak.words("expiry.today")
    key = "expiry.left" if days > 0 else "expiry.ago"
    return speak.words(key, count=speak.number(abs(days)))


def build_register(result: AssessmentResult, speak: Speaker) -> tuple[RegisterRow, ...]:
    """Return the register: what ends first comes first, undated entries last."""
    entries = sorted(result.register, key=lambda e: (e.valid_until or date.max, e.id))
    return tuple(_row(entry, speak) for entry in entries)


def build_waivers(result: AssessmentResult, speak: Speaker) -> tuple[WaiverRow, ...]:
    """Return every waiver: what ends first comes first."""
    ordered = sorted(result.waivers, key=lambda w: (w.until, w.id))
    return tuple(_waiver(waiver, speak) for waiver in ordered)


def _row(entry: RegisterEntry, speak: Speaker) -> RegisterRow:
    return RegisterRow(
        type=attestation_type(entry, speak),
        id=printable(entry.id),
        holder=printable(entry.holder),
        number=printable(entry.number) or DASH,
        sites=speak.join(entry.sites) or DASH,
        valid_until=speak.day(entry.valid_until),
        state=speak.state("register_state", entry.state, state_tone(entry.state)),
        days=days_phrase(entry.days_left, speak),
        file=printable(entry.file),
        file_state=_file_state(entry.file_matches, speak),
    )


def _file_state(matches: bool | None, speak: Speaker) -> Badge:
    if matches is None:
        return Badge(word=speak.words("file.none"), tone="na")
    if matches:
        return Badge(word=speak.words("file.matches"), tone="pass")
    return Badge(word=speak.words("file.differs"), tone="fail")


def _waiver(waiver: WaiverResult, speak: Speaker) -> WaiverRow:
    return WaiverRow(
        id=printable(waiver.id),
        rule=printable(waiver.rule),
        until=speak.day(waiver.until),
        state=speak.state("waiver_state", waiver.state, _WAIVER_TONES.get(waiver.state, "na")),
        matched=speak.number(waiver.matched),
    )
