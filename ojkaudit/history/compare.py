"""What changed between two runs; lost sight never counts as progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ojkaudit.model.evidence import Coverage, ResourceRef
from ojkaudit.model.outcome import CoverageStatus, Outcome
from ojkaudit.model.result import Change, Comparison, Finding
from ojkaudit.model.text import Text

Key = tuple[str, str, str, str, str]
"""Rule, target, kind, namespace, name: a subject made anew keeps its place, so no uid."""

CHANGES = ("new", "fixed", "still_failing", "newly_blind", "no_longer_seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """What a comparison needs of one run."""

    id: str
    assessed_at: datetime
    catalog_digest: str
    profile_digest: str
    coverage: tuple[Coverage, ...]
    outcomes: Mapping[Key, tuple[Outcome, ResourceRef]]


def outcomes_of(findings: Iterable[Finding]) -> Mapping[Key, tuple[Outcome, ResourceRef]]:
    """Index findings by rule and subject."""
    return {_key(f): (f.outcome, f.subject) for f in findings}


def compare(before: RunView, after: RunView) -> Comparison:
    """Return every change from `before` to `after`.

    `fixed` needs a pass, or a subject gone from a listing that was complete both times is
    `no_longer_seen`; what failed and cannot be judged any more is `newly_blind`.
    """
    sighted = _sighted(after)
    changes = [
        change
        for key in sorted({*before.outcomes, *after.outcomes})
        if (change := _change(key, before, after, sighted)) is not None
    ]
    counted = Counter(change.change for change in changes)
    return Comparison(
        previous_id=before.id,
        previous_assessed_at=before.assessed_at,
        counts={name: counted.get(name, 0) for name in CHANGES},
        changes=tuple(changes),
        coverage_lost=_coverage_lost(before.coverage, after.coverage),
        comparable=_comparable(before, after),
    )


def _key(finding: Finding) -> Key:
    subject = finding.subject
    return (finding.rule, subject.target, subject.kind, subject.namespace, subject.name)


def _change(
    key: Key, before: RunView, after: RunView, sighted: frozenset[tuple[str, str]]
) -> Change | None:
    old, old_ref = before.outcomes.get(key, (None, None))
    new, new_ref = after.outcomes.get(key, (None, None))
    word = _word(old, new, is_blind=(key[0], key[1]) not in sighted)
    subject = new_ref or old_ref
    if word is None or subject is None:
        return None
    return Change(
        rule=key[0],
        subject=subject,
        change=word,
        before=old.value if old else "absent",
        after=new.value if new else "absent",
    )


def _word(old: Outcome | None, new: Outcome | None, *, is_blind: bool) -> str | None:
    if new is Outcome.FAIL:
        return "still_failing" if old is Outcome.FAIL else "new"
    if new is Outcome.UNKNOWN:
        return None if old is Outcome.UNKNOWN else "newly_blind"
    if old is Outcome.FAIL:
        if new is Outcome.PASS:
            return "fixed"
        # Not applicable, or gone: progress only if the rule still sees its target.
        return "newly_blind" if is_blind else "no_longer_seen"
    return None


def _sighted(run: RunView) -> frozenset[tuple[str, str]]:
    """Return (rule, target) pairs with a finding and none unknown, on the target or on no target."""
    seen = {(rule, target) for rule, target, *_ in run.outcomes}
    blind = {key[:2] for key, (outcome, _) in run.outcomes.items() if outcome is Outcome.UNKNOWN}
    return frozenset(
        (rule, target)
        for rule, target in seen
        if (rule, target) not in blind and (rule, "") not in blind
    )


def _coverage_lost(before: Sequence[Coverage], after: Sequence[Coverage]) -> tuple[str, ...]:
    now = {(c.target, c.kind) for c in after if c.status is CoverageStatus.COMPLETE}
    lost = [
        (c.target, c.kind)
        for c in before
        if c.status is CoverageStatus.COMPLETE and (c.target, c.kind) not in now
    ]
    return tuple(f"{target} {kind}" for target, kind in sorted(lost))


def _comparable(before: RunView, after: RunView) -> Text | None:
    if before.catalog_digest != after.catalog_digest:
        return Text(
            id="Aturan berubah di antara kedua audit: sebagian perubahan dapat berasal dari aturan.",
            en="The rules changed between the two audits: some changes may come from the rules.",
        )
    if before.profile_digest != after.profile_digest:
        return Text(
            id="Profil berubah di antara kedua audit: sebagian perubahan dapat berasal dari profil.",
            en="The profile changed between the two audits: some changes may come from it.",
        )
    return None
