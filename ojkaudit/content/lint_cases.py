"""Lint: does every rule have a case for each outcome it can reach?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ojkaudit.content.cases import RuleCase, RuleCases
from ojkaudit.content.lint_view import RuleView
from ojkaudit.errors import Problem
from ojkaudit.model.catalog import Rule
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import OnAbsent, OnEmpty, Outcome


def check_cases(
    views: Sequence[RuleView], cases: Sequence[RuleCases], parameters: frozenset[str]
) -> Iterator[Problem]:
    """Yield every missing case, and every case that cannot say what it means to say."""
    rules = {view.rule.id: view.rule for view in views}
    by_rule = {group.rule: group for group in cases}
    for view in views:
        yield from _missing(view, by_rule)
    for group in cases:
        rule = rules.get(group.rule)
        if rule is None:
            message = f"there is no rule '{group.rule}'"
            yield Problem(file=group.file, line=0, message=message)
            continue
        kinds = frozenset(needed_kinds(rule))
        for case in group.cases:
            for fault in _faults(case, rule, kinds, parameters):
                message = f"case '{case.name}': {fault}"
                yield Problem(file=group.file, line=case.line, message=message)


def _missing(view: RuleView, by_rule: Mapping[str, RuleCases]) -> Iterator[Problem]:
    group = by_rule.get(view.rule.id)
    if group is None:
        yield view.problem(("id",), f"rule '{view.rule.id}' has no cases")
        return
    have = {case.expect for case in group.cases}
    for outcome, why in reachable(view.rule).items():
        if outcome not in have:
            message = f"no case expects '{outcome.value}' ({why})"
            yield Problem(file=group.file, line=0, message=message)


def reachable(rule: Rule) -> Mapping[Outcome, str]:
    """Return the outcomes that need a case, each with the reason why the rule can reach it."""
    found = {
        Outcome.PASS: "every rule can pass",
        Outcome.FAIL: "every rule can fail",
    }
    if rule.unknown:
        found[Outcome.UNKNOWN] = "the rule has 'unknown'"
    if rule.applies:
        found[Outcome.NOT_APPLICABLE] = "the rule has 'applies'"
    elif rule.on_empty is OnEmpty.NOT_APPLICABLE:
        found[Outcome.NOT_APPLICABLE] = "the rule has 'on_empty: not_applicable'"
    elif rule.on_absent is OnAbsent.NOT_APPLICABLE:
        found[Outcome.NOT_APPLICABLE] = "the rule has 'on_absent: not_applicable'"
    return found


def _faults(
    case: RuleCase, rule: Rule, kinds: frozenset[str], parameters: frozenset[str]
) -> Iterator[str]:
    for kind in sorted({*case.evidence, *case.coverage} - kinds):
        yield f"the rule does not read '{kind}'"
    count = sum(len(case.evidence.get(kind, ())) for kind in rule.subjects)
    if case.subject and case.subject >= count:
        yield f"'subject: {case.subject}', but there are {count} subjects"
    for name in sorted(set(case.params) - parameters):
        yield f"there is no parameter '{name}'"
