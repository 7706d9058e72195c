"""Turns what the driver says of a failed connection into a status and a sentence of our own.

The driver's words are matched, never repeated as they are: a message may quote what was sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ojkaudit.errors import CollectionError
from ojkaudit.model.outcome import CoverageStatus

_MAX_LENGTH = 200


class ConnectionFailedError(CollectionError):
    """No connection could be made, or it was lost.

    Args:
        message: One line for people, without secrets.
        status: `denied` when the server refused this role, otherwise `error`.
        missing_right: What to grant or mend, when `denied`.
        hint: What to do about it.
        is_crowded: Whether the server, or the role, has no connection left just now.
    """

    def __init__(
        self,
        message: str,
        *,
        status: CoverageStatus = CoverageStatus.ERROR,
        missing_right: str = "",
        hint: str = "",
        is_crowded: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.missing_right = missing_right
        self.is_crowded = is_crowded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    text: str
    sentence: str
    right: str = ""
    """Not empty: the server refused the role, and this would mend it."""
    hint: str = ""
    is_crowded: bool = False


_PATTERNS = tuple(
    (re.compile(p.text, re.IGNORECASE), p)
    for p in (
        _Pattern(
            text=r"does not match host name|does not match hostname",
            sentence="the server's certificate is for another host name",
            hint="use a host name the certificate names, or have it issued for this one",
        ),
        _Pattern(
            text=r"certificate verify failed|unable to get local issuer",
            sentence="the server's certificate is not signed by the given root (sslrootcert)",
            hint="point sslrootcert to the authority that signed the server's certificate",
        ),
        _Pattern(
            text=r"root certificate file .* does not exist|could not read root certificate",
            sentence="the file of the root certificate (sslrootcert) cannot be read",
            hint="set sslrootcert to the authority that signed the server's certificate",
        ),
        _Pattern(
            text=r"private key file|could not (read|load) (certificate|private key) file"
            r"|certificate does not match private key",
            sentence="the client certificate or its key (sslcert, sslkey) cannot be used",
            hint="the key must belong to the certificate and be readable by its owner alone",
        ),
        _Pattern(
            text=r"does not support SSL",
            sentence="the server does not offer TLS",
            hint="set ssl = on at the server",
        ),
        _Pattern(
            text=r"requires a valid client certificate",
            sentence="the server demands a client certificate",
            right="a client certificate (sslcert, sslkey) for role {user}",
        ),
        _Pattern(
            text=r"no password supplied",
            sentence="the server demands a password and none was given",
            right="a password for role {user} (password_env or password_file)",
        ),
        _Pattern(
            text=r"authentication failed|sasl authentication|wrong password",
            sentence="the server refused the role or its password",
            right="a valid password for role {user}",
        ),
        _Pattern(
            text=r"no pg_hba\.conf entry|pg_hba\.conf rejects",
            sentence="pg_hba.conf admits no such connection",
            right="a pg_hba.conf line: hostssl {dbname} {user} <auditor's address> scram-sha-256",
        ),
        _Pattern(
            text=r"not permitted to log ?in",
            sentence="the role may not log in",
            right="ALTER ROLE {user} LOGIN",
        ),
        _Pattern(
            text=r"permission denied for database",
            sentence="the role may not connect to this database",
            right="GRANT CONNECT ON DATABASE {dbname} TO {user}",
        ),
        _Pattern(
            text=r"role .* does not exist",
            sentence="the role does not exist",
            right="CREATE ROLE {user} LOGIN",
        ),
        _Pattern(text=r"database .* does not exist", sentence="the database does not exist"),
        _Pattern(
            text=r"not currently accepting connections",
            sentence="the database accepts no connections",
        ),
        _Pattern(
            text=r"too many (clients|connections)|remaining connection slots",
            sentence="the server, or the role's limit, has no connection left",
            is_crowded=True,
        ),
        _Pattern(
            text=r"database system is|consistent recovery state",
            sentence="the server is starting, stopping or recovering",
        ),
        _Pattern(
            text=r"connection refused",
            sentence="the connection was refused: nothing listens there",
            hint="check host and port, and that the server runs",
        ),
        _Pattern(
            text=r"timeout expired|timed out|connection timeout",
            sentence="no answer within the connect timeout",
            hint="check host, port and firewalls",
        ),
        _Pattern(
            text=r"resolve host|translate host name|name or service not known",
            sentence="the host name cannot be resolved",
        ),
        _Pattern(
            text=r"no route to host|network is unreachable",
            sentence="the network does not lead to the host",
        ),
        _Pattern(
            text=r"ssl error|ssl syscall|tls", sentence="TLS could not be agreed with the server"
        ),
    )
)


def connection_failure(
    message: str, *, user: str, dbname: str, secrets: tuple[str, ...] = ()
) -> ConnectionFailedError:
    """Return what a failed connection means.

    Args:
        message: The driver's words.
        user: Role, already quoted for SQL.
        dbname: Database, already quoted for SQL.
        secrets: Values that must not appear, should the driver repeat them.
    """
    for expression, pattern in _PATTERNS:
        if expression.search(message):
            right = pattern.right.replace("{user}", user).replace("{dbname}", dbname)
            return ConnectionFailedError(
                pattern.sentence,
                status=CoverageStatus.DENIED if right else CoverageStatus.ERROR,
                missing_right=right,
                hint=pattern.hint or right,
                is_crowded=pattern.is_crowded,
            )
    return ConnectionFailedError(f"connection failed: {scrub(message, secrets)}")


def scrub(message: str, secrets: tuple[str, ...]) -> str:
    """Return the first line of `message`, shortened, with every secret replaced."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "***")
    lines = message.strip().splitlines()
    return lines[0][:_MAX_LENGTH] if lines else "no message"
