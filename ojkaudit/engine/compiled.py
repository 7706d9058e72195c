"""Rules made ready for judging: every expression compiled once."""

from __future__ import annotations

from dataclasses import dataclass

from ojkaudit.cel import CelError, Environment, Program, types
from ojkaudit.errors import ContentError, Problem
from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.expressions import implied_kinds, rule_environment
from ojkaudit.model.outcome import OnAbsent


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledJoin:
    """A join whose resources the expressions see as `inputs.<name>`."""

    join: Join
    equals: Program | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """A rule with its programs."""

    rule: Rule
    select: Program | None
    applies: Program | None
    unknown: Program | None
    passes: Program
    observed: Program | None
    joins: tuple[CompiledJoin, ...]
    names: frozenset[str]
    """Every variable that some expression of the rule names."""
    support: tuple[tuple[str, OnAbsent], ...]
    """Kinds read beside the subjects, sorted, and what it means that a target lacks one."""


def compile_rules(rules: tuple[Rule, ...]) -> tuple[CompiledRule, ...]:
    """Return the rules compiled, by id.

    Raises:
        ContentError: An expression is not one; names file and place.
    """
    environment = rule_environment()
    ordered = sorted(rules, key=lambda rule: rule.id)
    return tuple(compile_rule(rule, environment) for rule in ordered)


def compile_rule(rule: Rule, environment: Environment) -> CompiledRule:
    """Return one rule compiled.

    Raises:
        ContentError: An expression is not one; names file and place.
    """

    def condition(name: str, text: str) -> Program | None:
        return _program(rule, name, text, environment, types.BOOL) if text else None

    select = condition("select", rule.select)
    applies = condition("applies", rule.applies)
    unknown = condition("unknown", rule.unknown)
    passes = _program(rule, "pass", rule.pass_expression, environment, types.BOOL)
    observed = _program(rule, "observed", rule.observed, environment) if rule.observed else None
    joins = tuple(_join(rule, join, environment) for join in rule.joins if join.name)
    programs = (select, applies, unknown, passes, observed, *(join.equals for join in joins))
    return CompiledRule(
        rule=rule,
        select=select,
        applies=applies,
        unknown=unknown,
        passes=passes,
        observed=observed,
        joins=joins,
        names=frozenset().union(*(p.variables() for p in programs if p is not None)),
        support=_support(rule),
    )


def _join(rule: Rule, join: Join, environment: Environment) -> CompiledJoin:
    equals = _program(rule, "equals", join.equals, environment) if join.equals else None
    return CompiledJoin(join=join, equals=equals)


def _support(rule: Rule) -> tuple[tuple[str, OnAbsent], ...]:
    """Return the kinds read beside the subjects; of two opinions on absence the stricter counts."""
    support = dict.fromkeys(implied_kinds(rule), OnAbsent.UNKNOWN)
    for join in rule.joins:
        strict = support.get(join.kind, join.on_absent) is not OnAbsent.EMPTY
        support[join.kind] = OnAbsent.UNKNOWN if strict else join.on_absent
    return tuple(sorted(support.items()))


def _program(
    rule: Rule, name: str, text: str, environment: Environment, expect: types.Type | None = None
) -> Program:
    try:
        return environment.compile(text, expect=expect)
    except CelError as error:
        where = f" at {error.line}:{error.column}" if error.line else ""
        message = f"rule {rule.id}: '{name}' is no valid expression{where}: {error.message}"
        problem = Problem(file=rule.source_file or rule.id, line=0, message=message)
        raise ContentError(
            f"rule {rule.id} cannot be compiled",
            hint="Run 'ojkaudit rules lint'.",
            problems=(problem,),
        ) from error
