"""Is what a run was judged with what this release ships?

Whoever holds a trusted key can store other rules beside the evidence, judge with them and seal the
outcome: a replay then reaches the same verdict. Only the release itself can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from ojkaudit import content, engine, resources
from ojkaudit.errors import OjkauditError
from ojkaudit.model.catalog import HostPattern, Parameter, Region, Rule, SourceDocument
from ojkaudit.pipeline.plan import load_catalog

_Part = Rule | Parameter | Region | HostPattern | SourceDocument
_Kind = TypeVar("_Kind", bound=_Part)


def differences(inputs: engine.AssessmentInputs) -> tuple[str, ...]:
    """Return names of whatever differs from this release: rules, parameters, tables, selection.

    Rules of the institution's own are not ours to compare; that they replace none of ours is. A
    run of another release differs by its number alone, since nothing else can be compared.
    """
    shipped, stored = load_catalog(), inputs.catalog
    if shipped.version != stored.version:
        return (f"{stored.version} (≠ {shipped.version})",)
    ids = {rule.id for rule in shipped.rules}
    ours: list[_Part] = [*shipped.rules]
    theirs: list[_Part] = [rule for rule in stored.rules if rule.id in ids]
    for catalog, parts in ((shipped, ours), (stored, theirs)):
        parts += [*catalog.parameters, *catalog.regions, *catalog.host_patterns]
        parts += map(_in_order, catalog.documents)
    found = {_name(part) for part in _one_sided(ours, theirs)}
    found |= {rule.id for rule in _one_sided(_selected(inputs), inputs.rules)}
    found |= set(_altered_profile(inputs))
    return tuple(sorted(found))


def _in_order(document: SourceDocument) -> SourceDocument:
    # Judging inputs are stored in one order, whatever order the files have.
    return replace(document, controls=tuple(sorted(document.controls, key=lambda c: c.id)))


def _selected(inputs: engine.AssessmentInputs) -> tuple[Rule, ...]:
    try:
        return content.select_rules(inputs.catalog, inputs.profile)
    except OjkauditError:
        # The profile names rules the catalog lacks: then nothing was rightly selected.
        return ()


def _altered_profile(inputs: engine.AssessmentInputs) -> Iterator[str]:
    if inputs.profile.id in content.shipped_profiles():
        ours = content.load_profile(inputs.profile.id, load_catalog(), resources.data_dir("rules"))
        if ours != inputs.profile:
            yield f"profile {inputs.profile.id}"


def _one_sided(ours: Iterable[_Kind], theirs: Iterable[_Kind]) -> Iterator[_Kind]:
    one, other = list(ours), list(theirs)
    yield from (part for part in one if part not in other)
    yield from (part for part in other if part not in one)


def _name(part: _Part) -> str:
    match part:
        case Parameter():
            return part.name
        case Region():
            return f"{part.provider}:{part.region}"
        case HostPattern():
            return part.pattern
        case _:
            return part.id
