"""Checks of one server for `doctor`: does it answer, and is each right held."""

from __future__ import annotations

from collections.abc import Iterator

from ojkaudit.collectors.interface import Check
from ojkaudit.collectors.postgresql.connection import open_session
from ojkaudit.collectors.postgresql.failures import ConnectionFailedError
from ojkaudit.collectors.postgresql.grants import helper_sql, quote_identifier
from ojkaudit.collectors.postgresql.rows import Reader, Row, Unread, flag, text
from ojkaudit.collectors.postgresql.statements import names, server
from ojkaudit.collectors.postgresql.statements.statement import (
    MONITOR_RIGHT,
    SETTINGS_RIGHT,
    STATS_RIGHT,
    Statement,
)
from ojkaudit.model.config import PostgresqlTarget

_VERIFIED_MODES = frozenset({"verify-ca", "verify-full"})

_ROLES = (
    ("pg_monitor", MONITOR_RIGHT),
    ("pg_read_all_settings", SETTINGS_RIGHT),
    ("pg_read_all_stats", STATS_RIGHT),
)


def check_target(target: PostgresqlTarget, password: str) -> tuple[Check, ...]:
    """Return one line per thing checked; only catalogs are asked, and only about this role."""
    verified = target.sslmode in _VERIFIED_MODES
    tls = Check(
        name="tls",
        ok=verified,
        detail=f"sslmode={target.sslmode}",
        remedy="" if verified else "set sslmode: verify-full and sslrootcert for this target",
    )
    try:
        with open_session(target, dbname=target.dbname, password=password) as session:
            checks = tuple(_rights(session, target))
    except ConnectionFailedError as failure:
        return (
            tls,
            Check(
                name="connect",
                ok=False,
                detail=failure.message,
                remedy=failure.missing_right or failure.hint,
            ),
        )
    address = f"{target.host}:{target.port}/{target.dbname} as {target.user}"
    return (tls, Check(name="connect", ok=True, detail=address), *checks)


def _rights(reader: Reader, target: PostgresqlTarget) -> Iterator[Check]:
    user = quote_identifier(target.user)
    held = _first(reader, server.ROLE_CHECKS)
    for role, right in _ROLES:
        yield _check(f"role {role}", flag(held, role), right.replace("{user}", user))
    yield _check(
        "least privilege",
        not flag(held, "superuser"),
        f"ALTER ROLE {user} NOSUPERUSER; an auditor needs no superuser",
    )
    rights = _first(reader, names.RIGHTS)
    helpers = {text(row, "name") for row in _all(reader, server.HELPERS)}
    yield _check("read pg_hba_file_rules", flag(rights, "hba"), server.HBA.right_for(user))
    for name, what in (
        ("login_verifiers", "see how passwords are stored"),
        ("hba_file_modified", "see the age of pg_hba.conf"),
    ):
        yield _check(
            what, name in helpers or flag(held, "superuser"), helper_sql(name, target.user)
        )
    if _all(reader, names.SUBSCRIPTIONS):
        yield _check(
            "read subscription hosts",
            flag(rights, "subscriptions"),
            names.SUBSCRIPTION_CONNINFO.right_for(user),
        )
    for row in _all(reader, names.DATABASES):
        name = text(row, "datname")
        yield _check(
            f"connect to database {name}",
            flag(row, "may_connect"),
            f"GRANT CONNECT ON DATABASE {quote_identifier(name)} TO {user}",
        )


def _check(name: str, held: bool, remedy: str) -> Check:
    return Check(
        name=name,
        ok=held,
        detail="held" if held else "missing",
        remedy="" if held else remedy,
    )


def _all(reader: Reader, statement: Statement) -> tuple[Row, ...]:
    rows = reader.rows(statement)
    return () if isinstance(rows, Unread) else rows


def _first(reader: Reader, statement: Statement) -> Row:
    rows = _all(reader, statement)
    return rows[0] if rows else {}
