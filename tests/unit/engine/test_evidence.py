"""Reading evidence: once where memory allows, again where it does not, with equal results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from ojkaudit import engine
from ojkaudit.engine import evidence
from ojkaudit.errors import InternalError
from ojkaudit.model.evidence import Resource
from tests.support.judging import NODE, POD, World, inputs, judged, named, rule


class CountingSnapshot(engine.MemorySnapshot):
    """Counts how often each kind is read."""

    reads: Counter[str]

    def resources(self, target: str, kind: str) -> tuple[Resource, ...]:
        self.reads[kind] += 1
        return super().resources(target, kind)


def counting(world: World) -> CountingSnapshot:
    base = world.snapshot()
    made = CountingSnapshot(base.info, world.resources, base.coverage())
    made.reads = Counter()
    return made


def platform() -> World:
    nodes = [named(f"n{i}", ok=i % 2 == 0) for i in range(5)]
    pods = [named(f"p{i}", f"ns{i % 2}", ok=True) for i in range(5)]
    return World().nodes(*nodes, nodes[0]).read("okd", POD, *pods)


RULES = (rule(id="T-1"), rule(id="T-2", subjects=(POD, NODE)), rule(id="T-3"))


def test_a_kind_is_read_once_for_all_rules() -> None:
    snapshot = counting(platform())
    list(engine.evaluate(inputs(*RULES), snapshot))
    assert snapshot.reads[NODE] == snapshot.reads[POD] == 1


@pytest.mark.parametrize("limit", [0, 1, 5, 6, 100])
def test_how_much_is_kept_does_not_show_in_the_findings(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = judged(platform(), *RULES)
    monkeypatch.setattr(evidence, "KEPT_RESOURCES", limit)
    assert judged(platform(), *RULES) == expected


def test_large_kinds_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "KEPT_RESOURCES", 5)
    snapshot = counting(platform())
    list(engine.evaluate(inputs(*RULES), snapshot))
    assert snapshot.reads[POD] == 1
    # Once to count what is held, then once for each rule.
    assert snapshot.reads[NODE] == 4


def test_a_large_kind_out_of_order_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsorted(engine.MemorySnapshot):
        def resources(self, target: str, kind: str) -> tuple[Resource, ...]:
            return tuple(reversed(super().resources(target, kind)))

    world = platform()
    base = world.snapshot()
    monkeypatch.setattr(evidence, "KEPT_RESOURCES", 0)
    findings: Iterable[object] = engine.evaluate(
        inputs(*RULES), Unsorted(base.info, world.resources, base.coverage())
    )
    with pytest.raises(InternalError, match="out of order"):
        list(findings)
