"""The PostgreSQL servers the tests start: what is missing is named, and nothing is left."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.support.postgres import find_installation, installation, postgres_pair
from tests.support.postgres.installation import Installation

pytestmark = pytest.mark.servers


def _installed(root: Path, major: str, *, pgaudit: bool) -> None:
    (root / major / "bin").mkdir(parents=True)
    (root / major / "lib").mkdir()
    for program in ("initdb", "postgres", "pg_ctl", "pg_basebackup"):
        (root / major / "bin" / program).touch()
    if pgaudit:
        (root / major / "lib" / "pgaudit.so").touch()


def test_missing_server_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_ROOT", tmp_path)
    monkeypatch.delenv("OJKAUDIT_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install postgresql"):
        find_installation()


def test_missing_pgaudit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, "16", pgaudit=False)
    monkeypatch.setattr(installation, "_ROOT", tmp_path)
    monkeypatch.setenv("OJKAUDIT_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="postgresql-16-pgaudit"):
        find_installation()


def test_newest_server_with_pgaudit_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installed(tmp_path, "9", pgaudit=True)
    _installed(tmp_path, "15", pgaudit=True)
    _installed(tmp_path, "17", pgaudit=False)
    monkeypatch.setattr(installation, "_ROOT", tmp_path)
    assert find_installation() == Installation(major=15, bin_dir=tmp_path / "15" / "bin")


def test_nothing_is_left_of_a_pair() -> None:
    with postgres_pair() as pair:
        folder, ports = pair.folder, (pair.primary.port, pair.standby.port)
        servers = (pair.primary, pair.standby)
        assert all(server.is_running for server in servers)
        pair.standby.stop()
        assert not pair.standby.is_running
    assert not folder.exists()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)
