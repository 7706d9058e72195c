"""The one door to psycopg: a read-only session on one database that can neither write nor hang."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ojkaudit.collectors.postgresql.failures import ConnectionFailedError, connection_failure
from ojkaudit.collectors.postgresql.grants import quote_identifier
from ojkaudit.collectors.postgresql.rows import Row, Unread
from ojkaudit.collectors.postgresql.statements.statement import Statement
from ojkaudit.model.config import PostgresqlTarget

if TYPE_CHECKING:
    import psycopg

APPLICATION_NAME = "ojkaudit"

_LOCK_TIMEOUT_SECONDS = 5
"""A catalog locked longer than this is left unread: an audit must not queue behind a migration."""

_GRACE_SECONDS = 15
"""How long after its statement_timeout a server may stay silent before the connection is cut."""

_PAUSES_SECONDS = (0.1, 0.4, 1.0)
"""How long to wait before asking again a server that has no connection left."""


class Session:
    """One database, one read-only transaction; see `Reader`."""

    def __init__(
        self, connection: psycopg.Connection[dict[str, Any]], *, statement_timeout_seconds: int
    ) -> None:
        self._connection = connection
        self._statement_timeout_seconds = statement_timeout_seconds

    def rows(
        self, statement: Statement, parameters: Mapping[str, object] | None = None
    ) -> tuple[Row, ...] | Unread:
        """Return the rows, or why there are none.

        Raises:
            ConnectionFailedError: The connection is gone.
        """
        import psycopg

        try:
            # A savepoint: a refused statement must not spoil the ones after it.
            with self._deadline(), self._connection.transaction():
                return tuple(self._connection.execute(statement.sql, parameters).fetchall())
        except psycopg.errors.InsufficientPrivilege:
            return Unread(denied=True, reason="permission denied")
        except psycopg.Error as error:
            if self._connection.closed or self._connection.broken:
                raise ConnectionFailedError("the server closed the connection") from None
            return Unread(denied=False, reason=self._reason(error))

    def prepare(self) -> None:
        """Make the session read-only and impatient, before anything is read.

        Raises:
            ConnectionFailedError: A server, or a pooler in front of it, refuses the settings.
        """
        import psycopg

        lock_timeout = min(_LOCK_TIMEOUT_SECONDS, self._statement_timeout_seconds)
        # Names are resolved in pg_catalog alone, so nobody's operator or function runs as us.
        settings = {
            "default_transaction_read_only": "on",
            "search_path": "pg_catalog",
            "statement_timeout": f"{self._statement_timeout_seconds}s",
            "lock_timeout": f"{lock_timeout}s",
        }
        try:
            with self._deadline():
                for name, value in settings.items():
                    self._connection.execute(
                        "SELECT pg_catalog.set_config(%s, %s, false)", (name, value)
                    )
        except psycopg.Error as error:
            raise ConnectionFailedError(
                f"the session could not be made read-only ({type(error).__name__})"
            ) from None

    def _reason(self, error: psycopg.Error) -> str:
        import psycopg

        if isinstance(error, psycopg.errors.QueryCanceled):
            return f"stopped by statement_timeout ({self._statement_timeout_seconds} s) or a cancel"
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return "a lock on the catalog was not released in time"
        if isinstance(error, psycopg.errors.CharacterNotInRepertoire):
            # A database with encoding SQL_ASCII holds whatever bytes it was given.
            return "a name or comment is not valid UTF-8"
        return f"{type(error).__name__} (SQLSTATE {error.sqlstate or 'none'})"

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[None]:
        # statement_timeout is the server's promise; a server that hangs keeps no promise.
        timer = threading.Timer(
            self._statement_timeout_seconds + _GRACE_SECONDS, _cut, [self._connection.fileno()]
        )
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextlib.contextmanager
def open_session(target: PostgresqlTarget, *, dbname: str, password: str) -> Iterator[Session]:
    """Open a read-only session on one database and close it at the end.

    Args:
        target: Address, role, TLS options and timeouts.
        dbname: Database to connect to.
        password: Empty when the role needs none.

    Raises:
        ConnectionFailedError: Refused, denied, timed out, or TLS could not be verified.
    """
    connection = _connect_patiently(target, dbname=dbname, password=password)
    try:
        session = Session(connection, statement_timeout_seconds=target.statement_timeout_seconds)
        session.prepare()
        yield session
    finally:
        connection.close()


def _connect_patiently(
    target: PostgresqlTarget, *, dbname: str, password: str
) -> psycopg.Connection[dict[str, Any]]:
    # The server frees our previous connection a moment after we closed it, which matters where
    # the role has a connection limit.
    for pause_seconds in _PAUSES_SECONDS:
        try:
            return _connect(target, dbname=dbname, password=password)
        except ConnectionFailedError as failure:
            if not failure.is_crowded:
                raise
        time.sleep(pause_seconds)
    return _connect(target, dbname=dbname, password=password)


def _connect(
    target: PostgresqlTarget, *, dbname: str, password: str
) -> psycopg.Connection[dict[str, Any]]:
    import psycopg
    from psycopg.rows import dict_row

    try:
        connection = psycopg.connect(
            host=target.host,
            port=target.port,
            dbname=dbname,
            user=target.user,
            password=password or None,
            connect_timeout=target.connect_timeout_seconds,
            application_name=APPLICATION_NAME,
            client_encoding="utf8",
            sslmode=target.sslmode,
            sslrootcert=_path(target.sslrootcert),
            sslcert=_path(target.sslcert),
            sslkey=_path(target.sslkey),
            gssencmode="disable",
            target_session_attrs="any",
            # Empty, so that PGHOSTADDR and PGOPTIONS of the caller cannot lead us elsewhere.
            hostaddr="",
            options="",
            # Server-side prepared statements break behind poolers.
            prepare_threshold=None,
            row_factory=dict_row,
        )
    except psycopg.Error as error:
        raise connection_failure(
            f"{type(error).__name__}: {error}",
            user=quote_identifier(target.user),
            dbname=quote_identifier(dbname),
            secrets=(password,),
        ) from None
    connection.read_only = True
    return connection


def _path(path: object) -> str | None:
    return None if path is None else str(path)


def _cut(descriptor: int) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as copy:
        copy.shutdown(socket.SHUT_RDWR)
