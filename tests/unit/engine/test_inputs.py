"""Judging inputs survive storage and name the assessment."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ojkaudit import canonical, engine
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import HostPattern, Join, ParameterOverride, Profile, Region
from tests.support.judging import NOW, SITE, World, inputs, named, parameter, rule, text, waiver
from tests.unit.engine.test_rollup import document


def full() -> engine.AssessmentInputs:
    return inputs(
        rule(joins=(Join(kind=SITE, name="sites", keyed_by="id"),), applies_reason=text()),
        rule(id="T-2", controls=()),
        documents=(document(in_force_from=date(2024, 12, 27)),),
        parameters=(
            parameter("hours", 24),
            parameter("share", 1.0, "double"),
            parameter("on", True, "bool"),
            parameter("names", ("a", "b"), "list(string)"),
            parameter("ports", (1, 2), "list(int)"),
            parameter("none", (), "list(string)"),
        ),
        regions=(Region(provider="aws", region="ap-southeast-3", country="ID"),),
        host_patterns=(HostPattern(pattern="x", country="ID"),),
        profile=Profile(
            id="p",
            title=text(),
            parameters=(ParameterOverride(name="hours", value=12, rationale="stricter"),),
        ),
        waivers=(waiver(),),
    )


def test_inputs_survive_storage_as_canonical_json() -> None:
    stored = json.loads(canonical.dumps(engine.inputs_document(full())))
    again = engine.inputs_from_document(stored)
    assert engine.inputs_document(again) == engine.inputs_document(full())
    assert canonical.digest(engine.inputs_document(again)) == canonical.digest(stored)
    assert [type(p.value) for p in again.catalog.parameters] == [
        type(p.value) for p in sorted(full().catalog.parameters, key=lambda p: p.name)
    ]


def test_stored_inputs_reach_the_same_verdict() -> None:
    snapshot = World().nodes(named("a", ok=True), named("b", ok=False)).sites().snapshot()
    again = engine.inputs_from_document(json.loads(canonical.dumps(engine.inputs_document(full()))))
    verdicts = {
        engine.assess(i, engine.evaluate(i, snapshot), snapshot).verdict_digest
        for i in (full(), again)
    }
    assert len(verdicts) == 1


@pytest.mark.parametrize("change", [{"now": 1}, {"extra": 1}, {"rules": [{}]}])
def test_damaged_inputs_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ContentError, match="inputs"):
        engine.inputs_from_document({**engine.inputs_document(full()), **change})
    with pytest.raises(ContentError):
        engine.inputs_from_document([])


def test_an_assessment_id_holds_the_day_in_jakarta_and_what_was_judged() -> None:
    snapshot = World().snapshot()
    evening = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    name = engine.assessment_id(replace(full(), now=evening), snapshot)
    assert re.fullmatch(r"oa-20261120-[0-9a-f]{12}", name)
    assert name == engine.assessment_id(replace(full(), now=evening), snapshot)


def test_an_assessment_id_changes_with_time_rules_or_evidence() -> None:
    snapshot = World().snapshot()
    names = {
        engine.assessment_id(full(), snapshot),
        engine.assessment_id(replace(full(), now=NOW + timedelta(seconds=1)), snapshot),
        engine.assessment_id(replace(full(), allow_incomplete=True), snapshot),
        engine.assessment_id(full(), World().nodes(named("a")).snapshot()),
    }
    assert len(names) == 4
