"""The PostgreSQL collector when connecting fails, when the server hangs, and what it leaves."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest

from ojkaudit.collectors.postgresql import PostgresqlCollector, connection
from ojkaudit.collectors.postgresql.connection import open_session
from ojkaudit.collectors.postgresql.failures import ConnectionFailedError
from ojkaudit.collectors.postgresql.rows import Unread
from ojkaudit.collectors.postgresql.statements.statement import Statement
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import CoverageStatus
from tests.support.postgres.lender import (
    CLOSED_DATABASE,
    FULL_ROLE,
    PASSWORDS,
    WEAK_ROLE,
    Lender,
    context,
)
from tests.support.postgres.server import free_port

pytestmark = pytest.mark.servers

PASSWORD = PASSWORDS[FULL_ROLE]


def _failure(lender: Lender, user: str = FULL_ROLE, **changes: Any) -> Coverage:
    sink = lender.collect(user, **changes)
    assert sink.resources == []
    assert len(sink.targets) == 1
    (coverage,) = sink.coverages
    assert PASSWORDS[user] not in repr(coverage)
    return coverage


def test_wrong_password_is_denied(lender: Lender) -> None:
    coverage = _failure(lender, password="sandi-salah-0001")
    assert coverage.status is CoverageStatus.DENIED
    assert FULL_ROLE in coverage.missing_right
    assert "sandi-salah" not in repr(coverage)


def test_closed_main_database_is_denied_and_names_the_grant(lender: Lender) -> None:
    coverage = _failure(lender, WEAK_ROLE, dbname=CLOSED_DATABASE)
    assert coverage.status is CoverageStatus.DENIED
    assert coverage.missing_right.startswith("GRANT CONNECT ON DATABASE")


def test_wrong_port_is_an_error(lender: Lender) -> None:
    coverage = _failure(lender, port=free_port())
    assert coverage.status is CoverageStatus.ERROR
    assert "nothing listens there" in coverage.detail


def test_missing_database_is_an_error(lender: Lender) -> None:
    coverage = _failure(lender, dbname="tidak_ada")
    assert coverage.status is CoverageStatus.ERROR
    assert "database does not exist" in coverage.detail


def test_foreign_root_certificate_is_an_error(lender: Lender) -> None:
    coverage = _failure(lender, sslrootcert=lender.pair.certificates.other_ca)
    assert coverage.status is CoverageStatus.ERROR
    assert "not signed by the given root" in coverage.detail


def test_missing_root_certificate_is_an_error(lender: Lender) -> None:
    coverage = _failure(lender, sslrootcert=lender.pair.folder / "none.pem")
    assert coverage.status is CoverageStatus.ERROR
    assert "root certificate" in coverage.detail


def test_no_line_in_pg_hba_is_denied(lender: Lender) -> None:
    coverage = _failure(lender, sslmode="disable")
    assert coverage.status is CoverageStatus.DENIED
    assert "pg_hba.conf" in coverage.missing_right


def test_silent_server_is_an_error_within_the_connect_timeout(lender: Lender) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        coverage = _failure(lender, port=listener.getsockname()[1], connect_timeout_seconds=2)
    assert coverage.status is CoverageStatus.ERROR
    assert "connect timeout" in coverage.detail
    assert time.monotonic() - started < 8


def test_client_certificate_is_used(lender: Lender) -> None:
    primary = lender.pair.primary
    certificates = lender.pair.certificates
    original = (primary.data_dir / "pg_hba.conf").read_text()
    line = f"hostssl all {FULL_ROLE} 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
    primary.write_hba(line + original)
    primary.restart()
    try:
        refused = _failure(lender)
        admitted = lender.collect(
            sslcert=certificates.client_certificate, sslkey=certificates.client_key
        )
    finally:
        primary.write_hba(original)
        primary.restart()
        lender.pair.wait_until_caught_up()
    assert refused.status is CoverageStatus.DENIED
    assert "client certificate" in refused.missing_right
    assert admitted.coverages[0].status is CoverageStatus.COMPLETE


def test_environment_of_the_caller_cannot_lead_elsewhere(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=off")
    assert lender.collect().coverages[0].status is CoverageStatus.COMPLETE


def test_session_cannot_write(lender: Lender) -> None:
    target = lender.target(lender.pair.primary, "postgres")
    password = lender.pair.superuser_password
    with open_session(target, dbname="postgres", password=password) as session:
        for sql in (
            "CREATE TABLE jejak (id int) ",
            "SET default_transaction_read_only = off",
            "CREATE TABLE jejak (id int)",
        ):
            session.rows(Statement(fact="x", sql=sql))
        result = session.rows(Statement(fact="x", sql="CREATE TABLE jejak (id int)"))
    assert result == Unread(denied=False, reason="ReadOnlySqlTransaction (SQLSTATE 25006)")
    assert lender.pair.execute("SELECT to_regclass('jejak')") == [(None,)]


def test_a_failed_statement_does_not_spoil_the_next(lender: Lender) -> None:
    target = lender.target(lender.pair.primary, FULL_ROLE)
    with open_session(target, dbname="postgres", password=PASSWORD) as session:
        broken = session.rows(Statement(fact="x", sql="SELECT 1/0 AS x"))
        after = session.rows(Statement(fact="x", sql="SELECT 1 AS x"))
    assert broken == Unread(denied=False, reason="DivisionByZero (SQLSTATE 22012)")
    assert after == ({"x": 1},)


def test_locked_catalog_is_given_up_and_recorded(lender: Lender) -> None:
    with lender.pair.primary.connect() as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE pg_catalog.pg_publication IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        sink = lender.collect(statement_timeout_seconds=1)
        other.execute("ROLLBACK")
    assert time.monotonic() - started < 10
    payload: Any = sink.resources[0].payload
    failed = {entry["fact"]: entry["reason"] for entry in payload["failed_facts"]}
    reason = failed["databases.postgres.publications"]
    assert "statement_timeout" in reason or "lock" in reason
    database = next(d for d in payload["databases"] if d["datname"] == "postgres")
    assert "publications" not in database
    assert "extensions" in database


def test_statement_timeout_stops_a_long_statement(lender: Lender) -> None:
    target = lender.target(lender.pair.primary, FULL_ROLE, statement_timeout_seconds=1)
    with open_session(target, dbname="postgres", password=PASSWORD) as session:
        result = session.rows(Statement(fact="x", sql="SELECT pg_sleep(30)"))
    assert isinstance(result, Unread)
    assert "statement_timeout (1 s)" in result.reason


def test_server_that_hangs_is_cut_off(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_GRACE_SECONDS", 1)
    target = lender.target(lender.pair.primary, FULL_ROLE, statement_timeout_seconds=1)
    pid = 0
    try:
        with open_session(target, dbname="postgres", password=PASSWORD) as session:
            rows = session.rows(Statement(fact="x", sql="SELECT pg_backend_pid() AS pid"))
            assert not isinstance(rows, Unread)
            pid = int(str(rows[0]["pid"]))
            os.kill(pid, signal.SIGSTOP)
            started = time.monotonic()
            with pytest.raises(ConnectionFailedError):
                session.rows(Statement(fact="x", sql="SELECT 1"))
            assert time.monotonic() - started < 10
    finally:
        if pid:
            os.kill(pid, signal.SIGCONT)


def test_connection_lost_in_the_middle_is_an_error_not_half_a_resource(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ojkaudit.collectors.postgresql import name_facts

    lost = Statement(fact="roles", sql="SELECT pg_terminate_backend(pg_backend_pid())")
    monkeypatch.setattr(name_facts.names, "ROLES", lost)
    coverage = _failure(lender)
    assert coverage.status is CoverageStatus.ERROR
    assert "closed the connection" in coverage.detail


def test_doctor_says_why_it_cannot_connect(lender: Lender) -> None:
    collector = PostgresqlCollector(lender.target(lender.pair.primary, FULL_ROLE))
    checks = {c.name: c for c in collector.check(context("sandi-salah-0002"))}
    assert not checks["connect"].ok
    assert checks["connect"].remedy
    assert "sandi-salah" not in repr(checks)


def test_nothing_is_left_behind(lender: Lender) -> None:
    lender.collect()
    deadline = time.monotonic() + 10
    while lender.pair.execute(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = %s",
        (connection.APPLICATION_NAME,),
    ):
        assert time.monotonic() < deadline, "a connection was left open"
        time.sleep(0.05)


def test_one_connection_at_a_time(lender: Lender) -> None:
    lender.pair.execute(f"ALTER ROLE {FULL_ROLE} CONNECTION LIMIT 1")
    try:
        test_nothing_is_left_behind(lender)
        payload = lender.payload()
    finally:
        lender.pair.execute(f"ALTER ROLE {FULL_ROLE} CONNECTION LIMIT -1")
    assert payload["databases_unreachable"] == 0
