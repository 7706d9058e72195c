"""One PostgreSQL server with its own data folder, started and stopped by the tests."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

from tests.support.postgres.certificates import CertificateFiles
from tests.support.postgres.installation import Installation, give_to_system_user

HOST = "127.0.0.1"
SUPERUSER = "postgres"


@dataclass(slots=True, kw_only=True)
class PostgresServer:
    """A server on 127.0.0.1; its settings live in `test.conf`, which comes after the rest."""

    installation: Installation
    data_dir: Path
    port: int
    superuser_password: str
    certificates: CertificateFiles
    settings: dict[str, str] = field(default_factory=dict)
    """Settings that differ from those of `initdb`."""

    @property
    def host(self) -> str:
        """Address it listens on."""
        return HOST

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        self._write_settings()
        log = self.data_dir / "server.log"
        self._control("start", "-w", "-t", "60", "-s", "-l", str(log))

    def stop(self, mode: str = "fast") -> None:
        """Stop it if it runs; `mode` is `fast`, `smart` or `immediate`."""
        if self.is_running:
            self._control("stop", "-w", "-t", "60", "-s", "-m", mode)

    def restart(self, settings: Mapping[str, str] | None = None) -> None:
        """Restart it with `settings` added to its own; an empty value drops a setting."""
        self.change(settings or {})
        self.stop()
        self.start()

    def reload(self, settings: Mapping[str, str] | None = None) -> None:
        """Let it read its files again, with `settings` added to its own."""
        self.change(settings or {})
        self._write_settings()
        self._control("reload", "-s")

    def change(self, settings: Mapping[str, str]) -> None:
        """Keep `settings` for the next start or reload; an empty value drops a setting."""
        self.settings.update(settings)
        self.settings = {name: value for name, value in self.settings.items() if value}

    @property
    def is_running(self) -> bool:
        """Whether the server of this data folder runs."""
        pid_file = self.data_dir / "postmaster.pid"
        if not pid_file.is_file():
            return False
        try:
            os.kill(int(pid_file.read_text().split()[0]), 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def log(self) -> str:
        """Everything the server has logged."""
        return (self.data_dir / "server.log").read_text(errors="replace")

    def write_hba(self, text: str) -> None:
        """Replace `pg_hba.conf`; the server reads it at the next start or reload."""
        file = self.data_dir / "pg_hba.conf"
        file.write_text(text)
        give_to_system_user(file)

    @contextlib.contextmanager
    def connect(
        self,
        *,
        user: str = SUPERUSER,
        password: str = "",
        dbname: str = "postgres",
        **options: Any,
    ) -> Iterator[Any]:
        """Open a psycopg connection in autocommit over verified TLS, and close it at the end."""
        import psycopg

        connection = psycopg.connect(
            host=HOST,
            port=self.port,
            user=user,
            password=password or self.superuser_password,
            dbname=dbname,
            autocommit=True,
            connect_timeout=20,
            **{"sslmode": "verify-full", "sslrootcert": str(self.certificates.ca), **options},
        )
        try:
            yield connection
        finally:
            connection.close()

    def execute(
        self,
        sql: LiteralString,
        parameters: Sequence[object] | None = None,
        *,
        user: str = SUPERUSER,
        password: str = "",
        dbname: str = "postgres",
    ) -> list[tuple[Any, ...]]:
        """Run SQL, as the superuser unless told otherwise, and return the last statement's rows."""
        with self.connect(user=user, password=password, dbname=dbname) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def create_role(self, name: str, password: str, *, member_of: Sequence[str] = ()) -> None:
        """Create a login role with a SCRAM verifier."""
        from psycopg import sql

        identifiers = [sql.Identifier(role) for role in member_of]
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
            for role in identifiers:
                connection.execute(sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(name)))

    def _control(self, *arguments: str) -> None:
        self.installation.run("pg_ctl", "-D", str(self.data_dir), *arguments)

    def _write_settings(self) -> None:
        file = self.data_dir / "test.conf"
        lines = [f"{name} = '{_quote(value)}'\n" for name, value in sorted(self.settings.items())]
        file.write_text("".join(lines))
        give_to_system_user(file)


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on now."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _quote(value: str) -> str:
    return value.replace("'", "''")
