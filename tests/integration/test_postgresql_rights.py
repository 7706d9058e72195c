"""The PostgreSQL collector with few rights: hidden facts are absent and named, secrets stay put."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from ojkaudit import canonical
from ojkaudit.collectors.postgresql import PostgresqlCollector
from ojkaudit.collectors.postgresql.setting_names import NAMES, restricted_names
from ojkaudit.model.codec import encode
from ojkaudit.model.outcome import CoverageStatus
from tests.support.postgres.lender import (
    APP_ROLE,
    CLOSED_DATABASE,
    DATABASE,
    FULL_ROLE,
    PASSWORDS,
    PLANTED,
    WEAK_ROLE,
    Lender,
    context,
)
from tests.support.sinks import ListSink

pytestmark = pytest.mark.servers

HIDDEN = {
    "sessions": "GRANT pg_read_all_stats",
    "replication": "GRANT pg_read_all_stats",
    "hba": "GRANT SELECT ON pg_catalog.pg_hba_file_rules",
    "hba_file_newer_than_load": "ojkaudit doctor",
    "verifiers": "ojkaudit doctor",
}


def _missing(payload: Any) -> dict[str, str]:
    return {entry["fact"]: entry["right"] for entry in payload["missing_privileges"]}


def test_weak_role_sees_facts_absent_and_named(lender: Lender) -> None:
    sink = lender.collect(WEAK_ROLE)
    payload: Any = sink.resources[0].payload
    assert sink.coverages[0].status is CoverageStatus.COMPLETE
    missing = _missing(payload)
    for fact, right in HIDDEN.items():
        assert fact not in payload
        assert right in missing[fact]
        assert fact in sink.coverages[0].detail
    assert "ready_files" not in payload["archiver"]
    assert missing["archiver.ready_files"] == f'GRANT pg_monitor TO "{WEAK_ROLE}"'
    assert payload["replication_rows_hidden"] is True
    assert payload["sessions_hidden"] > 0
    assert payload["role_checks"]["pg_monitor"] is False


def test_weak_role_does_not_see_hidden_settings(lender: Lender) -> None:
    payload = lender.payload(WEAK_ROLE)
    missing = _missing(payload)
    for name in ("shared_preload_libraries", "hba_file", "data_directory"):
        assert name not in payload["settings"]
        assert "pg_read_all_settings" in missing[f"settings.{name}"]
    assert "preloaded" not in payload["pgaudit"]
    assert all("sourcefile" not in source for source in payload["setting_sources"].values())


def test_every_setting_a_server_hides_is_known_to_be_hidden(lender: Lender) -> None:
    visible = lender.pair.execute("SELECT name FROM pg_settings")
    weak = lender.pair.execute(
        "SELECT name FROM pg_settings", user=WEAK_ROLE, password=PASSWORDS[WEAK_ROLE]
    )
    hidden = {row[0] for row in visible} - {row[0] for row in weak}
    assert hidden
    version_num = lender.payload()["version_num"]
    assert hidden & NAMES <= restricted_names(version_num)
    # And what is said to be hidden exists: a grant that reveals nothing must not be asked for.
    assert restricted_names(version_num) <= {row[0] for row in visible}


def test_weak_role_cannot_see_where_subscriptions_lead(lender: Lender) -> None:
    payload = lender.payload(WEAK_ROLE)
    database = next(d for d in payload["databases"] if d["datname"] == DATABASE)
    assert database["subscriptions"] == [{"name": "masuk", "enabled": False}]
    assert payload["subconninfo_denied"] is True
    assert "subconninfo" in _missing(payload)["subscriptions.host"]


def test_database_closed_to_the_role_is_unreachable_and_named(lender: Lender) -> None:
    payload = lender.payload(WEAK_ROLE)
    database = next(d for d in payload["databases"] if d["datname"] == CLOSED_DATABASE)
    assert database["reachable"] is False
    assert "columns" not in database
    assert payload["databases_unreachable"] == 1
    right = _missing(payload)[f"databases.{CLOSED_DATABASE}"]
    assert right == f'GRANT CONNECT ON DATABASE "{CLOSED_DATABASE}" TO "{WEAK_ROLE}"'


def test_weak_role_on_the_standby_does_not_see_the_receiver(lender: Lender) -> None:
    lender.pair.wait_until_caught_up()
    payload = lender.payload(WEAK_ROLE, server=lender.pair.standby)
    assert "wal_receiver" not in payload
    assert "pg_read_all_stats" in _missing(payload)["wal_receiver"]


def test_granting_what_was_named_reveals_the_facts(lender: Lender) -> None:
    before = lender.payload(WEAK_ROLE)
    rights = [
        right
        for fact, right in _missing(before).items()
        if "doctor" not in right and not fact.startswith("databases.")
    ]
    with lender.pair.primary.connect() as connection:
        for right in rights:
            connection.execute(right)
    try:
        after = lender.payload(WEAK_ROLE)
    finally:
        with lender.pair.primary.connect() as connection:
            connection.execute(f"DROP OWNED BY {WEAK_ROLE}")
            for role in ("pg_monitor", "pg_read_all_stats", "pg_read_all_settings"):
                connection.execute(f"REVOKE {role} FROM {WEAK_ROLE}")
    assert set(_missing(after)) == {
        "hba_file_newer_than_load",
        "verifiers",
        f"databases.{CLOSED_DATABASE}",
    }
    assert after["sessions"]
    assert after["hba"]
    assert WEAK_ROLE not in str(lender.payload()["powerful_members"])


def test_setting_of_the_audit_role_does_not_stand_for_the_server(lender: Lender) -> None:
    lender.pair.execute(f"ALTER ROLE {FULL_ROLE} SET log_statement = 'all'")
    try:
        payload = lender.payload()
    finally:
        lender.pair.execute(f"ALTER ROLE {FULL_ROLE} RESET log_statement")
    assert "log_statement" not in payload["settings"]
    failed = {entry["fact"]: entry["reason"] for entry in payload["failed_facts"]}
    assert "RESET log_statement" in failed["settings.log_statement"]


def test_helper_view_of_somebody_else_is_not_believed(lender: Lender) -> None:
    lender.pair.execute(f"ALTER VIEW ojkaudit.login_verifiers OWNER TO {APP_ROLE}")
    try:
        payload = lender.payload()
    finally:
        lender.pair.execute("ALTER VIEW ojkaudit.login_verifiers OWNER TO postgres")
    assert "verifiers" not in payload
    assert "verifiers" in _missing(payload)


def test_a_target_without_site_claims_none(lender: Lender) -> None:
    assert lender.payload()["site"] == "cikaso"
    assert "site" not in lender.payload(site="")


def test_superuser_misses_nothing(lender: Lender) -> None:
    payload = lender.payload("postgres", password=lender.pair.superuser_password)
    assert payload["missing_privileges"] == []
    assert payload["role_checks"]["superuser"] is True
    assert payload["verifiers"]


@pytest.mark.parametrize("user", [FULL_ROLE, WEAK_ROLE, "postgres"])
def test_planted_secrets_are_found_nowhere(
    lender: Lender, user: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    password = PASSWORDS.get(user) or lender.pair.superuser_password
    sinks = [
        lender.collect(user, password=password),
        lender.collect(user, password=password, server=lender.pair.standby),
        lender.collect(user, password=password, dbname=DATABASE),
    ]
    checks = PostgresqlCollector(lender.target(lender.pair.primary, user)).check(context(password))
    everything = [encode(sink.resources) for sink in sinks] + [encode(sink) for sink in sinks]
    captured = capfd.readouterr()
    text = canonical.dumps([everything, encode(checks)]).decode()
    text += caplog.text + captured.out + captured.err
    assert len(text) > 10_000
    secrets = [*PASSWORDS.values(), *PLANTED.values(), password]
    secrets += [lender.pair.superuser_password, lender.pair.replication_password]
    assert [secret for secret in secrets if secret in text] == []
    assert "SCRAM-SHA-256$4096" not in text


def test_doctor_names_each_missing_grant(lender: Lender) -> None:
    collector = PostgresqlCollector(lender.target(lender.pair.primary, WEAK_ROLE))
    checks = {c.name: c for c in collector.check(context(PASSWORDS[WEAK_ROLE]))}
    assert checks["connect"].ok
    assert checks["tls"].ok
    assert checks["role pg_monitor"].remedy == f'GRANT pg_monitor TO "{WEAK_ROLE}"'
    assert not checks[f"connect to database {CLOSED_DATABASE}"].ok
    assert "subconninfo" in checks["read subscription hosts"].remedy
    assert "CREATE OR REPLACE VIEW" in checks["see how passwords are stored"].remedy
    assert "SECURITY DEFINER" in checks["see the age of pg_hba.conf"].remedy
    assert all(check.remedy for check in checks.values() if not check.ok)


def test_doctor_is_content_with_the_script(lender: Lender) -> None:
    collector = PostgresqlCollector(lender.target(lender.pair.primary, FULL_ROLE))
    checks = collector.check(context(PASSWORDS[FULL_ROLE]))
    assert [check for check in checks if not check.ok] == []
    assert len(checks) > 8


def test_doctor_dislikes_superuser_and_unverified_tls(lender: Lender) -> None:
    target = lender.target(lender.pair.primary, "postgres", sslmode="require")
    checks = {
        c.name: c
        for c in PostgresqlCollector(target).check(context(lender.pair.superuser_password))
    }
    assert not checks["least privilege"].ok
    assert not checks["tls"].ok


def test_a_kind_not_read_here_gets_its_coverage(lender: Lender) -> None:
    sink = ListSink()
    collector = PostgresqlCollector(lender.target(lender.pair.primary, FULL_ROLE))
    collector.collect(context("", kinds=("postgresql/Other",)), sink)
    assert [(c.kind, c.status) for c in sink.coverages] == [
        ("postgresql/Other", CoverageStatus.ERROR)
    ]
    assert sink.resources == []
