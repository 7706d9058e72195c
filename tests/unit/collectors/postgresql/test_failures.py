"""What a failed connection means."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.failures import ConnectionFailedError, connection_failure
from ojkaudit.model.outcome import CoverageStatus


def _failure(message: str) -> ConnectionFailedError:
    return connection_failure(message, user='"audit"', dbname='"app"', secrets=("sangat-rahasia",))


@pytest.mark.parametrize(
    ("message", "right"),
    [
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "audit", database "app", no encryption',
            "pg_hba.conf line",
        ),
        ('FATAL:  role "audit" is not permitted to log in', 'ALTER ROLE "audit" LOGIN'),
        (
            'FATAL:  permission denied for database "app"',
            'GRANT CONNECT ON DATABASE "app" TO "audit"',
        ),
        ('FATAL:  password authentication failed for user "audit"', "a valid password"),
        ("fe_sendauth: no password supplied", "a password for role"),
        ("FATAL:  connection requires a valid client certificate", "a client certificate"),
    ],
)
def test_refused_role_is_denied_and_names_the_right(message: str, right: str) -> None:
    failure = _failure(message)
    assert failure.status is CoverageStatus.DENIED
    assert right in failure.missing_right


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("connection refused\n\tIs the server running", "nothing listens there"),
        ("ConnectionTimeout: connection timeout expired", "connect timeout"),
        ("failed to resolve host 'db': Name or service not known", "cannot be resolved"),
        ("SSL error: certificate verify failed", "not signed by the given root"),
        (
            'server certificate for "x" does not match host name "y"',
            "for another host name",
        ),
        ("server does not support SSL, but SSL was required", "does not offer TLS"),
        ('root certificate file "/x/root.crt" does not exist', "root certificate"),
        ("FATAL:  sorry, too many clients already", "has no connection left"),
        ("FATAL:  the database system is starting up", "starting"),
        ('FATAL:  database "app" does not exist', "does not exist"),
    ],
)
def test_everything_else_is_an_error(message: str, sentence: str) -> None:
    failure = _failure(message)
    assert failure.status is CoverageStatus.ERROR
    assert failure.missing_right == ""
    assert sentence in failure.message


def test_unknown_words_are_shown_without_the_secret_and_on_one_line() -> None:
    failure = _failure("strange: sangat-rahasia is odd\nsecond line")
    assert failure.status is CoverageStatus.ERROR
    assert failure.message == "connection failed: strange: *** is odd"
