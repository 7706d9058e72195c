from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from ojkaudit.collectors.interface import Check, CollectionContext
from ojkaudit.collectors.runner import run_collectors
from ojkaudit.errors import CollectionError
from ojkaudit.model.evidence import Coverage, EvidenceSink
from ojkaudit.model.outcome import CoverageStatus
from tests.support.sinks import ListSink

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CONTEXT = CollectionContext(
    kinds=(),
    clock=lambda: NOW,
    read_secret=lambda _: "",
    progress=lambda *_: None,
    user_agent="test",
)
KINDS = ("kubernetes/v1/Node", "kubernetes/v1/Pod", "postgresql/Instance")


class Scripted:
    """A collector that does what the test says."""

    def __init__(self, target: str, family: str, script: object) -> None:
        self.target_id = target
        self.family = family
        self.script = script

    def collect(self, context: CollectionContext, sink: EvidenceSink) -> None:
        self.script(context, sink)  # type: ignore[operator]

    def check(self, context: CollectionContext) -> tuple[Check, ...]:
        return ()


def record(kind: str, sink: EvidenceSink, target: str = "a") -> None:
    sink.coverage(
        Coverage(
            target=target,
            kind=kind,
            status=CoverageStatus.COMPLETE,
            verb="LIST",
            count=0,
            read_at=NOW,
        )
    )


def test_a_collector_gets_only_the_kinds_of_its_family() -> None:
    seen: list[tuple[str, ...]] = []

    def script(context: CollectionContext, sink: EvidenceSink) -> None:
        seen.append(context.kinds)
        for kind in context.kinds:
            record(kind, sink)

    sink = ListSink()
    run_collectors([Scripted("a", "kubernetes", script)], KINDS, CONTEXT, sink)
    assert seen == [("kubernetes/v1/Node", "kubernetes/v1/Pod")]


def test_a_crash_becomes_error_coverage_for_what_was_not_read() -> None:
    def script(context: CollectionContext, sink: EvidenceSink) -> None:
        record("kubernetes/v1/Node", sink)
        raise RuntimeError("password=hunter2")

    sink = ListSink()
    run_collectors([Scripted("a", "kubernetes", script)], KINDS, CONTEXT, sink)
    found = {c.kind: c for c in sink.coverages}
    assert found["kubernetes/v1/Node"].status is CoverageStatus.COMPLETE
    assert found["kubernetes/v1/Pod"].status is CoverageStatus.ERROR
    assert "RuntimeError" in found["kubernetes/v1/Pod"].detail
    assert "hunter2" not in found["kubernetes/v1/Pod"].detail


def test_an_expected_error_keeps_its_message() -> None:
    def script(context: CollectionContext, sink: EvidenceSink) -> None:
        raise CollectionError("connection refused")

    sink = ListSink()
    run_collectors([Scripted("a", "kubernetes", script)], KINDS, CONTEXT, sink)
    assert {c.detail for c in sink.coverages} == {"connection refused"}


def test_a_silent_collector_leaves_errors_not_gaps() -> None:
    sink = ListSink()
    run_collectors([Scripted("a", "kubernetes", lambda *_: None)], KINDS, CONTEXT, sink)
    assert [c.status for c in sink.coverages] == [CoverageStatus.ERROR] * 2


def test_one_dead_target_does_not_hold_up_the_others() -> None:
    released = threading.Event()

    def waits(context: CollectionContext, sink: EvidenceSink) -> None:
        assert released.wait(timeout=10)

    def works(context: CollectionContext, sink: EvidenceSink) -> None:
        for kind in context.kinds:
            record(kind, sink, "b")
        released.set()

    sink = ListSink()
    collectors = [Scripted("a", "kubernetes", waits), Scripted("b", "kubernetes", works)]
    run_collectors(collectors, KINDS, CONTEXT, sink)
    assert {c.status for c in sink.coverages if c.target == "b"} == {CoverageStatus.COMPLETE}


def test_an_interrupt_is_not_swallowed() -> None:
    def script(context: CollectionContext, sink: EvidenceSink) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_collectors([Scripted("a", "kubernetes", script)], KINDS, CONTEXT, ListSink())
