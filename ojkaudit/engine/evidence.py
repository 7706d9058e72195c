"""What a snapshot holds and how far it can be trusted: coverage, age and number of resources."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from ojkaudit.engine import messages
from ojkaudit.engine.functions.moments import CLOCK_SKEW
from ojkaudit.model.codec import encode_time
from ojkaudit.model.evidence import Coverage, Resource, Snapshot, TargetInfo
from ojkaudit.model.outcome import CoverageStatus, ReasonCode
from ojkaudit.model.text import Text

KEPT_RESOURCES = 20_000
"""Resources kept decoded between rules; kinds with more are read anew for each rule. ADR 0004."""

_REASONS = {
    CoverageStatus.DENIED: ReasonCode.DENIED,
    CoverageStatus.PARTIAL: ReasonCode.PARTIAL,
    CoverageStatus.STALE: ReasonCode.STALE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why a kind of a target cannot be judged."""

    reason: ReasonCode
    message: Text
    missing_right: str = ""
    place: str = ""
    """`target kind`, or the kind alone where no target has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a kind was read from a target: completely (no gap), not served, or with a gap."""

    gap: Gap | None = None
    is_absent: bool = False
    detail: str = ""
    """Of an absent kind: what the target said."""


COMPLETE = Reading()


class Evidence:
    """The snapshot as rules see it; decodes each resource once where memory allows."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        """Index the coverage of the snapshot as seen at `now`."""
        self._snapshot = snapshot
        self._now = now
        self._ledger: dict[tuple[str, str], Coverage] = {}
        for entry in snapshot.coverage():
            key = (entry.target, entry.kind)
            # Two entries for one kind: the worse one counts; "absent" is hardly worse than complete,
            # since a rule may take it for an empty list.
            before = self._ledger.get(key)
            if before is None or _rank(entry) > _rank(before):
                self._ledger[key] = entry
        self._targets = {info.id: info for info in snapshot.info.targets}
        self._kept: OrderedDict[tuple[str, str], tuple[Resource, ...]] = OrderedDict()
        self._counts: dict[tuple[str, str], int] = {}

    @property
    def families(self) -> tuple[str, ...]:
        """Families the collecting release could read."""
        return self._snapshot.info.families

    def targets(self, family: str) -> tuple[TargetInfo, ...]:
        """Return the targets of a family by id."""
        return tuple(
            self._targets[name]
            for name in sorted(self._targets)
            if self._targets[name].family == family
        )

    def reading(self, target: str, kind: str, max_age_hours: int) -> Reading:
        """Return how far a kind of a target can be judged; anything but complete carries why."""
        entry = self._ledger.get((target, kind))
        place = f"{target} {kind}"
        if entry is None:
            message = messages.not_collected(target, kind)
            return Reading(gap=Gap(reason=ReasonCode.NOT_COLLECTED, message=message, place=place))
        is_absent = entry.status is CoverageStatus.ABSENT
        if entry.status is not CoverageStatus.COMPLETE and not is_absent:
            return Reading(gap=_incomplete(entry))
        aged = self._aged(entry, max_age_hours)
        if aged is not None:
            return Reading(gap=Gap(reason=ReasonCode.STALE, message=aged, place=place))
        if is_absent:
            return Reading(is_absent=True, detail=entry.detail)
        held = self._count(target, kind)
        if held != entry.count:
            message = messages.miscounted(target, kind, entry.count, held)
            return Reading(gap=Gap(reason=ReasonCode.PARTIAL, message=message, place=place))
        return COMPLETE

    def resources(self, target: str, kind: str) -> Iterable[Resource]:
        """Return the resources of a kind in the order of their references."""
        key = (target, kind)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        entry = self._ledger.get(key)
        if entry is not None and entry.count > KEPT_RESOURCES:
            return self._snapshot.resources(target, kind)
        loaded = tuple(
            sorted(self._snapshot.resources(target, kind), key=lambda r: (r.ref, r.digest))
        )
        self._keep(key, loaded)
        return loaded

    def subjects(self, target: str, kind: str) -> Iterator[tuple[Resource, bool]]:
        """Yield each resource once, and whether the evidence holds it with different contents."""
        for _, group in groupby(self.resources(target, kind), key=lambda resource: resource.ref):
            first, *others = group
            yield first, any(other.digest != first.digest for other in others)

    def _aged(self, entry: Coverage, max_age_hours: int) -> Text | None:
        read_at = encode_time(entry.read_at)
        if entry.read_at - self._now > CLOCK_SKEW:
            return messages.from_the_future(entry.target, entry.kind, read_at)
        if self._now - entry.read_at > timedelta(hours=max_age_hours):
            return messages.too_old(entry.target, entry.kind, read_at, max_age_hours)
        return None

    def _count(self, target: str, kind: str) -> int:
        key = (target, kind)
        if key not in self._counts:
            self._counts[key] = sum(1 for _ in self.resources(target, kind))
        return self._counts[key]

    def _keep(self, key: tuple[str, str], loaded: tuple[Resource, ...]) -> None:
        self._kept[key] = loaded
        while sum(map(len, self._kept.values())) > KEPT_RESOURCES and len(self._kept) > 1:
            self._kept.popitem(last=False)


def _rank(entry: Coverage) -> int:
    return {CoverageStatus.COMPLETE: 0, CoverageStatus.ABSENT: 1}.get(entry.status, 2)


def _incomplete(entry: Coverage) -> Gap:
    return Gap(
        reason=_REASONS.get(entry.status, ReasonCode.ERROR),
        message=messages.incomplete(entry),
        missing_right=entry.missing_right,
        place=f"{entry.target} {entry.kind}",
    )
