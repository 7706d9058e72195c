"""What expressions see of workloads."""

from __future__ import annotations

import pytest

from ojkaudit.model.expressions import WORKLOAD_KINDS
from ojkaudit.model.outcome import Outcome
from tests.support.judging import NODE, POD, World, judged, named, only, rule

SPEC = {
    "hostNetwork": False,
    "containers": [{"name": "app"}],
    "initContainers": [{"name": "init"}],
    "ephemeralContainers": [{"name": "debug"}],
}
ALL = "allContainers.map(c, c.name) == ['app', 'init', 'debug'] && !podSpec.hostNetwork"


def payload(kind: str, spec: object) -> dict[str, object]:
    if kind == POD:
        return named("w", "ns", spec=spec)
    template = {"template": {"spec": spec}}
    if kind.endswith("CronJob"):
        return named("w", "ns", spec={"jobTemplate": {"spec": template}})
    return named("w", "ns", spec=template)


@pytest.mark.parametrize("kind", WORKLOAD_KINDS)
def test_every_workload_kind_shows_its_pod_and_all_containers(kind: str) -> None:
    world = World().read("okd", kind, payload(kind, SPEC))
    assert only(judged(world, rule(subjects=(kind,), pass_expression=ALL))).outcome is Outcome.PASS


@pytest.mark.parametrize("kind", WORKLOAD_KINDS)
@pytest.mark.parametrize(
    "spec",
    [
        None,
        {},
        {"containers": None},
        {"containers": {"name": "app"}},
        {"containers": [], "initContainers": "no list"},
    ],
)
def test_a_workload_without_proper_containers_never_passes_over_none(
    kind: str, spec: object
) -> None:
    world = World().read("okd", kind, payload(kind, spec))
    chosen = rule(subjects=(kind,), pass_expression="allContainers.all(c, c.safe)")
    assert only(judged(world, chosen)).outcome is Outcome.UNKNOWN


def test_other_kinds_have_no_pod() -> None:
    world = World().nodes(named("n", spec={"containers": []}))
    chosen = rule(pass_expression="size(allContainers) == 0")
    assert only(judged(world, chosen)).outcome is Outcome.UNKNOWN


def test_selection_sees_the_pod_too() -> None:
    world = World().read("okd", POD, payload(POD, SPEC))
    chosen = rule(subjects=(POD,), select="!podSpec.hostNetwork", pass_expression="true")
    assert only(judged(world, chosen)).outcome is Outcome.PASS
    assert NODE not in {f.subject.kind for f in judged(world, chosen)}
