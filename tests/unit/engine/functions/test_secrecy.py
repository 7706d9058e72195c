"""What looks like a secret."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.redaction import redact_text
from ojkaudit.engine.functions.secrecy import looks_secret

# Put together here so that no scanner of this repository takes them for real ones.
AWS = "AKIA" + "ABCDEFGHIJKLMNOP"
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2ln"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nabc"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("dbPassword", "hunter2"),
        ("password", "x"),
        ("API_KEY", "abc"),
        ("apiKey", "abc"),
        ("AWS_SECRET_ACCESS_KEY", "abc"),
        ("auth-token", "abc"),
        ("client.secret", "abc"),
        ("SIGNING_KEY", "abc"),
        ("ANYTHING", AWS),
        ("", AWS),
        ("", JWT),
        ("tls.key", PEM),
        ("DATABASE_URL", "postgresql://app:hunter2@db.pay.svc/core"),
        ("config.yaml", "host: db\npassword: hunter2\n"),
        ("", "--password=hunter2"),
        ("HEADER", "Authorization: Bearer " + "a" * 20),
        ("DB_PASSWORD", "<redacted:secret-name>"),
        ("config.yaml", "host: db\n<redacted:assigned-secret>"),
    ],
)
def test_secrets_are_recognised(name: str, value: str) -> None:
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", ""),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "$(DB_PASSWORD_FROM_SECRET)"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("PASSWORD_FILE", "/run/secrets/db"),
        ("TOKEN_TTL", "3600"),
        ("secretName", "db-credentials"),
        ("TOKEN_URL", "https://sso.pay.svc/token"),
        ("LOG_LEVEL", "debug"),
        ("KEYBOARD", "qwerty"),
        ("COMPASS_WORDING", "north"),
        ("DATABASE_URL", "postgresql://app@db.pay.svc/core"),
        ("", "--password-file=/run/secrets/db"),
        ("kubectl", "<redacted:last-applied-configuration>"),
    ],
)
def test_what_only_speaks_of_secrets_is_left_alone(name: str, value: str) -> None:
    assert not looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("ENCRYPTION_KEY", "abc"),
        ("", AWS),
        ("", JWT),
        ("tls.key", PEM),
        ("DATABASE_URL", "postgresql://app:hunter2@db.pay.svc/core"),
        ("config.yaml", "host: db\npassword: hunter2\nport: 5432\n"),
    ],
)
def test_what_the_collectors_take_out_still_counts(name: str, value: str) -> None:
    kept = redact_text(name, value)
    assert kept != value
    assert looks_secret(name, kept)
    assert looks_secret("", kept)
