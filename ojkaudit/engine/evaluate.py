"""The engine's loop: every selected rule over the evidence, one finding a subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ojkaudit.engine.bench import Bench, prepare
from ojkaudit.engine.compiled import CompiledRule, compile_rules
from ojkaudit.engine.inputs import AssessmentInputs, check_not_empty
from ojkaudit.engine.rule_judge import judge_rule
from ojkaudit.errors import InternalError
from ojkaudit.model.evidence import ResourceRef, Snapshot
from ojkaudit.model.result import Finding

Progress = Callable[[str, int, int], None]
"""Called with the id of a rule, its number from 1, and how many there are."""


def evaluate(
    inputs: AssessmentInputs, snapshot: Snapshot, progress: Progress | None = None
) -> Iterator[Finding]:
    """Yield the findings of every selected rule, by rule, target, kind, namespace, name and uid.

    Rules are judged one after the other while the result is read. Everything that can be wrong
    with the inputs is found out before the first finding.

    Raises:
        ConfigurationError: The snapshot has no target.
        ContentError: No rule is selected, a rule does not compile, or a parameter is of a wrong
            type.
        InternalError: A law of the engine does not hold.
    """
    check_not_empty(inputs, snapshot)
    bench = prepare(inputs, snapshot)
    return _findings(bench, compile_rules(inputs.rules), progress)


def _findings(
    bench: Bench, rules: tuple[CompiledRule, ...], progress: Progress | None
) -> Iterator[Finding]:
    for number, compiled in enumerate(rules, 1):
        if progress is not None:
            progress(compiled.rule.id, number, len(rules))
        yield from _in_order(compiled.rule.id, judge_rule(bench, compiled))


def _in_order(rule: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Pass findings on while they hold the law: sorted, one a subject, at least one."""
    previous: ResourceRef | None = None
    for finding in findings:
        if previous is not None and not previous < finding.subject:
            raise InternalError(f"rule {rule}: findings out of order at {finding.subject.label()}")
        previous = finding.subject
        yield finding
    if previous is None:
        raise InternalError(f"rule {rule} has no finding")
