"""One rule on one subject, or on a whole list: exactly one finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ojkaudit import canonical
from ojkaudit.cel import Activation, CelEvaluationError, Program
from ojkaudit.engine import messages
from ojkaudit.engine.bench import Bench
from ojkaudit.engine.compiled import CompiledRule
from ojkaudit.engine.evidence import Gap
from ojkaudit.engine.observed import render
from ojkaudit.engine.variables import add_derived
from ojkaudit.model.catalog import Rule
from ojkaudit.model.evidence import Resource, ResourceRef, TargetInfo
from ojkaudit.model.outcome import Outcome, ReasonCode
from ojkaudit.model.result import FailedTerm, Finding
from ojkaudit.model.text import Text

MAX_DIGESTS = 100
"""A finding over more resources points at the digest of the list of their digests; ADR 0004."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An expression without a value, and why."""

    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged: its name, what expressions see of it, and its evidence."""

    ref: ResourceRef
    activation: Activation
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectJudge:
    """Judges the subjects of one rule on one target."""

    bench: Bench
    compiled: CompiledRule
    target: TargetInfo
    shared: Mapping[str, object]
    """What the expressions see on this target whatever the subject."""
    gaps: tuple[Gap, ...]
    """Why kinds read beside the subjects cannot be relied on; then every subject is unknown."""

    def each(self, resource: Resource, *, is_ambiguous: bool) -> Finding | None:
        """Return the finding on one resource; None when the rule does not select it."""
        try:
            return self._each(resource, is_ambiguous=is_ambiguous)
        except Exception as error:  # noqa: BLE001 - the engine's loop: one odd object must not end the audit
            return self._fault(resource.ref, error)

    def whole(self, ref: ResourceRef, resources: Sequence[Resource]) -> Finding:
        """Return the one finding on a whole list of selected resources."""
        digests = tuple(sorted(resource.digest for resource in resources))
        activation = self._activation({"items": [resource.payload for resource in resources]})
        subject = Subject(ref=ref, activation=activation, digests=_pointers(digests))
        try:
            return self._judge(subject)
        except Exception as error:  # noqa: BLE001 - as above
            return self._fault(ref, error)

    def is_selected(self, resource: Resource) -> bool | Failure:
        """Return whether the resource is a subject of the rule, or why that cannot be told."""
        return self._condition(self.compiled.select, "select", self._subject(resource), True)

    def _each(self, resource: Resource, *, is_ambiguous: bool) -> Finding | None:
        subject = self._subject(resource)
        selected = self._condition(self.compiled.select, "select", subject, True)
        if isinstance(selected, Failure):
            return self._unknown(subject, ReasonCode.EXPRESSION_ERROR, selected.message)
        if not selected:
            return None
        if is_ambiguous:
            message = messages.contradicting(resource.ref.kind)
            return self._unknown(subject, ReasonCode.PARTIAL, message)
        return self._judge(subject)

    def _judge(self, subject: Subject) -> Finding:
        if self.gaps:
            return from_gaps(self.compiled.rule, subject.ref, self.gaps)
        seen = self._with_inputs(subject)
        if isinstance(seen, Failure):
            return self._unknown(subject, ReasonCode.EXPRESSION_ERROR, seen.message)
        return replace(self._decide(seen), observed=self._observed(seen), evidence=seen.digests)

    def _decide(self, subject: Subject) -> Finding:
        rule = self.compiled.rule
        applies = self._condition(self.compiled.applies, "applies", subject, True)
        if isinstance(applies, Failure):
            return self._unknown(subject, ReasonCode.EXPRESSION_ERROR, applies.message)
        if not applies:
            message = messages.not_applicable(rule)
            return make_finding(
                rule, subject.ref, Outcome.NOT_APPLICABLE, ReasonCode.NOT_APPLICABLE, message
            )
        is_weak = self._condition(self.compiled.unknown, "unknown", subject, False)
        if isinstance(is_weak, Failure):
            return self._unknown(subject, ReasonCode.EXPRESSION_ERROR, is_weak.message)
        if is_weak:
            return self._unknown(subject, ReasonCode.WEAK_EVIDENCE, messages.weak_evidence(rule))
        passes = self._condition(self.compiled.passes, "pass", subject, False)
        if isinstance(passes, Failure):
            return self._unknown(subject, ReasonCode.EXPRESSION_ERROR, passes.message)
        return self._passed(subject) if passes else self._failed(subject)

    def _passed(self, subject: Subject) -> Finding:
        rule = self.compiled.rule
        return make_finding(
            rule, subject.ref, Outcome.PASS, ReasonCode.PASSED, messages.passed(rule)
        )

    def _failed(self, subject: Subject) -> Finding:
        rule = self.compiled.rule
        terms = self.compiled.passes.failing_terms(subject.activation)
        finding = make_finding(
            rule, subject.ref, Outcome.FAIL, ReasonCode.FAILED, messages.failed(rule)
        )
        return replace(
            finding,
            waiver=self.bench.waivers.annotation(rule.id, subject.ref),
            failed_terms=tuple(
                FailedTerm(text=t.text, line=t.line, column=t.column, detail=t.detail)
                for t in terms
            ),
        )

    def _unknown(self, subject: Subject, reason: ReasonCode, message: Text) -> Finding:
        finding = make_finding(self.compiled.rule, subject.ref, Outcome.UNKNOWN, reason, message)
        return replace(finding, evidence=subject.digests)

    def _fault(self, ref: ResourceRef, error: Exception) -> Finding:
        message = messages.internal_fault(type(error).__name__)
        reason = ReasonCode.EXPRESSION_ERROR
        return make_finding(self.compiled.rule, ref, Outcome.UNKNOWN, reason, message)

    def _subject(self, resource: Resource) -> Subject:
        variables: dict[str, object] = {"object": resource.payload}
        add_derived(variables, self.compiled.names, resource, self.target, self.bench.joins)
        activation = self._activation(variables)
        return Subject(ref=resource.ref, activation=activation, digests=(resource.digest,))

    def _activation(self, variables: Mapping[str, object]) -> Activation:
        return Activation(variables={**self.shared, **variables}, functions=self.bench.functions)

    def _with_inputs(self, subject: Subject) -> Subject | Failure:
        if not self.compiled.joins:
            return subject
        try:
            inputs = self.bench.joins.inputs(self.compiled.joins, self.target, subject.activation)
        except CelEvaluationError as error:
            return _failure("joins", error)
        except ValueError as error:
            return Failure(message=messages.expression_error("joins", str(error), "", ""))
        variables = {**subject.activation.variables, "inputs": inputs}
        return replace(subject, activation=self._activation(variables))

    def _condition(
        self, program: Program | None, name: str, subject: Subject, default: bool
    ) -> bool | Failure:
        if program is None:
            return default
        try:
            value = program.evaluate(subject.activation)
        except CelEvaluationError as error:
            return _failure(name, error)
        if not isinstance(value, bool):
            return Failure(message=messages.expression_error(name, "not a boolean", "", ""))
        return value

    def _observed(self, subject: Subject) -> str:
        if self.compiled.observed is None:
            return ""
        try:
            return render(self.compiled.observed.evaluate(subject.activation))
        except (CelEvaluationError, ValueError, RecursionError):
            # What is printed as seen must never change what is concluded.
            return ""


def make_finding(
    rule: Rule, subject: ResourceRef, outcome: Outcome, reason: ReasonCode, message: Text
) -> Finding:
    """Return a finding without observation or evidence."""
    return Finding(
        rule=rule.id,
        outcome=outcome,
        severity=rule.severity,
        subject=subject,
        reason=reason,
        message=message,
    )


def from_gaps(rule: Rule, subject: ResourceRef, gaps: Sequence[Gap]) -> Finding:
    """Return the unknown finding that evidence with gaps leads to; the first gap gives the code."""
    message = messages.together(tuple(gap.message for gap in gaps))
    finding = make_finding(rule, subject, Outcome.UNKNOWN, gaps[0].reason, message)
    rights = dict.fromkeys(gap.missing_right for gap in gaps if gap.missing_right)
    places = tuple(dict.fromkeys(gap.place for gap in gaps if gap.place))
    return replace(finding, missing_right="; ".join(rights), unread=places)


def _failure(name: str, error: CelEvaluationError) -> Failure:
    place = f"{error.line}:{error.column}" if error.line else ""
    return Failure(message=messages.expression_error(name, error.message, place, error.path))


def _pointers(digests: tuple[str, ...]) -> tuple[str, ...]:
    return digests if len(digests) <= MAX_DIGESTS else (canonical.digest(list(digests)),)
