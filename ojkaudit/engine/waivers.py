"""Which waiver annotates a failing finding, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase

from ojkaudit.model.config import Waiver
from ojkaudit.model.dates import WaiverState, waiver_state
from ojkaudit.model.evidence import ResourceRef
from ojkaudit.model.outcome import Outcome
from ojkaudit.model.result import Finding, WaiverResult

UNUSED = "unused"
"""State of a valid waiver that matches no failing finding."""
_VALID = (WaiverState.ACTIVE, WaiverState.EXPIRING)


class Waivers:
    """The waivers of an assessment as they stand on one day."""

    def __init__(self, waivers: Iterable[Waiver], now: datetime, warn_days: int) -> None:
        """Sort the waivers by id and work out their state."""
        self._waivers = tuple(
            (waiver, waiver_state(waiver, now, warn_days))
            for waiver in sorted(waivers, key=lambda waiver: (waiver.id, waiver.rule))
        )
        self._by_rule: dict[str, list[Waiver]] = {}
        for waiver, state in self._waivers:
            if state in _VALID:
                self._by_rule.setdefault(waiver.rule, []).append(waiver)

    def annotation(self, rule: str, subject: ResourceRef) -> str:
        """Return the id of the first valid waiver for a failing finding, or ''."""
        for waiver in self._by_rule.get(rule, ()):
            if matches(waiver, subject):
                return waiver.id
        return ""

    def results(self, counts: Counter[str]) -> tuple[WaiverResult, ...]:
        """Return the state of every waiver, given how many failing findings each matches."""
        return tuple(
            WaiverResult(
                id=waiver.id,
                rule=waiver.rule,
                state=UNUSED if state in _VALID and not counts[waiver.id] else state.value,
                until=waiver.until,
                matched=counts[waiver.id],
            )
            for waiver, state in self._waivers
        )

    def matched(self, finding: Finding) -> tuple[str, ...]:
        """Return the ids of all waivers, valid or not, that speak of a failing finding."""
        if finding.outcome is not Outcome.FAIL:
            return ()
        return tuple(
            waiver.id
            for waiver, _ in self._waivers
            if waiver.rule == finding.rule and matches(waiver, finding.subject)
        )


def matches(waiver: Waiver, subject: ResourceRef) -> bool:
    """Return whether the waiver's glob matches `target/namespace/name` of the subject.

    Where there is no namespace, `target/name` matches too.
    """
    names = [f"{subject.target}/{subject.namespace}/{subject.name}"]
    if not subject.namespace:
        names.append(f"{subject.target}/{subject.name}")
    return any(fnmatchcase(name, waiver.subject) for name in names)
