"""One rule on every target it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ojkaudit.engine import messages
from ojkaudit.engine.bench import Bench
from ojkaudit.engine.compiled import CompiledRule
from ojkaudit.engine.evidence import Gap, Reading
from ojkaudit.engine.subject import Failure, SubjectJudge, from_gaps, make_finding
from ojkaudit.model.catalog import Rule
from ojkaudit.model.evidence import Resource, ResourceRef, TargetInfo
from ojkaudit.model.outcome import Evaluate, OnAbsent, OnEmpty, Outcome, ReasonCode
from ojkaudit.model.result import Finding

_ON_EMPTY = {
    OnEmpty.FAIL: Outcome.FAIL,
    OnEmpty.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    OnEmpty.UNKNOWN: Outcome.UNKNOWN,
    OnEmpty.PASS: Outcome.PASS,
}
_ON_ABSENT = {
    OnAbsent.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    OnAbsent.FAIL: Outcome.FAIL,
}


def judge_rule(bench: Bench, compiled: CompiledRule) -> Iterator[Finding]:
    """Yield every finding of a rule, sorted by target, kind, namespace, name and uid."""
    families: dict[str, list[str]] = {}
    for kind in sorted(set(compiled.rule.subjects)):
        families.setdefault(_family(kind), []).append(kind)
    places: list[tuple[str, TargetInfo | None, list[str]]] = []
    for family, kinds in families.items():
        targets = bench.evidence.targets(family)
        places.extend((info.id, info, kinds) for info in targets)
        if not targets:
            # The family stands in for the target that is missing.
            places.append((family, None, kinds))
    for name, target, kinds in sorted(places, key=lambda place: (place[0], place[2])):
        if target is None:
            gap = missing_family(bench, kinds[0])
            yield from_gaps(compiled.rule, ResourceRef(target=name, kind=kinds[0]), (gap,))
        else:
            yield from TargetJudge.over(bench, compiled, target, tuple(kinds)).findings()


def missing_family(bench: Bench, kind: str) -> Gap:
    """Return why nothing of a kind's family was read: no collector, or no target."""
    family = _family(kind)
    if family not in bench.evidence.families:
        return Gap(
            reason=ReasonCode.NO_COLLECTOR, message=messages.no_collector(kind, family), place=kind
        )
    return Gap(reason=ReasonCode.NO_TARGET, message=messages.no_target(kind, family), place=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetJudge:
    """Judges one rule on one target."""

    bench: Bench
    rule: Rule
    target: TargetInfo
    kinds: tuple[str, ...]
    """Kinds of the subjects that this target can have, sorted."""
    subjects: SubjectJudge

    @classmethod
    def over(
        cls, bench: Bench, compiled: CompiledRule, target: TargetInfo, kinds: tuple[str, ...]
    ) -> TargetJudge:
        """Return the judge, having read the coverage of the kinds beside the subjects."""
        gaps = tuple(_support_gaps(bench, compiled, target))
        judge = SubjectJudge(
            bench=bench,
            compiled=compiled,
            target=target,
            shared=bench.shared_variables(target),
            gaps=gaps,
        )
        return cls(bench=bench, rule=compiled.rule, target=target, kinds=kinds, subjects=judge)

    def findings(self) -> Iterator[Finding]:
        """Yield at least one finding, in the order of their subjects."""
        if self.rule.evaluate is Evaluate.SET:
            yield self._whole()
        else:
            yield from self._each()

    def _each(self) -> Iterator[Finding]:
        # Held back until a subject is found: the finding on emptiness may belong before them.
        held: list[Finding] = []
        found = False
        readable = []
        for kind in self.kinds:
            finding = self._on_kind(kind)
            if finding is not None:
                held.append(finding)
                continue
            readable.append(kind)
            for finding in self._on_resources(kind):
                found = True
                yield from held
                held.clear()
                yield finding
        if not found and readable and not _has_gap(held):
            held.append(self._empty(readable))
        yield from sorted(held, key=lambda finding: finding.subject)

    def _on_resources(self, kind: str) -> Iterator[Finding]:
        if self._reading(kind).is_absent:
            return
        for resource, is_ambiguous in self.bench.evidence.subjects(self.target.id, kind):
            finding = self.subjects.each(resource, is_ambiguous=is_ambiguous)
            if finding is not None:
                yield finding

    def _on_kind(self, kind: str) -> Finding | None:
        """Return the finding a kind leads to without looking at resources; None: look."""
        reading = self._reading(kind)
        ref = self._ref(kind)
        if reading.gap is not None:
            return from_gaps(self.rule, ref, (reading.gap,))
        if not reading.is_absent or self.rule.on_absent is OnAbsent.EMPTY:
            return None
        return self._absent(ref, reading)

    def _absent(self, ref: ResourceRef, reading: Reading) -> Finding:
        outcome = _ON_ABSENT.get(self.rule.on_absent, Outcome.UNKNOWN)
        message = messages.absent(self.target.id, ref.kind, reading.detail)
        finding = make_finding(self.rule, ref, outcome, ReasonCode.ABSENT, message)
        return self._annotated(replace(finding, unread=(f"{self.target.id} {ref.kind}",)))

    def _whole(self) -> Finding:
        """Return the one finding of a `set` rule."""
        ref = self._ref(self.kinds[0])
        on_kinds = [finding for kind in self.kinds if (finding := self._on_kind(kind)) is not None]
        decisive = _worst(on_kinds, has_more=len(on_kinds) < len(self.kinds))
        if decisive is not None:
            return replace(decisive, subject=ref)
        selected: list[Resource] = []
        for kind in self.kinds:
            fault = self._select(kind, selected)
            if fault is not None:
                return replace(fault, subject=ref)
        if not selected:
            return replace(self._empty(self.kinds), subject=ref)
        return self.subjects.whole(ref, selected)

    def _select(self, kind: str, selected: list[Resource]) -> Finding | None:
        """Add the selected resources of a kind; return why one of them cannot be told."""
        if self._reading(kind).is_absent:
            return None
        for resource, is_ambiguous in self.bench.evidence.subjects(self.target.id, kind):
            is_selected = self.subjects.is_selected(resource)
            if isinstance(is_selected, Failure):
                reason = ReasonCode.EXPRESSION_ERROR
                message = messages.in_list(resource.ref.label(), is_selected.message)
                return make_finding(self.rule, resource.ref, Outcome.UNKNOWN, reason, message)
            if is_selected and is_ambiguous:
                message = messages.contradicting(resource.ref.label())
                return make_finding(
                    self.rule, resource.ref, Outcome.UNKNOWN, ReasonCode.PARTIAL, message
                )
            if is_selected:
                selected.append(resource)
        return None

    def _empty(self, kinds: list[str] | tuple[str, ...]) -> Finding:
        """Return the finding of complete listings without a subject."""
        ref = self._ref(kinds[0])
        if self.subjects.gaps:
            return from_gaps(self.rule, ref, self.subjects.gaps)
        outcome = _ON_EMPTY[self.rule.on_empty]
        if outcome is Outcome.PASS and self.rule.empty_ok_because is None:
            # A pass over nothing needs its reason in print.
            outcome = Outcome.UNKNOWN
        names = ", ".join(kind.rsplit("/", 1)[-1] for kind in kinds)
        message = messages.empty(self.rule, self.target.id, names)
        return self._annotated(make_finding(self.rule, ref, outcome, ReasonCode.EMPTY, message))

    def _annotated(self, finding: Finding) -> Finding:
        if finding.outcome is not Outcome.FAIL:
            return finding
        waiver = self.bench.waivers.annotation(self.rule.id, finding.subject)
        return replace(finding, waiver=waiver)

    def _reading(self, kind: str) -> Reading:
        hours = self.bench.max_age_hours(self.rule)
        return self.bench.evidence.reading(self.target.id, kind, hours)

    def _ref(self, kind: str) -> ResourceRef:
        return ResourceRef(target=self.target.id, kind=kind)


def _support_gaps(bench: Bench, compiled: CompiledRule, target: TargetInfo) -> Iterator[Gap]:
    """Yield why kinds read beside the subjects cannot be relied on."""
    hours = bench.max_age_hours(compiled.rule)
    for kind, on_absent in compiled.support:
        own = _family(kind) == target.family
        targets = (target,) if own else bench.evidence.targets(_family(kind))
        if not targets:
            yield missing_family(bench, kind)
        for info in targets:
            reading = bench.evidence.reading(info.id, kind, hours)
            if reading.gap is not None:
                yield reading.gap
            elif reading.is_absent and on_absent is not OnAbsent.EMPTY:
                message = messages.absent(info.id, kind, reading.detail)
                yield Gap(reason=ReasonCode.ABSENT, message=message, place=f"{info.id} {kind}")


def _worst(findings: list[Finding], *, has_more: bool) -> Finding | None:
    """Return the finding that decides for a whole list: unknown, then fail.

    That a kind is not served settles a rule as not applicable only when no other kind is left.
    """
    for outcome in (Outcome.UNKNOWN, Outcome.FAIL):
        for finding in findings:
            if finding.outcome is outcome:
                return finding
    return findings[0] if findings and not has_more else None


def _has_gap(findings: list[Finding]) -> bool:
    return any(finding.outcome is Outcome.UNKNOWN for finding in findings)


def _family(kind: str) -> str:
    return kind.partition("/")[0]
