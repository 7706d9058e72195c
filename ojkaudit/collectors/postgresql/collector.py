"""Reads one PostgreSQL server into one `postgresql/Instance`."""

from __future__ import annotations

from collections.abc import Mapping

from ojkaudit.collectors.interface import Check, CollectionContext
from ojkaudit.collectors.postgresql.connection import open_session
from ojkaudit.collectors.postgresql.doctor import check_target
from ojkaudit.collectors.postgresql.failures import ConnectionFailedError
from ojkaudit.collectors.postgresql.grants import quote_identifier
from ojkaudit.collectors.postgresql.name_facts import (
    DatabaseRow,
    read_database,
    read_databases,
    read_roles,
    read_subscriptions,
)
from ojkaudit.collectors.postgresql.pgaudit import pgaudit_facts
from ojkaudit.collectors.postgresql.server_facts import read_server
from ojkaudit.collectors.postgresql.sheet import FactSheet
from ojkaudit.model.config import PostgresqlTarget
from ojkaudit.model.evidence import (
    Coverage,
    EvidenceSink,
    ResourceRef,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.outcome import CoverageStatus

FAMILY = "postgresql"
KIND = "postgresql/Instance"


class PostgresqlCollector:
    """Reads one server; never a row of a user's table, never the text of a statement."""

    def __init__(self, target: PostgresqlTarget) -> None:
        """Keep what to read; nothing is connected yet."""
        self._target = target

    @property
    def target_id(self) -> str:
        """Id of the target in the configuration."""
        return self._target.id

    @property
    def family(self) -> str:
        """Family of the kinds it yields."""
        return FAMILY

    def collect(self, context: CollectionContext, sink: EvidenceSink) -> None:
        """Read the server and record its coverage; see `Collector`.

        Raises:
            ConfigurationError: The password's reference cannot be resolved.
        """
        for kind in context.kinds:
            if kind != KIND:
                sink.coverage(self._coverage(context, kind, detail="no such kind is read here"))
        if KIND not in context.kinds:
            return
        password = _password(self._target, context)
        sheet = FactSheet(user=quote_identifier(self._target.user))
        try:
            _read(self._target, password, sheet)
        except ConnectionFailedError as failure:
            sink.target(self._info(""))
            sink.coverage(
                self._coverage(
                    context,
                    KIND,
                    status=failure.status,
                    missing_right=failure.missing_right,
                    detail=failure.message,
                )
            )
            return
        self._record(context, sink, sheet)

    def check(self, context: CollectionContext) -> tuple[Check, ...]:
        """Return whether the server answers and each right is held; see `Collector`.

        Raises:
            ConfigurationError: The password's reference cannot be resolved.
        """
        return check_target(self._target, _password(self._target, context))

    def _record(self, context: CollectionContext, sink: EvidenceSink, sheet: FactSheet) -> None:
        target = self._target
        payload = {
            "id": target.id,
            "host": target.host,
            "port": target.port,
            "environment": target.environment,
            **sheet.payload,
            "missing_privileges": sheet.missing,
            "failed_facts": sheet.failed,
        }
        # No site is an absent key: an empty one would differ from every site.
        if target.site:
            payload["site"] = target.site
        if target.volume_encryption:
            payload["volume_encryption"] = dict(target.volume_encryption)
        sink.target(self._info(f"PostgreSQL {payload['version']}"))
        sink.resource(
            make_resource(ResourceRef(target=target.id, kind=KIND, name=target.id), payload)
        )
        context.progress(target.id, KIND, 1)
        sink.coverage(
            self._coverage(
                context,
                KIND,
                status=CoverageStatus.COMPLETE,
                count=1,
                detail=_detail(sheet),
                redactions=tuple(f"{target.id}: {path}" for path in sheet.redactions),
            )
        )

    def _info(self, version: str) -> TargetInfo:
        target = self._target
        return TargetInfo(
            id=target.id,
            family=FAMILY,
            address=f"{target.host}:{target.port}/{target.dbname}",
            site=target.site,
            version=version,
        )

    def _coverage(
        self,
        context: CollectionContext,
        kind: str,
        *,
        status: CoverageStatus = CoverageStatus.ERROR,
        count: int = 0,
        missing_right: str = "",
        detail: str,
        redactions: tuple[str, ...] = (),
    ) -> Coverage:
        return Coverage(
            target=self._target.id,
            kind=kind,
            status=status,
            verb="SELECT",
            count=count,
            read_at=context.clock(),
            missing_right=missing_right,
            detail=detail,
            redactions=redactions,
        )


def _password(target: PostgresqlTarget, context: CollectionContext) -> str:
    return context.read_secret(target.password) if target.password else ""


def _read(target: PostgresqlTarget, password: str, sheet: FactSheet) -> None:
    entries: dict[str, dict[str, object]] = {}
    with open_session(target, dbname=target.dbname, password=password) as session:
        standing = read_server(session, sheet)
        read_roles(session, sheet, standing)
        databases = read_databases(session, sheet)
        subscriptions = read_subscriptions(session, sheet)
        if any(database.name == target.dbname for database in databases or ()):
            entries[target.dbname] = read_database(session, sheet, target.dbname)
    if databases is not None:
        # One connection at a time: the first is closed before the next is opened.
        for database in databases:
            if database.name not in entries:
                entries[database.name] = _read_further(target, password, sheet, database)
        _add_databases(sheet, databases, entries, subscriptions)
    sheet.payload["pgaudit"] = pgaudit_facts(sheet.payload)


def _read_further(
    target: PostgresqlTarget, password: str, sheet: FactSheet, database: DatabaseRow
) -> dict[str, object]:
    fact = f"databases.{database.name}"
    if not database.allows_connections:
        sheet.fails(fact, "the database accepts no connections")
        return {"detail": "the database accepts no connections"}
    if not database.may_connect:
        right = f"GRANT CONNECT ON DATABASE {quote_identifier(database.name)} TO {{user}}"
        sheet.lacks(fact, right)
        return {"detail": "the role may not connect to this database"}
    try:
        with open_session(target, dbname=database.name, password=password) as session:
            return read_database(session, sheet, database.name)
    except ConnectionFailedError as failure:
        if failure.missing_right:
            sheet.lacks(fact, failure.missing_right)
        else:
            sheet.fails(fact, failure.message)
        return {"detail": failure.message}


def _add_databases(
    sheet: FactSheet,
    databases: tuple[DatabaseRow, ...],
    entries: Mapping[str, Mapping[str, object]],
    subscriptions: Mapping[str, list[dict[str, object]]] | None,
) -> None:
    payloads: list[dict[str, object]] = []
    for database in databases:
        facts = entries[database.name]
        payload: dict[str, object] = {
            "datname": database.name,
            "encoding": database.encoding,
            "reachable": "detail" not in facts,
            "detail": "",
            **facts,
        }
        if subscriptions is not None:
            payload["subscriptions"] = subscriptions.get(database.name, [])
        payloads.append(payload)
    sheet.payload["databases"] = payloads
    sheet.payload["databases_unreachable"] = sum(not item["reachable"] for item in payloads)


def _detail(sheet: FactSheet) -> str:
    parts = []
    if sheet.missing:
        facts = ", ".join(str(item["fact"]) for item in sheet.missing)
        parts.append(f"hidden by missing rights: {facts}")
    if sheet.failed:
        facts = ", ".join(str(item["fact"]) for item in sheet.failed)
        parts.append(f"not readable: {facts}")
    return "; ".join(parts)
