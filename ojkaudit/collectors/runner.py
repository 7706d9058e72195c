"""Runs the collectors side by side and turns every failure into coverage."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ojkaudit.collectors.interface import CollectionContext, Collector
from ojkaudit.errors import OjkauditError
from ojkaudit.model.evidence import Coverage, EvidenceSink, Resource, TargetInfo
from ojkaudit.model.outcome import CoverageStatus

MAX_PARALLEL_TARGETS = 8
"""One dead target must not hold up the others; each target still reads one kind at a time."""


def run_collectors(
    collectors: Sequence[Collector],
    kinds: Sequence[str],
    context: CollectionContext,
    sink: EvidenceSink,
) -> None:
    """Read `kinds` from each target whose family they belong to.

    Every wanted kind of every target ends with exactly one coverage entry. `context.kinds` is
    ignored: each collector is given the kinds of its own family. `sink` must be safe to call
    from several threads.
    """
    with ThreadPoolExecutor(max_workers=MAX_PARALLEL_TARGETS) as executor:
        futures = []
        for collector in collectors:
            wanted = tuple(sorted(k for k in kinds if k.split("/", 1)[0] == collector.family))
            if wanted:
                futures.append(
                    executor.submit(_run_one, collector, replace(context, kinds=wanted), sink)
                )
        for future in futures:
            future.result()


def _run_one(collector: Collector, context: CollectionContext, sink: EvidenceSink) -> None:
    watched = _WatchedSink(sink)
    detail = "the collector ended without recording this kind"
    try:
        collector.collect(context, watched)
    except OjkauditError as error:
        detail = error.message
    except Exception as error:  # noqa: BLE001 - the runner is where every failure becomes coverage
        # The text of a foreign exception may hold a DSN or a header, so only its type is kept.
        detail = f"unexpected {type(error).__name__} in the collector"
    for kind in context.kinds:
        if kind not in watched.recorded:
            sink.coverage(
                Coverage(
                    target=collector.target_id,
                    kind=kind,
                    status=CoverageStatus.ERROR,
                    verb="READ",
                    count=0,
                    read_at=context.clock(),
                    detail=detail,
                )
            )


class _WatchedSink:
    """Passes everything on and remembers which kinds have their coverage."""

    def __init__(self, sink: EvidenceSink) -> None:
        self._sink = sink
        self.recorded: set[str] = set()

    def resource(self, resource: Resource) -> None:
        self._sink.resource(resource)

    def coverage(self, coverage: Coverage) -> None:
        self.recorded.add(coverage.kind)
        self._sink.coverage(coverage)

    def target(self, info: TargetInfo) -> None:
        self._sink.target(info)
