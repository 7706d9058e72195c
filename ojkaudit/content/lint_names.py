"""Lint: does each expression name only what it will find when it is judged?"""

from __future__ import annotations

from collections.abc import Iterator

from ojkaudit.content.lint_view import Compiled, RuleView
from ojkaudit.errors import Problem
from ojkaudit.model.expressions import (
    NAMESPACE_KIND,
    SITE_FUNCTIONS,
    SITE_KIND,
    WORKLOAD_KINDS,
    WORKLOAD_VARIABLES,
)
from ojkaudit.model.outcome import Evaluate

_BEFORE_COVERAGE = frozenset({"select", "joins"})
"""Judged before coverage is: what they read must lie in the subject itself."""


def check_names(view: RuleView, parameters: frozenset[str]) -> Iterator[Problem]:
    """Yield every name that the rule's expressions cannot rely on.

    Args:
        view: The rule.
        parameters: Names of the catalog's parameters.
    """
    joined = {join.name for join in view.rule.joins if join.name}
    used: set[str] = set()
    for compiled in view.compiled:
        yield from _subject_names(view, compiled)
        yield from _early_names(view, compiled)
        for path in compiled.program.paths():
            if path[0] == "inputs":
                yield from _below(view, compiled, path, joined, "join")
                used.update(path[1:2])
            elif path[0] == "params":
                yield from _below(view, compiled, path, parameters, "parameter")
    if not view.problems:
        yield from _unread_joins(view, used)


def _subject_names(view: RuleView, compiled: Compiled) -> Iterator[Problem]:
    names, rule = compiled.program.variables(), view.rule
    is_per_resource = rule.evaluate is Evaluate.EACH or compiled.key in _BEFORE_COVERAGE
    if is_per_resource and "items" in names:
        what = "only rules with 'evaluate: set' judge 'items'"
        if rule.evaluate is Evaluate.SET:
            what = "'select' sees one resource at a time: 'object', not 'items'"
        yield view.problem_in(compiled.expression, what)
    if not is_per_resource and "object" in names:
        message = "a rule with 'evaluate: set' judges 'items'; only its 'select' sees 'object'"
        yield view.problem_in(compiled.expression, message)
    pods = sorted(WORKLOAD_VARIABLES & names)
    if pods and not set(rule.subjects) <= set(WORKLOAD_KINDS):
        message = f"'{pods[0]}' exists for workload kinds only; a subject is none of them"
        yield view.problem_in(compiled.expression, message)
    if pods and not is_per_resource:
        message = f"'{pods[0]}' belongs to one resource; a rule with 'evaluate: set' has many"
        yield view.problem_in(compiled.expression, message)
    if "namespaceObject" in names:
        yield from _namespace(view, compiled, is_per_resource)


def _namespace(view: RuleView, compiled: Compiled, is_per_resource: bool) -> Iterator[Problem]:
    if not all(kind.startswith("kubernetes/") for kind in view.rule.subjects):
        message = "'namespaceObject' exists for Kubernetes kinds only"
        yield view.problem_in(compiled.expression, message)
    if not is_per_resource:
        message = "'namespaceObject' belongs to one resource; a 'set' rule has many"
        yield view.problem_in(compiled.expression, message)


def _early_names(view: RuleView, compiled: Compiled) -> Iterator[Problem]:
    """Refuse in `select` and `where.equals` what a missing right would silently empty."""
    if compiled.key not in _BEFORE_COVERAGE:
        return
    names = compiled.program.variables() & {"inputs", "namespaceObject"}
    functions = compiled.program.functions() & SITE_FUNCTIONS
    for name in sorted(names | functions):
        message = (
            f"'{name}' reads another kind before its coverage is known; use it in 'applies', "
            "'unknown' or 'pass'"
        )
        yield view.problem_in(compiled.expression, message)
    if compiled.key == "joins" and view.rule.evaluate is Evaluate.SET:
        message = "'where' looks up a value of one subject; a rule with 'evaluate: set' has many"
        yield view.problem_in(compiled.expression, message)


def _below(
    view: RuleView,
    compiled: Compiled,
    path: tuple[str, ...],
    known: frozenset[str] | set[str],
    what: str,
) -> Iterator[Problem]:
    root = path[0]
    if len(path) == 1 or path[1] in {"[]", "[*]"}:
        message = f"name the {what}, as in {root}.name; '{root}' as a whole cannot be checked"
        yield view.problem_in(compiled.expression, message)
    elif path[1] not in known:
        message = f"'{root}.{path[1]}' names no {what}"
        yield view.problem_in(compiled.expression, message)


def _unread_joins(view: RuleView, used: set[str]) -> Iterator[Problem]:
    functions = frozenset().union(*(c.program.functions() for c in view.compiled))
    names = frozenset().union(*(c.program.variables() for c in view.compiled))
    for index, join in enumerate(view.rule.joins):
        path = ("joins", index)
        if join.name and join.name not in used:
            yield view.problem(path, f"no expression reads 'inputs.{join.name}'")
        if join.name:
            continue
        if join.kind == SITE_KIND and functions & SITE_FUNCTIONS:
            continue
        if join.kind == NAMESPACE_KIND and "namespaceObject" in names:
            continue
        yield view.problem(path, f"no expression reads '{join.kind}'; name the join with 'as'")
