"""Takes one kind from the cluster into the sink and writes down how that went."""

from __future__ import annotations

from collections.abc import Mapping

from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.kubernetes.kinds import ReadOutcome, ServedKind
from ojkaudit.collectors.kubernetes.listing import KindReader
from ojkaudit.collectors.kubernetes.projection import Projection, keep
from ojkaudit.collectors.kubernetes.wire import Requester, Tally
from ojkaudit.model.evidence import Coverage, EvidenceSink, Payload, ResourceRef, make_resource

VERB = "LIST"
MAX_REDACTIONS = 1000
"""Paths listed per kind; the rest is counted, so that coverage stays small on a large cluster."""


class KindRun:
    """One kind of one target. Use once: end it with `read` or `record`."""

    def __init__(
        self,
        target: str,
        ident: str,
        projection: Projection,
        *,
        context: CollectionContext,
        sink: EvidenceSink,
    ) -> None:
        """Prepare.

        Args:
            target: Id of the target.
            ident: The kind as rules write it.
            projection: What of each object is kept.
            context: Clock and progress.
            sink: Receives objects and coverage.
        """
        self._target = target
        self._ident = ident
        self._projection = projection
        self._context = context
        self._sink = sink
        self._count = 0
        self._redactions: list[str] = []
        self._more_redactions = 0

    def read(self, requester: Requester, kind: ServedKind, page_size: int) -> None:
        """Read the kind and record its coverage."""
        tally = Tally()
        reader = KindReader(
            requester,
            kind,
            page_size=page_size,
            take=self._take,
            page_done=self._show_progress,
            tally=tally,
        )
        self.record(reader.read(), tally)

    def record(self, outcome: ReadOutcome, tally: Tally) -> None:
        """Record the coverage of the kind."""
        retried = tally.describe()
        details = [outcome.detail] if outcome.detail else []
        if retried:
            details.append(f"asked again: {retried}")
        more = self._more_redactions
        self._sink.coverage(
            Coverage(
                target=self._target,
                kind=self._ident,
                status=outcome.status,
                verb=VERB,
                count=self._count,
                read_at=self._context.clock(),
                http_status=outcome.http_status,
                missing_right=outcome.missing_right,
                detail="; ".join(details),
                requests=tally.requests,
                retries=tally.retries.total(),
                redactions=(*self._redactions, *([f"and {more} more"] if more else [])),
            )
        )

    def _take(self, item: Payload) -> None:
        payload, redacted = keep(item, self._projection)
        metadata = item["metadata"]
        assert isinstance(metadata, Mapping)  # noqa: S101 - the reader checked it
        ref = ResourceRef(
            target=self._target,
            kind=self._ident,
            namespace=str(metadata.get("namespace") or ""),
            name=str(metadata["name"]),
            uid=str(metadata.get("uid") or ""),
        )
        self._sink.resource(make_resource(ref, payload))
        self._count += 1
        place = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
        room = MAX_REDACTIONS - len(self._redactions)
        self._redactions += [f"{place}: {path}" for path in redacted[:room]]
        self._more_redactions += len(redacted[room:])

    def _show_progress(self) -> None:
        self._context.progress(self._target, self._ident, self._count)
