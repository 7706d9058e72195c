"""What the templates see: finished strings in one language, nothing left to decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A word with a tone; the word alone carries the meaning, the tone only the colour."""

    word: str
    tone: str
    """CSS class: `pass`, `fail`, `unknown`, `na`, `manual`, or a severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label with its value."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    code: bool = False
    """The value is an identifier or a digest and is set in a fixed-width face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One part of the outcome bar."""

    badge: Badge
    count: str
    x: str
    """Left edge, in thousandths of the bar."""
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopFailure:
    """One of the failures shown on the first page."""

    rule: str
    title: str
    severity: Badge
    count: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityCount:
    """How many rules and findings fail at one severity."""

    severity: Badge
    rules: str
    findings: str
    any_failing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The first page."""

    verdict: Badge
    sentence: str
    notices: tuple[str, ...]
    judged: str
    findings_total: str
    shares: tuple[Share, ...]
    bar_alt: str
    severities: tuple[SeverityCount, ...]
    top: tuple[TopFailure, ...]
    top_more: str
    unseen_total: str
    unseen: tuple[Fact, ...]
    unseen_more: str
    expiring: tuple[Fact, ...]
    not_corroborated: str
    comparison: tuple[Fact, ...]
    comparison_title: str
    comparison_note: str
    signers: tuple[str, ...]
    verify_line: str
