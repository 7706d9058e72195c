"""Lint: everything that can be said against a catalog without judging any evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ojkaudit.content.cases import RuleCases
from ojkaudit.content.lint_cases import check_cases
from ojkaudit.content.lint_names import check_names
from ojkaudit.content.lint_quantifiers import check_quantifiers
from ojkaudit.content.lint_references import (
    check_references,
    check_tables,
    check_texts,
    check_titles,
)
from ojkaudit.content.lint_view import view
from ojkaudit.content.marked import Marked
from ojkaudit.content.profiles import select_rules
from ojkaudit.content.schema import in_order
from ojkaudit.errors import ConfigurationError, Problem
from ojkaudit.model.catalog import Catalog, Profile
from ojkaudit.model.expressions import rule_environment

_NO_FILES: Mapping[str, Marked] = MappingProxyType({})


def lint(
    catalog: Catalog,
    cases: Sequence[RuleCases],
    profiles: Sequence[Profile],
    rule_files: Mapping[str, Marked] = _NO_FILES,
) -> tuple[Problem, ...]:
    """Return every fault, sorted by file and line.

    Args:
        catalog: What is checked.
        cases: Every case of every rule.
        profiles: Profiles that must select from the catalog without fault.
        rule_files: `read_catalog(...).rule_files`; without them problems name no lines.
    """
    return in_order(_problems(catalog, cases, profiles, rule_files))


def _problems(
    catalog: Catalog,
    cases: Sequence[RuleCases],
    profiles: Sequence[Profile],
    rule_files: Mapping[str, Marked],
) -> Iterator[Problem]:
    environment = rule_environment()
    views = tuple(view(rule, environment, rule_files) for rule in catalog.rules)
    rules = {rule.id: rule for rule in catalog.rules}
    parameters = frozenset(parameter.name for parameter in catalog.parameters)
    for item in views:
        yield from item.problems
        yield from check_names(item, parameters)
        yield from check_quantifiers(item)
        yield from check_references(item, catalog, rules)
        yield from check_texts(item)
    yield from check_titles(views)
    yield from check_tables(catalog)
    yield from check_cases(views, cases, parameters)
    yield from _profiles(catalog, profiles)


def _profiles(catalog: Catalog, profiles: Sequence[Profile]) -> Iterator[Problem]:
    for profile in profiles:
        try:
            select_rules(catalog, profile)
        except ConfigurationError as error:
            file = f"profiles/{profile.id}.yaml"
            yield Problem(file=file, line=0, message=error.message)
