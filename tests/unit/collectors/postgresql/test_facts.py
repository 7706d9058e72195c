"""Facts are built from rows; what was not read has no key."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.failures import ConnectionFailedError
from ojkaudit.collectors.postgresql.name_facts import (
    read_database,
    read_roles,
    read_subscriptions,
)
from ojkaudit.collectors.postgresql.pgaudit import pgaudit_facts
from ojkaudit.collectors.postgresql.rows import Unread
from ojkaudit.collectors.postgresql.server_facts import read_server, version_text
from ojkaudit.collectors.postgresql.sheet import FactSheet
from ojkaudit.collectors.postgresql.statements import server
from tests.support.fake_reader import DENIED, TIMEOUT, FakeReader

ALL_ROLES = {
    "pg_monitor": True,
    "pg_read_all_settings": True,
    "pg_read_all_stats": True,
    "superuser": False,
}


def _reader(**answers: object) -> FakeReader:
    rows: dict[str, object] = {
        "version": ({"version_num": 150020, "in_recovery": True},),
        "role_checks": (ALL_ROLES,),
        "conf_load_time": ({"conf_load_time": "2026-11-20T02:00:00Z"},),
        "hba_file_newer_than_load": ({"newer": False},),
        "sessions_hidden": ({"hidden": 0},),
        "archiver": ({"archived_count": 1, "last_failed_time": None},),
        "archiver.ready_files": ({"ready_files": 0},),
        "checksum_failures": ({"checksum_failures": 0},),
        "system_identifier": ({"system_identifier": "7", "timeline": 1},),
        "roles": ({"rolname": "audit", "rolsuper": False, "rolcanlogin": True},),
        "verifiers": ({"rolname": "audit", "kind": "scram"},),
        **answers,
    }
    return FakeReader(rows)  # type: ignore[arg-type]


def _sheet() -> FactSheet:
    return FactSheet(user='"audit"')


def _read_all(reader: FakeReader) -> FactSheet:
    sheet = _sheet()
    standing = read_server(reader, sheet)
    read_roles(reader, sheet, standing)
    read_subscriptions(reader, sheet)
    sheet.payload["database"] = read_database(reader, sheet, "app")
    return sheet


def test_version_is_written_as_people_write_it() -> None:
    assert version_text(150020) == "15.20"
    assert version_text(180000) == "18.0"


def test_everything_read_leaves_nothing_missing() -> None:
    sheet = _read_all(_reader())
    assert sheet.missing == []
    assert sheet.failed == []
    assert sheet.payload["wal_receiver"] == {"status": "none"}
    assert sheet.payload["sessions"] == []


FACT_KEYS = {
    "settings": ("settings", "setting_sources"),
    "hba": ("hba",),
    "hba_file_newer_than_load": ("hba_file_newer_than_load",),
    "conf_load_time": ("conf_load_time",),
    "sessions": ("sessions",),
    "replication": ("replication",),
    "slots": ("slots", "replication"),
    "wal_receiver": ("wal_receiver",),
    "archiver": ("archiver",),
    "checksum_failures": ("checksum_failures",),
    "system_identifier": ("system_identifier", "timeline"),
    "roles": ("roles", "powerful_members", "verifiers"),
    "roles.member_of": ("roles", "powerful_members"),
    "verifiers": ("verifiers",),
    "role_settings": ("role_settings",),
    "role_checks": ("role_checks", "sessions", "replication", "wal_receiver"),
}


@pytest.mark.parametrize("unread", [DENIED, TIMEOUT], ids=["denied", "timeout"])
@pytest.mark.parametrize("fact", sorted(FACT_KEYS))
def test_an_unread_fact_has_no_key_and_a_line_that_says_why(fact: str, unread: Unread) -> None:
    sheet = _read_all(_reader(**{fact: unread}))
    for key in FACT_KEYS[fact]:
        assert key not in sheet.payload
    recorded = sheet.missing if unread.denied else sheet.failed
    assert fact in [entry["fact"] for entry in recorded]
    assert all(entry["right"] for entry in sheet.missing)
    assert all(entry["reason"] for entry in sheet.failed)


@pytest.mark.parametrize(
    "fact", ["extensions", "publications", "foreign_servers", "columns", "untrusted_languages"]
)
def test_an_unread_fact_of_a_database_has_no_key(fact: str) -> None:
    sheet = _read_all(_reader(**{fact: DENIED}))
    facts = sheet.payload["database"]
    assert isinstance(facts, dict)
    assert fact not in facts
    assert [entry["fact"] for entry in sheet.missing] == [f"databases.app.{fact}"]


def test_unread_columns_leave_grants_unread_too() -> None:
    facts = _read_all(_reader(columns=DENIED)).payload["database"]
    assert isinstance(facts, dict)
    assert not {"columns", "public_grants", "readers"} & set(facts)


def test_without_read_all_stats_nothing_is_taken_for_empty() -> None:
    weak = {**ALL_ROLES, "pg_read_all_stats": False, "pg_read_all_settings": False}
    sheet = _read_all(_reader(role_checks=(weak,)))
    assert not {"sessions", "replication", "wal_receiver"} & set(sheet.payload)
    assert sheet.payload["replication_rows_hidden"] is True
    missing = {entry["fact"]: entry["right"] for entry in sheet.missing}
    assert missing["sessions"] == 'GRANT pg_read_all_stats TO "audit"'
    assert missing["settings.shared_preload_libraries"] == ('GRANT pg_read_all_settings TO "audit"')


def test_sessions_are_not_even_asked_for_without_the_right() -> None:
    reader = _reader(role_checks=({**ALL_ROLES, "pg_read_all_stats": False},))
    _read_all(reader)
    assert server.SESSIONS not in reader.sent


def test_overridden_setting_is_absent_and_named() -> None:
    row = {"name": "log_statement", "setting": "all", "source": "user", "pending_restart": False}
    sheet = _read_all(_reader(settings=(row,)))
    assert sheet.payload["settings"] == {}
    assert "settings.log_statement" in [entry["fact"] for entry in sheet.failed]


def test_a_list_of_verifiers_that_misses_a_role_is_not_believed() -> None:
    for rows in ((), ({"rolname": "audit", "kind": "scram"}, {"rolname": "x", "kind": "scram"})):
        sheet = _read_all(_reader(verifiers=rows))
        assert "verifiers" not in sheet.payload
        assert [entry["fact"] for entry in sheet.failed] == ["verifiers"]


def test_helper_is_used_where_it_can_be_trusted() -> None:
    reader = _reader(helpers=({"name": "hba_file_modified"},))
    _read_all(reader)
    assert server.HBA_FILE_AGE_BY_HELPER in reader.sent
    assert server.HBA_FILE_AGE not in reader.sent


def test_included_hba_files_leave_the_age_unknown() -> None:
    rows = ({"file_name": "/a/pg_hba.conf"}, {"file_name": "/a/extra.conf"})
    sheet = _read_all(_reader(hba=rows))
    assert "hba_file_newer_than_load" not in sheet.payload
    assert [entry["fact"] for entry in sheet.failed] == ["hba_file_newer_than_load"]


def test_statement_for_rules_follows_the_version() -> None:
    assert server.hba_statement(160001) is server.HBA
    assert server.hba_statement(150020) is server.HBA_BEFORE_16


def test_no_version_is_no_server() -> None:
    with pytest.raises(ConnectionFailedError):
        read_server(_reader(version=()), _sheet())


def test_null_checksum_failures_are_absent() -> None:
    sheet = _read_all(_reader(checksum_failures=({"checksum_failures": None},)))
    assert "checksum_failures" not in sheet.payload


def test_subscription_strings_are_asked_for_only_where_there_is_a_subscription() -> None:
    reader = _reader(**{"subscriptions.host": DENIED})
    sheet = _sheet()
    assert read_subscriptions(reader, sheet) == {}
    assert sheet.payload["subconninfo_denied"] is False
    row = {"database": "app", "name": "laporan", "enabled": True}
    reader = _reader(subscriptions=(row,), **{"subscriptions.host": DENIED})
    found = read_subscriptions(reader, sheet)
    assert found == {"app": [{"name": "laporan", "enabled": True}]}
    assert sheet.payload["subconninfo_denied"] is True


def test_pgaudit_is_gathered_from_other_facts() -> None:
    facts = pgaudit_facts(
        {
            "settings": {"shared_preload_libraries": "auto_explain, pgaudit", "pgaudit.log": "ddl"},
            "role_settings": [
                {"role": "app", "setting": "pgaudit.log=none"},
                {"setting": "ssl=on"},
            ],
            "databases": [
                {"datname": "app", "extensions": [{"name": "pgaudit", "version": "1.7"}]},
                {"datname": "lain", "extensions": []},
                {"datname": "tertutup"},
            ],
        }
    )
    assert facts == {
        "preloaded": True,
        "log": "ddl",
        "overrides": [{"role": "app", "setting": "pgaudit.log=none"}],
        "databases": [
            {"datname": "app", "installed": True, "version": "1.7"},
            {"datname": "lain", "installed": False},
        ],
    }


def test_pgaudit_of_hidden_settings_is_absent() -> None:
    assert pgaudit_facts({"settings": {}}) == {}
    assert pgaudit_facts({}) == {}
