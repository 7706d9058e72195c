"""Same inputs, same bytes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ojkaudit import canonical, engine
from ojkaudit.model.catalog import Join, Region
from ojkaudit.model.codec import encode
from tests.support.judging import (
    CIKASO,
    INSTANCE,
    NODE,
    POD,
    SITE,
    World,
    inputs,
    named,
    parameter,
    rule,
    target,
    waiver,
)
from tests.unit.engine.test_rollup import control, document

ROOT = Path(__file__).parents[3]


def world() -> World:
    made = World(target("okd", "kubernetes"), target("lab", "kubernetes"), target("register"))
    made.read("okd", NODE, *(named(f"n{i}", ok=i % 3 > 0, ip=f"10.{i}.0.1") for i in range(9)))
    made.read("lab", NODE, named("n1", ok=True, ip="10.1.0.1"), named("n2"))
    made.read(
        "okd", POD, *(named(f"p{i}", "ns", n=f"n{i % 3}", tags={"b": 1, "a": 2}) for i in range(6))
    )
    made.read("lab", POD).sites()
    return made


def chosen() -> engine.AssessmentInputs:
    pods = Join(kind=POD, name="pods", field="n", equals="object.metadata.name")
    sites = Join(kind=SITE, name="sites", keyed_by="id")
    return inputs(
        rule(id="T-1", joins=(sites,), observed="inputs.sites"),
        rule(
            id="T-2", joins=(pods,), pass_expression="size(inputs.pods) < 2", observed="inputs.pods"
        ),
        rule(id="T-3", pass_expression="siteOf(object.ip) != ''", observed="object"),
        rule(id="T-4", subjects=(POD, NODE), pass_expression="object.tags.a > 5"),
        rule(id="T-5", subjects=(INSTANCE,)),
        documents=(
            document(control(), control(id="DOC/2")),
            replace(document(control(id="DOC/3")), id="DOC-B"),
        ),
        parameters=(parameter("one", 1), parameter("two", 2)),
        regions=(
            Region(provider="a", region="x", country="ID"),
            Region(provider="b", region="x", country="SG"),
        ),
        waivers=(waiver(id="W-2"), waiver(id="W-1"), waiver(id="W-3", rule="T-2")),
    )


def digest(given_inputs: engine.AssessmentInputs, made: World) -> str:
    snapshot = made.snapshot()
    findings = list(engine.evaluate(given_inputs, snapshot))
    judgement = engine.assess(given_inputs, findings, snapshot)
    name = engine.assessment_id(given_inputs, snapshot)
    return canonical.digest(encode([findings, judgement, name]))


@given(seed=st.integers(0, 2**32))
def test_no_order_of_the_inputs_shows_in_the_result(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - shuffles, does not protect

    def shuffled(values: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(dice.sample(values, len(values)))

    mixed, base = world(), chosen()
    dice.shuffle(mixed.resources)
    dice.shuffle(mixed.targets)
    mixed.coverage = dict(dice.sample(list(mixed.coverage.items()), len(mixed.coverage)))
    catalog = replace(
        base.catalog,
        rules=shuffled(base.catalog.rules),
        parameters=shuffled(base.catalog.parameters),
        regions=shuffled(base.catalog.regions),
        documents=shuffled(base.catalog.documents),
    )
    mixed_inputs = replace(
        base, catalog=catalog, rules=shuffled(base.rules), waivers=shuffled(base.waivers)
    )
    assert digest(mixed_inputs, mixed) == digest(base, world())


def test_the_hash_seed_of_the_process_does_not_show_in_the_result() -> None:
    script = "from tests.unit.engine import test_determinism as t; print(t.digest(t.chosen(), t.world()))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(digests) == 1
    assert CIKASO["id"] not in digests
