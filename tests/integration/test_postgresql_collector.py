"""The PostgreSQL collector against a real primary and standby: what it sees."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ojkaudit import canonical
from ojkaudit.model.outcome import CoverageStatus
from tests.support.postgres.installation import as_system_user
from tests.support.postgres.lender import (
    APP_ROLE,
    CLOSED_DATABASE,
    DATABASE,
    FULL_ROLE,
    LEGACY_DATABASE,
    PASSWORDS,
    Lender,
)
from tests.support.postgres.pair import HBA, REPLICATION_ROLE, STANDBY_ADDRESS, STANDBY_NAME

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def seen(lender: Lender) -> Mapping[str, Any]:
    return lender.payload()


@pytest.fixture(scope="module")
def seen_on_standby(lender: Lender) -> Mapping[str, Any]:
    lender.pair.wait_until_caught_up()
    return lender.payload(server=lender.pair.standby)


def _database(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(d for d in payload["databases"] if d["datname"] == name)
    return found


def test_granted_role_misses_nothing(seen: Mapping[str, Any]) -> None:
    assert seen["missing_privileges"] == []
    legacy = [f"databases.{LEGACY_DATABASE}.columns"]
    assert [entry["fact"] for entry in seen["failed_facts"]] == legacy


def test_evidence_is_plain_json_and_complete(lender: Lender) -> None:
    sink = lender.collect()
    (resource,) = sink.resources
    (coverage,) = sink.coverages
    (target,) = sink.targets
    assert resource.digest == canonical.digest(resource.payload)
    assert (resource.ref.kind, resource.ref.name) == ("postgresql/Instance", "pg-inti")
    assert (coverage.status, coverage.count) == (CoverageStatus.COMPLETE, 1)
    assert target.version == f"PostgreSQL {resource.payload['version']}"
    assert target.site == "cikaso"


def test_identity(lender: Lender, seen: Mapping[str, Any]) -> None:
    major = lender.pair.primary.installation.major
    assert seen["version_num"] // 10000 == major
    assert seen["version"].startswith(f"{major}.")
    assert seen["in_recovery"] is False
    (row,) = lender.pair.execute("SELECT system_identifier::text FROM pg_control_system()")
    assert seen["system_identifier"] == row[0]


def test_settings_with_their_source(seen: Mapping[str, Any]) -> None:
    assert seen["settings"]["ssl"] == "on"
    assert seen["settings"]["shared_preload_libraries"] == "pgaudit"
    assert seen["settings"]["pgaudit.log"] == "ddl,role,write,read"
    source = seen["setting_sources"]["ssl"]
    assert source["source"] == "configuration file"
    assert source["sourcefile"].endswith("/test.conf")
    assert source["pending_restart"] is False


def test_rules_of_pg_hba(seen: Mapping[str, Any]) -> None:
    assert [rule["type"] for rule in seen["hba"]] == ["local", "hostssl", "hostssl", "hostssl"]
    assert [rule["rule_number"] for rule in seen["hba"]] == [1, 2, 3, 4]
    assert seen["hba"][1]["prefix"] == 32
    assert seen["hba"][3]["address"] == STANDBY_ADDRESS
    assert seen["hba_file_newer_than_load"] is False


def test_replication_as_the_primary_sees_it(seen: Mapping[str, Any]) -> None:
    (standby,) = seen["replication"]
    assert standby["application_name"] == STANDBY_NAME
    assert standby["client_addr"] == STANDBY_ADDRESS
    assert standby["state"] == "streaming"
    assert standby["ssl"] is True
    assert standby["logical"] is False
    assert standby["lag_bytes"] >= 0
    (slot,) = seen["slots"]
    assert (slot["slot_name"], slot["active"]) == (STANDBY_NAME, True)
    assert seen["replication_rows_hidden"] is False


def test_standby_and_its_receiver(
    seen: Mapping[str, Any], seen_on_standby: Mapping[str, Any]
) -> None:
    assert seen_on_standby["in_recovery"] is True
    assert seen_on_standby["system_identifier"] == seen["system_identifier"]
    assert seen_on_standby["wal_receiver"]["status"] == "streaming"
    assert seen_on_standby["wal_receiver"]["sslmode"] == "verify-full"
    assert seen_on_standby["replication"] == []
    assert seen_on_standby["missing_privileges"] == []
    assert "wal_receiver" not in seen


def test_own_session_is_left_out_and_an_encrypted_one_is_seen(lender: Lender) -> None:
    pair = lender.pair
    with pair.primary.connect(user=APP_ROLE, password=PASSWORDS[APP_ROLE], dbname=DATABASE):
        payload = lender.payload()
    (session,) = [s for s in payload["sessions"] if s["user"] == APP_ROLE]
    assert session["ssl"] is True
    assert session["version"] == "TLSv1.3"
    assert session["database"] == DATABASE
    assert session["gss_encrypted"] is False
    assert FULL_ROLE not in [s["user"] for s in payload["sessions"]]
    assert payload["sessions_hidden"] == 0


@contextlib.contextmanager
def _clear_text_allowed(lender: Lender) -> Iterator[None]:
    primary = lender.pair.primary
    primary.write_hba(f"hostnossl all {APP_ROLE} 127.0.0.1/32 scram-sha-256\n{HBA}")
    primary.reload()
    try:
        yield
    finally:
        primary.write_hba(HBA)
        primary.reload()


def test_clear_text_session_is_seen_as_such(lender: Lender) -> None:
    with (
        _clear_text_allowed(lender),
        _clear_text_session(lender),
    ):
        payload = lender.payload()
    (session,) = [s for s in payload["sessions"] if s["user"] == APP_ROLE]
    assert session["ssl"] is False
    assert "version" not in session
    assert payload["hba"][0]["type"] == "hostnossl"


@contextlib.contextmanager
def _clear_text_session(lender: Lender) -> Iterator[None]:
    import psycopg

    options = {"user": APP_ROLE, "password": PASSWORDS[APP_ROLE], "dbname": DATABASE}
    deadline = time.monotonic() + 10
    while True:
        # The server takes a moment to act on a reload.
        try:
            connection = lender.pair.primary.connect(**options, sslmode="disable")
            with connection:
                yield
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_rules_changed_after_loading_are_noticed(lender: Lender) -> None:
    file = lender.pair.primary.data_dir / "pg_hba.conf"
    later = time.time() + 60
    os.utime(file, (later, later))
    try:
        payload = lender.payload()
    finally:
        os.utime(file)
        lender.pair.primary.reload()
    assert payload["hba_file_newer_than_load"] is True


def test_logical_receiver_is_told_apart(lender: Lender) -> None:
    pair = lender.pair
    pair.execute("SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')", dbname=DATABASE)
    try:
        with _logical_receiver(lender):
            payload = lender.payload()
    finally:
        pair.execute("SELECT pg_drop_replication_slot('cdc')")
    logical = [row for row in payload["replication"] if row["logical"]]
    assert [row["client_addr"] for row in logical] == ["127.0.0.1"]
    slot = next(s for s in payload["slots"] if s["slot_name"] == "cdc")
    assert (slot["slot_type"], slot["active"], slot["database"]) == ("logical", True, DATABASE)


@contextlib.contextmanager
def _logical_receiver(lender: Lender) -> Iterator[None]:
    pair = lender.pair
    process = subprocess.Popen(
        [
            *as_system_user(),
            str(pair.primary.installation.bin_dir / "pg_recvlogical"),
            *("--start", "--slot=cdc", "--file=/dev/null", "--no-loop"),
            *("-o", "proto_version=1", "-o", "publication_names=laporan"),
            f"--dbname=host=127.0.0.1 port={pair.primary.port} user={REPLICATION_ROLE}"
            f" dbname={DATABASE} sslmode=verify-full sslrootcert={pair.certificates.ca}",
        ],
        env={"PGPASSWORD": pair.replication_password, "PATH": os.environ["PATH"]},
    )
    try:
        deadline = time.monotonic() + 15
        while not pair.execute(
            "SELECT 1 FROM pg_replication_slots WHERE slot_name='cdc' AND active"
        ):
            assert time.monotonic() < deadline, "no logical receiver"
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        while pair.execute("SELECT 1 FROM pg_replication_slots WHERE slot_name='cdc' AND active"):
            time.sleep(0.05)


def test_roles_and_how_their_passwords_are_stored(lender: Lender) -> None:
    lender.pair.execute(f"GRANT pg_read_server_files TO {APP_ROLE}")
    try:
        payload = lender.payload()
    finally:
        lender.pair.execute(f"REVOKE pg_read_server_files FROM {APP_ROLE}")
    roles = {role["rolname"]: role for role in payload["roles"]}
    assert roles["postgres"]["rolsuper"] is True
    assert roles[FULL_ROLE]["member_of"] == ["pg_monitor"]
    assert payload["powerful_members"] == [APP_ROLE]
    assert {v["rolname"]: v["kind"] for v in payload["verifiers"]}[APP_ROLE] == "scram"


def test_names_within_a_database(seen: Mapping[str, Any]) -> None:
    database = _database(seen, DATABASE)
    assert {e["name"] for e in database["extensions"]} == {"pgaudit", "plpgsql", "postgres_fdw"}
    assert database["foreign_servers"] == [
        {"name": "skor", "fdw": "postgres_fdw", "host": "203.0.113.7"}
    ]
    assert database["subscriptions"] == [{"name": "masuk", "enabled": False, "host": "203.0.113.9"}]
    assert database["publications"] == [
        {"name": "laporan", "all_tables": False, "tables": ["public.nasabah"]}
    ]
    columns = {f"{c['table']}.{c['column']}": c for c in database["columns"]}
    assert {name: c["pii_class"] for name, c in columns.items()} == {
        "nasabah.nama": "name",
        "nasabah.nik": "id_number",
        "nasabah.npwp": "tax_number",
        "nasabah.no_hp": "phone",
        "data_lain.f_01": "id_number",
    }
    assert columns["nasabah.nik"]["protected"] is False
    assert columns["nasabah.npwp"]["encrypted_domain"] is True
    assert {(g["table"], g.get("column"), g["privilege"]) for g in database["public_grants"]} == {
        ("data_lain", None, "SELECT"),
        ("nasabah", "nik", "SELECT"),
    }
    assert {APP_ROLE, "postgres"} <= set(database["readers"])


def test_pgaudit_and_what_silences_it(seen: Mapping[str, Any]) -> None:
    assert seen["pgaudit"]["preloaded"] is True
    assert seen["pgaudit"]["overrides"] == [{"database": DATABASE, "setting": "pgaudit.log=none"}]
    installed = {d["datname"]: d["installed"] for d in seen["pgaudit"]["databases"]}
    assert installed[DATABASE] is True
    assert installed["postgres"] is False


def test_text_that_is_not_utf8_is_unread_and_not_dropped(seen: Mapping[str, Any]) -> None:
    database = _database(seen, LEGACY_DATABASE)
    assert database["reachable"] is True
    assert not {"columns", "public_grants", "readers"} & set(database)
    assert seen["failed_facts"][0]["reason"] == "a name or comment is not valid UTF-8"


def test_every_database_was_reached(seen: Mapping[str, Any]) -> None:
    assert seen["databases_unreachable"] == 0
    assert _database(seen, CLOSED_DATABASE)["reachable"] is True


def test_archive_and_checksums(seen: Mapping[str, Any]) -> None:
    assert seen["archiver"]["archived_count"] > 0
    assert seen["archiver"]["last_archived_time"].endswith("Z")
    assert seen["archiver"]["ready_files"] >= 0
    assert seen["checksum_failures"] == 0
    assert seen["settings"]["data_checksums"] == "on"
