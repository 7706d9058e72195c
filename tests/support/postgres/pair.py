"""A primary and its streaming standby, as one thing to start and stop."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

from tests.support.postgres.certificates import CertificateFiles, write_certificates
from tests.support.postgres.installation import (
    find_installation,
    give_to_system_user,
)
from tests.support.postgres.relay import Relay
from tests.support.postgres.server import HOST, SUPERUSER, PostgresServer, free_port

STANDBY_ADDRESS = "127.0.0.2"
"""Address the primary sees the standby at; a register may place it in the other site."""

STANDBY_NAME = "bukit_tenang"
REPLICATION_ROLE = "replikasi"

HBA = f"""\
local   all          {SUPERUSER}                                 scram-sha-256
hostssl all          all                {HOST}/32          scram-sha-256
hostssl replication  {REPLICATION_ROLE} {HOST}/32          scram-sha-256
hostssl replication  {REPLICATION_ROLE} {STANDBY_ADDRESS}/32  scram-sha-256
"""


@dataclass(slots=True, kw_only=True)
class PostgresPair:
    """Two running servers; every password is made for this run."""

    folder: Path
    primary: PostgresServer
    standby: PostgresServer
    certificates: CertificateFiles
    superuser_password: str
    replication_password: str
    archive: Path
    """Where the primary archives its WAL files."""

    def execute(
        self, sql: LiteralString, parameters: Sequence[object] | None = None, **options: Any
    ) -> list[tuple[Any, ...]]:
        """Run SQL on the primary, as the superuser unless told otherwise."""
        return self.primary.execute(sql, parameters, **options)

    def create_role(self, name: str, password: str, *, member_of: Sequence[str] = ()) -> None:
        """Create a login role on the primary; it reaches the standby by replication."""
        self.primary.create_role(name, password, member_of=member_of)

    def wait_until_caught_up(self, timeout_seconds: float = 30) -> None:
        """Wait until the standby streams and has replayed all the primary has written."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            rows = self.execute(
                "SELECT 1 FROM pg_stat_replication WHERE application_name = %s"
                " AND state = 'streaming' AND replay_lsn >= pg_current_wal_flush_lsn()",
                (STANDBY_NAME,),
            )
            if rows:
                return
            time.sleep(0.05)
        raise AssertionError(f"the standby does not stream:\n{self.standby.log[-2000:]}")


@contextlib.contextmanager
def postgres_pair() -> Iterator[PostgresPair]:
    """Start a primary and a standby in a folder of their own; stop and remove them at the end."""
    installation = find_installation()
    # Not pytest's tmp_path: its parents are closed to the user who runs the servers, and the
    # path of a Unix socket must stay short.
    folder = Path(tempfile.mkdtemp(prefix="ojkaudit-pg-", dir="/tmp"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        certificates = write_certificates(folder)
        superuser_password = secrets.token_hex(12)
        replication_password = secrets.token_hex(12)
        archive = folder / "archive"
        archive.mkdir()
        (folder / "superuser.password").write_text(superuser_password + "\n")
        give_to_system_user(folder)
        primary = PostgresServer(
            installation=installation,
            data_dir=folder / "primary",
            port=free_port(),
            superuser_password=superuser_password,
            certificates=certificates,
        )
        stack.callback(primary.stop, "immediate")
        _start_primary(primary, folder, replication_password)
        relay = Relay(port=primary.port, source_address=STANDBY_ADDRESS)
        stack.callback(relay.close)
        standby = PostgresServer(
            installation=installation,
            data_dir=folder / "standby",
            port=free_port(),
            superuser_password=superuser_password,
            certificates=certificates,
        )
        stack.callback(standby.stop, "immediate")
        _start_standby(standby, primary, folder, relay.port, replication_password)
        pair = PostgresPair(
            folder=folder,
            primary=primary,
            standby=standby,
            certificates=certificates,
            superuser_password=superuser_password,
            replication_password=replication_password,
            archive=archive,
        )
        pair.wait_until_caught_up()
        yield pair


def _settings(folder: Path, certificates: CertificateFiles, port: int) -> dict[str, str]:
    return {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": str(folder),
        "ssl": "on",
        "ssl_cert_file": str(certificates.server_certificate),
        "ssl_key_file": str(certificates.server_key),
        "ssl_ca_file": str(certificates.ca),
        "ssl_min_protocol_version": "TLSv1.2",
        "password_encryption": "scram-sha-256",
        "shared_preload_libraries": "pgaudit",
        "pgaudit.log": "ddl,role,write,read",
        "log_connections": "on",
        "log_disconnections": "on",
        "log_statement": "ddl",
        "log_line_prefix": "%m [%p] %q%u@%d %h %a ",
        "log_timezone": "Asia/Jakarta",
        "wal_level": "logical",
        "archive_mode": "on",
        "archive_command": f"cp %p {folder}/archive/%f",
        "max_wal_senders": "5",
        "max_replication_slots": "5",
        "max_connections": "40",
        "hot_standby": "on",
        "wal_receiver_status_interval": "1",
        "wal_retrieve_retry_interval": "200ms",
        "shared_buffers": "16MB",
        # Only a fixture may lose its data on a crash.
        "fsync": "off",
        "full_page_writes": "off",
        "jit": "off",
    }


def _start_primary(server: PostgresServer, folder: Path, replication_password: str) -> None:
    server.installation.run(
        "initdb",
        f"--pgdata={server.data_dir}",
        f"--username={SUPERUSER}",
        f"--pwfile={folder / 'superuser.password'}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    )
    (folder / "superuser.password").unlink()
    with (server.data_dir / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude 'test.conf'\n")
    server.settings = _settings(folder, server.certificates, server.port)
    server.write_hba(HBA)
    server.start()
    server.create_role(REPLICATION_ROLE, replication_password)
    server.execute(f"ALTER ROLE {REPLICATION_ROLE} REPLICATION")


def _start_standby(
    server: PostgresServer,
    primary: PostgresServer,
    folder: Path,
    relay_port: int,
    replication_password: str,
) -> None:
    passfile = folder / "passfile"
    passfile.touch(mode=0o600)
    passfile.write_text(f"*:*:*:*:{replication_password}\n")
    give_to_system_user(passfile)
    server.installation.run(
        "pg_basebackup",
        f"--pgdata={server.data_dir}",
        "--checkpoint=fast",
        "--wal-method=stream",
        "--create-slot",
        f"--slot={STANDBY_NAME}",
        "--write-recovery-conf",
        "--no-sync",
        f"--dbname=host={HOST} port={relay_port} user={REPLICATION_ROLE} passfile={passfile}"
        f" sslmode=verify-full sslrootcert={server.certificates.ca}"
        f" application_name={STANDBY_NAME}",
    )
    server.settings = _settings(folder, server.certificates, server.port)
    server.start()
