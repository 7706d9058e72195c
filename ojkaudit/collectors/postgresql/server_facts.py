"""Facts of the server as a whole: version, settings, rules, sessions, replication, archive."""

from __future__ import annotations

from dataclasses import dataclass

from ojkaudit.collectors.postgresql.failures import ConnectionFailedError
from ojkaudit.collectors.postgresql.hba import hba_rules
from ojkaudit.collectors.postgresql.replication import replication_rows, slot_rows, wal_receiver
from ojkaudit.collectors.postgresql.rows import Reader, flag, present, text, whole
from ojkaudit.collectors.postgresql.setting_names import NAMES, restricted_names
from ojkaudit.collectors.postgresql.settings import server_settings
from ojkaudit.collectors.postgresql.sheet import FactSheet
from ojkaudit.collectors.postgresql.statements import server
from ojkaudit.collectors.postgresql.statements.statement import SETTINGS_RIGHT, STATS_RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What later reading depends on."""

    version_num: int
    in_recovery: bool
    reads_stats: bool
    """Whether other roles' sessions are shown; otherwise their rows vanish without an error."""
    reads_settings: bool
    helpers: frozenset[str]
    """Helper objects of `grants.py` that exist, belong to a superuser and may be used."""


def read_server(reader: Reader, sheet: FactSheet) -> Standing:
    """Read every fact of the server and return what the reading of databases depends on.

    Raises:
        ConnectionFailedError: The connection is gone, or not even the version could be read.
    """
    standing = _read_standing(reader, sheet)
    _read_settings(reader, sheet, standing)
    _read_hba(reader, sheet, standing)
    _read_sessions(reader, sheet, standing)
    _read_replication(reader, sheet, standing)
    _read_archiver(reader, sheet)
    _read_single_row_facts(reader, sheet)
    return standing


def _read_standing(reader: Reader, sheet: FactSheet) -> Standing:
    identity = sheet.read(reader, server.IDENTITY)
    version_num = whole(identity[0], "version_num") if identity else None
    if identity is None or version_num is None:
        raise ConnectionFailedError("the server did not tell its version: is it PostgreSQL?")
    in_recovery = flag(identity[0], "in_recovery")
    sheet.payload["version_num"] = version_num
    sheet.payload["version"] = version_text(version_num)
    sheet.payload["in_recovery"] = in_recovery
    # The server's own clock: its other times are compared with this one, not with ours.
    if observed_at := text(identity[0], "observed_at"):
        sheet.payload["observed_at"] = observed_at
    checks = sheet.read(reader, server.ROLE_CHECKS) or ()
    held = present(checks[0]) if checks else {}
    if held:
        sheet.payload["role_checks"] = held
    helpers = sheet.read(reader, server.HELPERS) or ()
    return Standing(
        version_num=version_num,
        in_recovery=in_recovery,
        reads_stats=held.get("pg_read_all_stats") is True,
        reads_settings=held.get("pg_read_all_settings") is True,
        helpers=frozenset(text(row, "name") for row in helpers),
    )


def version_text(version_num: int) -> str:
    """Return `15.20` for 150020, as PostgreSQL numbers its versions since 10."""
    return f"{version_num // 10000}.{version_num % 10000}"


def _read_settings(reader: Reader, sheet: FactSheet, standing: Standing) -> None:
    rows = sheet.read(reader, server.SETTINGS, {"names": sorted(NAMES)})
    if rows is None:
        return
    settings = server_settings(rows)
    sheet.payload["settings"] = settings.values
    sheet.payload["setting_sources"] = settings.sources
    sheet.redactions.extend(settings.redactions)
    for name, source in settings.overridden:
        sheet.fails(
            f"settings.{name}",
            f"the value of this session (source: {source}) hides the server's;"
            f" ALTER ROLE or ALTER DATABASE ... RESET {name}",
        )
    if not standing.reads_settings:
        for name in sorted(
            restricted_names(standing.version_num) - {text(row, "name") for row in rows}
        ):
            sheet.lacks(f"settings.{name}", SETTINGS_RIGHT)
        sheet.lacks("setting_sources.sourcefile", SETTINGS_RIGHT)


def _read_hba(reader: Reader, sheet: FactSheet, standing: Standing) -> None:
    loaded = sheet.read(reader, server.CONF_LOAD_TIME)
    if loaded:
        sheet.payload.update(present(loaded[0]))
    rows = sheet.read(reader, server.hba_statement(standing.version_num))
    if rows is not None:
        rules, redactions = hba_rules(rows)
        sheet.payload["hba"] = rules
        sheet.redactions.extend(redactions)
        if len({text(row, "file_name") for row in rows}) > 1:
            # Only the main file's age can be asked for, and an included file may be newer.
            sheet.fails("hba_file_newer_than_load", "pg_hba.conf includes other files")
            return
    by_helper = "hba_file_modified" in standing.helpers
    age = sheet.read(reader, server.HBA_FILE_AGE_BY_HELPER if by_helper else server.HBA_FILE_AGE)
    if age and age[0].get("newer") is not None:
        sheet.payload["hba_file_newer_than_load"] = flag(age[0], "newer")


def _read_sessions(reader: Reader, sheet: FactSheet, standing: Standing) -> None:
    hidden = sheet.read(reader, server.SESSIONS_HIDDEN)
    if hidden:
        sheet.payload["sessions_hidden"] = whole(hidden[0], "hidden") or 0
    if not standing.reads_stats:
        sheet.lacks("sessions", STATS_RIGHT)
        return
    rows = sheet.read(reader, server.SESSIONS)
    if rows is not None:
        sheet.payload["sessions"] = [present(row) for row in rows]


def _read_replication(reader: Reader, sheet: FactSheet, standing: Standing) -> None:
    slots = sheet.read(reader, server.SLOTS)
    if slots is not None:
        sheet.payload["slots"] = slot_rows(slots)
    sheet.payload["replication_rows_hidden"] = not standing.reads_stats
    if not standing.reads_stats:
        sheet.lacks("replication", STATS_RIGHT)
        if standing.in_recovery:
            sheet.lacks("wal_receiver", STATS_RIGHT)
        return
    senders = sheet.read(reader, server.REPLICATION)
    # Without the slots nobody can tell a logical walsender from a physical one.
    if senders is not None and slots is not None:
        sheet.payload["replication"] = replication_rows(senders, slots)
    elif senders is not None:
        sheet.fails("replication", "the slots, which tell logical from physical, are not readable")
    if standing.in_recovery:
        receiver = sheet.read(reader, server.WAL_RECEIVER)
        if receiver is not None:
            sheet.payload["wal_receiver"] = wal_receiver(receiver)


def _read_archiver(reader: Reader, sheet: FactSheet) -> None:
    rows = sheet.read(reader, server.ARCHIVER)
    if not rows:
        return
    archiver = present(rows[0])
    ready = sheet.read(reader, server.ARCHIVE_READY)
    if ready:
        archiver.update(present(ready[0]))
    sheet.payload["archiver"] = archiver


def _read_single_row_facts(reader: Reader, sheet: FactSheet) -> None:
    for statement in (server.CHECKSUM_FAILURES, server.CONTROL):
        rows = sheet.read(reader, statement)
        if rows:
            sheet.payload.update(present(rows[0]))
