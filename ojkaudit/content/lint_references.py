"""Lint: do ids lead somewhere, are texts translated, do host patterns compile?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ojkaudit.cel.errors import Fault
from ojkaudit.cel.regex import compile_pattern
from ojkaudit.content.lint_view import RuleView
from ojkaudit.errors import Problem
from ojkaudit.model.catalog import Catalog, Rule
from ojkaudit.model.outcome import Language, OnEmpty, ParameterOrigin
from ojkaudit.model.text import Text

_SAME_IN_BOTH = 24
"""Characters; a longer sentence that reads the same in both languages is a missing translation."""


def check_references(
    view: RuleView, catalog: Catalog, rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    """Yield every reference of the rule that leads nowhere or to a revoked document."""
    controls = catalog.controls()
    revoked = {d.id: d.superseded_by for d in catalog.documents if d.superseded_by}
    for index, name in enumerate(view.rule.controls):
        path = ("controls", index)
        # Control ids that lead nowhere are refused when the catalog is loaded.
        control = controls.get(name)
        if control is not None and control.document in revoked:
            successor = revoked[control.document]
            message = f"'{control.document}' was replaced by '{successor}'; cite that one"
            yield view.problem(path, message)
    for index, name in enumerate(view.rule.corroborated_by):
        path = ("corroborated_by", index)
        if name == view.rule.id:
            yield view.problem(path, "a rule cannot corroborate itself")
        elif name not in rules:
            yield view.problem(path, f"there is no rule '{name}'")
    if view.rule.on_empty is OnEmpty.PASS and view.rule.empty_ok_because is None:
        yield view.problem(("on_empty",), "'on_empty: pass' needs 'empty_ok_because' beside it")


def check_texts(view: RuleView) -> Iterator[Problem]:
    """Yield every text of the rule that is blank or not translated."""
    rule = view.rule
    texts: dict[str, Text | None] = {
        "title": rule.title,
        "severity_reason": rule.severity_reason,
        "applies_reason": rule.applies_reason,
        "unknown_reason": rule.unknown_reason,
        "expected": rule.expected,
        "empty_ok_because": rule.empty_ok_because,
        "absent_field": rule.absent_field,
        "remediation": rule.remediation,
    }
    for key, text in texts.items():
        if text is None:
            continue
        for language in Language:
            if not text.in_language(language).strip():
                yield view.problem((key, language.value), "the text is blank")
        if text.id == text.en and len(text.id) > _SAME_IN_BOTH:
            yield view.problem((key, "en"), "both languages have the same text; translate it")


def check_titles(views: tuple[RuleView, ...]) -> Iterator[Problem]:
    """Yield a problem for each title that an earlier rule already bears."""
    for language in Language:
        first: dict[str, str] = {}
        for view in views:
            title = view.rule.title.in_language(language).strip().casefold()
            if title in first:
                message = f"rule '{first[title]}' has the same title"
                yield view.problem(("title", language.value), message)
            first.setdefault(title, view.rule.id)


def check_tables(catalog: Catalog) -> Iterator[Problem]:
    """Yield every fault of documents, parameters and host patterns among themselves."""
    ids = {document.id for document in catalog.documents}
    for document in catalog.documents:
        if document.superseded_by and document.superseded_by not in ids:
            message = f"superseded by '{document.superseded_by}', which the catalog does not have"
            yield Problem(file=f"documents/{document.id}.yaml", line=0, message=message)
    controls = catalog.controls()
    for parameter in catalog.parameters:
        if parameter.origin is ParameterOrigin.LAW and parameter.citation not in controls:
            message = f"parameter '{parameter.name}' is set by law; its citation is no control"
            yield Problem(file="parameters.yaml", line=0, message=message)
    providers = {region.provider for region in catalog.regions}
    for host in catalog.host_patterns:
        message = _host_fault(host.pattern, host.region_group)
        if not message and host.region_group and host.provider not in providers:
            message = f"no region of provider '{host.provider}' is known"
        if message:
            yield Problem(file="regions.yaml", line=0, message=f"host pattern: {message}")


def _host_fault(pattern: str, group: int) -> str:
    try:
        compiled = compile_pattern(pattern)
    except Fault as fault:
        return str(fault)
    if group > compiled.groups:
        return f"'region_group: {group}', but the pattern has {compiled.groups} groups"
    return ""
