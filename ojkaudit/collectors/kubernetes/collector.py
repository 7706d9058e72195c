"""Reads the wanted kinds of one cluster and records how completely."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ojkaudit.collectors.interface import Check, CollectionContext
from ojkaudit.collectors.kubernetes.access import may_list
from ojkaudit.collectors.kubernetes.answers import CREDENTIALS, broken, parse_object, refusal
from ojkaudit.collectors.kubernetes.connection import connect
from ojkaudit.collectors.kubernetes.discovery import Discovered, discover
from ojkaudit.collectors.kubernetes.kinds import (
    FAMILY,
    ReadOutcome,
    ServedKind,
    WantedKind,
    list_right,
    parse_kind,
)
from ojkaudit.collectors.kubernetes.projection import Projection
from ojkaudit.collectors.kubernetes.run import KindRun
from ojkaudit.collectors.kubernetes.wire import Requester, RequestFailedError, Tally
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.config import KubernetesTarget
from ojkaudit.model.evidence import EvidenceSink, TargetInfo
from ojkaudit.model.outcome import CoverageStatus

_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open connection to a cluster that answers, or does not."""

    requester: Requester
    address: str
    version: str
    """`gitVersion`; empty when the server does not say."""
    failure: ReadOutcome | None
    """Why nothing at all can be read; None when the cluster answers."""


class KubernetesCollector:
    """Collects from one cluster, one kind at a time."""

    def __init__(
        self,
        target: KubernetesTarget,
        *,
        projections: Mapping[str, Projection] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        """Keep the target; nothing is opened yet.

        Args:
            target: Where and how to connect.
            projections: What to keep, by kind; a kind without an entry is kept whole, without
                managedFields.
            sleep: Waits for so many seconds before asking again.
            jitter: Returns a number from 0 to 1.
        """
        self._target = target
        self._projections = projections or {}
        self._sleep = sleep
        self._jitter = jitter

    @property
    def target_id(self) -> str:
        """Return the id of the target in the configuration."""
        return self._target.id

    @property
    def family(self) -> str:
        """Return the first segment of the kinds it yields."""
        return FAMILY

    def collect(self, context: CollectionContext, sink: EvidenceSink) -> None:
        """Read every kind of `context.kinds` and record one coverage entry for each.

        Raises:
            ConfigurationError: The credentials or the address cannot be used at all.
        """
        with self._session(context) as session:
            sink.target(
                TargetInfo(
                    id=self._target.id,
                    family=FAMILY,
                    address=session.address,
                    site=self._target.site,
                    version=session.version,
                )
            )
            wanted = {ident: parse_kind(ident) for ident in context.kinds}
            discovered = self._discover(session, wanted)
            for ident in context.kinds:
                place = self._place(ident, wanted[ident], session, discovered)
                run = KindRun(
                    self._target.id, ident, self._projection(ident), context=context, sink=sink
                )
                if isinstance(place, ServedKind):
                    run.read(session.requester, place, self._target.page_size)
                else:
                    run.record(place, Tally())

    def check(self, context: CollectionContext) -> tuple[Check, ...]:
        """Return whether the cluster answers and each wanted kind may be listed; reads no object."""
        name = "reachable"
        try:
            with self._session(context) as session:
                if session.failure is not None:
                    return (_failed(name, session.failure),)
                answers = f"{session.address} answers as {session.version or 'unknown version'}"
                reachable = Check(name=name, ok=True, detail=answers)
                return (reachable, *self._access(session, context))
        except ConfigurationError as error:
            return (Check(name=name, ok=False, detail=error.message, remedy=error.hint),)

    def _access(self, session: Session, context: CollectionContext) -> Iterator[Check]:
        wanted = {ident: parse_kind(ident) for ident in context.kinds}
        discovered = self._discover(session, wanted)
        for ident in context.kinds:
            place = self._place(ident, wanted[ident], session, discovered)
            name = f"{self._target.id}: list {ident.removeprefix(FAMILY + '/')}"
            if isinstance(place, ServedKind):
                yield _access_check(name, session.requester, place)
            elif place.status is CoverageStatus.ABSENT or _is_by_design(wanted[ident]):
                yield Check(name=name, ok=True, detail=place.detail)
            else:
                yield _failed(name, place)

    @contextmanager
    def _session(self, context: CollectionContext) -> Iterator[Session]:
        connection = connect(self._target, context.read_secret, context.user_agent)
        try:
            requester = Requester(connection, sleep=self._sleep, jitter=self._jitter)
            version, failure = _ask_version(requester)
            yield Session(
                requester=requester,
                address=connection.address,
                version=version,
                failure=failure,
            )
        finally:
            connection.close()

    def _discover(self, session: Session, wanted: Mapping[str, WantedKind | None]) -> Discovered:
        if session.failure is not None:
            return Discovered(failures={True: session.failure, False: session.failure})
        known = [kind for kind in wanted.values() if kind is not None]
        return discover(session.requester, known, Tally())

    def _place(
        self, ident: str, wanted: WantedKind | None, session: Session, discovered: Discovered
    ) -> ServedKind | ReadOutcome:
        if wanted is None:
            return ReadOutcome(
                status=CoverageStatus.ERROR,
                detail=f"{ident} is not kubernetes/[group/]version/Kind",
            )
        if wanted.is_session or (wanted.is_secret and not self._target.allow_secrets):
            plural = f"{wanted.kind.lower()}s"
            return ReadOutcome(
                status=CoverageStatus.DENIED,
                detail="not read by design",
                missing_right=list_right(wanted.group, plural),
            )
        if session.failure is not None:
            return session.failure
        return discovered.find(wanted)

    def _projection(self, ident: str) -> Projection:
        return self._projections.get(ident, Projection())


def _ask_version(requester: Requester) -> tuple[str, ReadOutcome | None]:
    """Return the server's version, or why nothing can be asked of it at all."""
    try:
        reply = requester.get("/version", {}, Tally())
    except RequestFailedError as error:
        return "", ReadOutcome(status=CoverageStatus.ERROR, detail=error.message)
    if reply.status == 403:
        return "", None  # /version may be closed while the rest is open
    if reply.status != 200:
        outcome = refusal(reply, "get /version")
        if outcome.status is CoverageStatus.ABSENT:
            outcome = broken(reply, "no /version: is it a Kubernetes API server?")
        return "", outcome
    document = parse_object(reply.body)
    if document is None:
        return "", broken(reply, "/version is not JSON: is it a Kubernetes API server?")
    return str(document.get("gitVersion", "")), None


def _is_by_design(wanted: WantedKind | None) -> bool:
    return wanted is not None and (wanted.is_secret or wanted.is_session)


def _access_check(name: str, requester: Requester, kind: ServedKind) -> Check:
    answer = may_list(requester, kind)
    if answer.allowed:
        return Check(name=name, ok=True, detail="allowed")
    remedy = "" if answer.allowed is None else f"let the auditing user {kind.right}"
    return Check(name=name, ok=False, detail=answer.detail, remedy=remedy)


def _failed(name: str, outcome: ReadOutcome) -> Check:
    remedy = ""
    if outcome.missing_right == CREDENTIALS:
        remedy = "renew the token or the certificate of the auditing user"
    elif outcome.missing_right:
        remedy = f"let the auditing user {outcome.missing_right}"
    return Check(name=name, ok=False, detail=outcome.detail, remedy=remedy)
