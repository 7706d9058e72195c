"""Settings that speak for the server."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.setting_names import NAMES, RESTRICTED_NAMES, restricted_names
from ojkaudit.collectors.postgresql.settings import role_setting, safe_command, server_settings


def _row(name: str, value: str, source: str = "configuration file") -> dict[str, object]:
    return {"name": name, "setting": value, "source": source, "pending_restart": False}


def test_value_and_source_are_kept() -> None:
    settings = server_settings(
        [{**_row("ssl", "on"), "sourcefile": "/etc/postgresql/postgresql.conf"}]
    )
    assert settings.values == {"ssl": "on"}
    assert settings.sources["ssl"] == {
        "source": "configuration file",
        "pending_restart": False,
        "sourcefile": "/etc/postgresql/postgresql.conf",
    }


@pytest.mark.parametrize("source", ["user", "database", "database user", "session", "client"])
def test_value_of_this_session_does_not_stand_for_the_server(source: str) -> None:
    settings = server_settings([_row("log_statement", "all", source)])
    assert settings.values == {}
    assert settings.overridden == (("log_statement", source),)


def test_setting_for_all_roles_stands_for_the_server() -> None:
    assert server_settings([_row("log_statement", "all", "global")]).values


@pytest.mark.parametrize(
    "command",
    [
        "PGPASSWORD=rahasia pg_receivewal",
        "env AWS_SECRET_ACCESS_KEY='rahasia' aws s3 cp %p s3://b/%f",
        "tool --password rahasia %p",
        "tool --api-key=rahasia %p",
        "curl -u cadangan:rahasia -T %p https://arsip.example.id/%f",
        "curl -T %p https://cadangan:rahasia@arsip.example.id/%f",
        "curl -H 'Authorization: Bearer rahasia' -T %p https://arsip.example.id/%f",
        "curl -T %p 'https://arsip.example.id/%f?sv=1&sig=rahasia'",
        "sshpass -p rahasia scp %p arsip:/wal/%f",
    ],
)
def test_secrets_in_commands_are_not_kept(command: str) -> None:
    settings = server_settings([_row("archive_command", command)])
    assert "rahasia" not in str(settings)
    assert settings.redactions == ("settings.archive_command",)


@pytest.mark.parametrize(
    "command",
    [
        "pgbackrest --stanza=main archive-push %p",
        "cp %p /arsip/%f",
        "/bin/true",
        "test ! -f /arsip/%f && rsync %p arsip.example.id::wal/%f",
        "",
    ],
)
def test_ordinary_commands_are_kept_as_they_are(command: str) -> None:
    assert safe_command(command) == command


def test_settings_that_hold_secrets_are_not_asked_for() -> None:
    assert not NAMES & {"primary_conninfo", "ssl_passphrase_command", "krb_server_keyfile"}
    assert RESTRICTED_NAMES <= NAMES


def test_role_setting_keeps_known_names_only() -> None:
    kept = role_setting({"role": "app", "database": None, "setting": "pgaudit.log=none"})
    assert kept == {"role": "app", "setting": "pgaudit.log=none"}
    dropped = role_setting({"role": None, "database": "app", "setting": "app.jwt_secret=rahasia"})
    assert dropped == {"database": "app", "setting": "app.jwt_secret=<not kept>"}


def test_names_follow_the_version() -> None:
    assert "ssl_ecdh_curve" in restricted_names(170006)
    assert "ssl_groups" not in restricted_names(170006)
    assert "ssl_groups" in restricted_names(180000)
    assert "ssl_ecdh_curve" not in restricted_names(180000)
