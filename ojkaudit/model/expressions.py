"""What the expressions of a rule may name, and which kinds they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ojkaudit.model.catalog import Rule

if TYPE_CHECKING:
    from ojkaudit.cel import Environment

WORKLOAD_GROUP = "kubernetes/workloads"
"""Stands for every kind of `WORKLOAD_KINDS` in the `subject` of a rule file."""

WORKLOAD_KINDS = (
    "kubernetes/apps/v1/DaemonSet",
    "kubernetes/apps/v1/Deployment",
    "kubernetes/apps/v1/ReplicaSet",
    "kubernetes/apps/v1/StatefulSet",
    "kubernetes/batch/v1/CronJob",
    "kubernetes/batch/v1/Job",
    "kubernetes/v1/Pod",
)
"""Kinds that carry a pod specification; only they have `podSpec` and `allContainers`."""

SITE_KIND = "register/Site"
NAMESPACE_KIND = "kubernetes/v1/Namespace"
SITE_FUNCTIONS = frozenset({"siteOf", "countryOf"})
"""Functions that look into the site register, and so need its coverage."""

WORKLOAD_VARIABLES = frozenset({"podSpec", "allContainers"})

_STRINGS_AND_COMMENTS = re.compile(
    r"""(?xs)
    //[^\n]*
    | [bB]?[rR][bB]?(?:\"{3}.*?\"{3} | '{3}.*?'{3} | "[^"\n]*" | '[^'\n]*')
    | \"{3}(?:\\.|.)*?\"{3} | '{3}(?:\\.|.)*?'{3}
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    """
)
_SITE_CALL = re.compile(r"(?<![\w.])(?:siteOf|countryOf)\s*\(")
_NAMESPACE_NAME = re.compile(r"(?<![\w.])namespaceObject\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExpression:
    """One expression of a rule."""

    key: tuple[str | int, ...]
    """Where it stands in the rule file: `("pass",)` or `("joins", 0, "equals")`."""
    text: str
    is_condition: bool
    """True: must yield a boolean."""


def rule_expressions(rule: Rule) -> Iterator[RuleExpression]:
    """Yield every expression of the rule, in the order the engine needs them."""
    for index, join in enumerate(rule.joins):
        if join.equals:
            key = ("joins", index, "equals")
            yield RuleExpression(key=key, text=join.equals, is_condition=False)
    for name, text in (
        ("select", rule.select),
        ("applies", rule.applies),
        ("unknown", rule.unknown),
        ("pass", rule.pass_expression),
        ("observed", rule.observed),
    ):
        if text:
            yield RuleExpression(key=(name,), text=text, is_condition=name != "observed")


def needed_kinds(rule: Rule) -> tuple[str, ...]:
    """Return every kind whose resources or coverage the rule reads, sorted.

    Subjects, joins, and what the expressions imply: `siteOf` and `countryOf` read the site
    register, `namespaceObject` the namespaces.
    """
    kinds = {*rule.subjects, *(join.kind for join in rule.joins)}
    for expression in rule_expressions(rule):
        # A scan of the bare text, not a compilation: a rule that does not compile still ends as a
        # finding, and naming one kind too many only costs a listing.
        code = _STRINGS_AND_COMMENTS.sub(" ", expression.text)
        if _SITE_CALL.search(code):
            kinds.add(SITE_KIND)
        if _NAMESPACE_NAME.search(code):
            kinds.add(NAMESPACE_KIND)
    return tuple(sorted(kinds))


def implied_kinds(rule: Rule) -> tuple[str, ...]:
    """Return the kinds the rule reads beyond its subjects and declared joins, sorted."""
    declared = {*rule.subjects, *(join.kind for join in rule.joins)}
    return tuple(kind for kind in needed_kinds(rule) if kind not in declared)


def rule_environment() -> Environment:
    """Return the declaration of every variable and function that rules may use."""
    from ojkaudit.cel import Environment, Function, types

    text, number = types.STRING, types.DOUBLE
    functions = (
        Function(name="siteOf", params=(text,), result=text),
        Function(name="countryOf", params=(text,), result=text),
        Function(name="age", params=(text,), result=types.DURATION),
        Function(name="days", params=(types.INT,), result=types.DURATION),
        Function(name="dur", params=(text,), result=types.DURATION),
        Function(name="distanceKm", params=(number,) * 4, result=number),
        Function(name="inIndonesia", params=(number, number), result=types.BOOL),
        Function(name="verGte", params=(text, text), result=types.BOOL),
        Function(name="looksSecret", params=(text, text), result=types.BOOL),
        Function(name="expiresOn", params=(text,), result=types.TIMESTAMP),
        Function(name="startsOn", params=(text,), result=types.TIMESTAMP),
    )
    anything = types.map_of(text, types.DYN)
    variables = {
        "object": types.DYN,
        "items": types.list_of(types.DYN),
        "inputs": anything,
        "params": anything,
        "now": types.TIMESTAMP,
        "target": types.map_of(text, text),
        "namespaceObject": types.DYN,
        "podSpec": types.DYN,
        "allContainers": types.list_of(types.DYN),
    }
    return Environment(variables=variables, functions=functions)
