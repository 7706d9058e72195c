"""Secrets written into the configuration are refused and never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from ojkaudit.content import load_config
from ojkaudit.content.inline_secrets import InlineSecrets, find, is_secret_key
from ojkaudit.content.yaml_reader import parse_documents
from ojkaudit.errors import ConfigurationError
from tests.support.content_files import CONFIG, changed, write

SECRET = "Rahasia-hunter2-77"

PG = ("targets", "postgresql", 0)
KUBE = ("targets", "kubernetes", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*PG, "password"), SECRET),
        ((*PG, "passwd"), SECRET),
        ((*PG, "ssl_passphrase"), SECRET),
        ((*PG, "sslPassword"), SECRET),
        ((*PG, "db-password"), SECRET),
        ((*PG, "secret"), {"value": SECRET}),
        ((*PG, "host"), f"ojkaudit:{SECRET}@10.10.1.1"),
        ((*PG, "host"), f"postgresql://ojkaudit:{SECRET}@10.10.1.1/db"),
        ((*PG, "host"), f"postgresql://ojkaudit:a/{SECRET}@10.10.1.1/db"),
        ((*PG, "dsn"), f"host=10.10.1.1 password={SECRET}"),
        ((*PG, "dbname"), f"password='{SECRET}'"),
        ((*PG, "dbname"), f"postgres://u:{SECRET}@h/db?x=1"),
        ((*PG, "user"), f"u password={SECRET}"),
        ((*KUBE, "token"), SECRET),
        ((*KUBE, "bearer_token"), [SECRET]),
        ((*KUBE, "server"), f"https://admin:{SECRET}@api:6443"),
        ((*KUBE, "proxy"), f"http://u:{SECRET}@proxy:3128"),
        (("signing",), {"pkcs12": "k.p12", "passphrase": SECRET}),
        (("signing",), {"pkcs12": "k.p12", "pin": SECRET}),
        (("api_key",), SECRET),
        (("institution", "client_secret"), SECRET),
        (("sites", 0, "labels"), {"token": SECRET}),
        (("sites", 0, "address"), f"u:{SECRET}@host"),
        (("register",), {"attestations": [{"id": "a", "access_key": SECRET}]}),
        (
            ("signing",),
            {
                "pem": {
                    "key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END",
                    "certificate": "c",
                }
            },
        ),
    ],
)
def test_an_inline_secret_is_refused_and_not_repeated(
    tmp_path: Path, path: tuple[str | int, ...], value: object
) -> None:
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, (path, value)))
    with pytest.raises(ConfigurationError) as caught:
        load_config(file)
    shown = f"{caught.value!s}\n{caught.value!r}\n{caught.value.hint}\n{caught.value.problems!r}"
    assert SECRET not in shown
    assert "hunter2" not in shown
    assert "may not stand in" in shown


def test_a_secret_put_where_a_reference_belongs_is_not_repeated(tmp_path: Path) -> None:
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, ((*PG, "password_env"), SECRET)))
    with pytest.raises(ConfigurationError, match="the NAME of an environment variable") as caught:
        load_config(file)
    assert "hunter2" not in str(caught.value)


def test_a_secret_repeated_elsewhere_in_the_file_is_scrubbed_from_other_messages(
    tmp_path: Path,
) -> None:
    file = write(
        tmp_path / "ojkaudit.yaml",
        changed(
            CONFIG, ((*PG, "password"), SECRET), ((*PG, "site"), SECRET), (("language",), SECRET)
        ),
    )
    with pytest.raises(ConfigurationError) as caught:
        load_config(file)
    assert len(caught.value.problems) == 3
    assert "no site has the id '***'" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_secret_in_the_register_file_is_refused_too(tmp_path: Path) -> None:
    write(tmp_path / "r.yaml", {"vendors": [{"id": "v", "name": "V", "password": SECRET}]})
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, (("register_file",), "r.yaml")))
    with pytest.raises(
        ConfigurationError, match=r"r\.yaml:4:3: 'password' may not stand"
    ) as caught:
        load_config(file)
    assert "hunter2" not in str(caught.value)


def test_a_secret_key_gets_one_message_not_two(tmp_path: Path) -> None:
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, ((*KUBE, "token"), SECRET)))
    with pytest.raises(ConfigurationError) as caught:
        load_config(file)
    assert len(caught.value.problems) == 1


def test_even_an_empty_password_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, ((*PG, "password"), "")))
    with pytest.raises(ConfigurationError, match="'password' may not stand in this file"):
        load_config(file)


@pytest.mark.parametrize(
    "key", ["password_env", "token_file", "allow_secrets", "key_escrow", "passphrases", "tokenizer"]
)
def test_references_and_ordinary_keys_are_no_secrets(key: str) -> None:
    assert not is_secret_key(key)


@pytest.mark.parametrize(
    "text",
    [
        "host: 10.10.1.1:5432",
        "server: https://api.example.id:6443/path",
        "reason: password_encryption = md5 pada server lama",
        "address: 'Jalan Contoh 1: lantai 3, kontak a@b.id'",
        "url: https://example.id:8443/a?b=c",
        "custodians: ['a: b']",
    ],
)
def test_addresses_without_credentials_are_left_alone(text: str) -> None:
    (document,) = parse_documents(text, file="f")
    assert find(document) == InlineSecrets()


def test_the_values_found_do_not_show_in_a_representation() -> None:
    (document,) = parse_documents(f"password: {SECRET}", file="f")
    found = find(document)
    assert found.values == (SECRET,)
    assert SECRET not in repr(found)
