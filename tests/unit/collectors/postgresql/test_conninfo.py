"""Hosts and TLS mode out of connection strings."""

from __future__ import annotations

import psycopg.conninfo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ojkaudit.collectors.postgresql.conninfo import hosts, parse_conninfo, sslmode


@pytest.mark.parametrize(
    "conninfo",
    [
        "host=10.1.2.3 port=5432 user=replikasi password=rahasia sslmode=verify-full",
        "host = 'a b' dbname='it\\'s'",
        "host=db\\ satu user=''",
        "  host=a,b   port=1,2 ",
        "postgresql://u:p%40ss@db.example.id:6432/app?sslmode=require&application_name=x+y",
        "postgres://db.example.id",
        "postgresql://u@[2001:db8::1]:5432/app",
        "postgresql://a:1,b:2/app",
        "postgresql:///app?host=/run/postgresql",
        "postgresql:///app?hostaddr=10.0.0.9",
        "",
    ],
)
def test_parsing_agrees_with_libpq(conninfo: str) -> None:
    expected = {k: v for k, v in psycopg.conninfo.conninfo_to_dict(conninfo).items() if k != "port"}
    parsed = {k: v for k, v in parse_conninfo(conninfo).items() if k != "port"}
    assert parsed == expected


@given(
    st.dictionaries(
        st.sampled_from(["host", "user", "password", "sslmode", "dbname", "application_name"]),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    )
)
def test_whatever_libpq_writes_is_read_back(options: dict[str, str]) -> None:
    # psycopg checks what it makes, so only the text form is built with its quoting rules.
    quoted = {k: v.replace("\\", "\\\\").replace("'", "\\'") for k, v in options.items()}
    assert parse_conninfo(" ".join(f"{k}='{v}'" for k, v in quoted.items())) == options


@pytest.mark.parametrize("conninfo", ["host", "host=a b", "host='a", "=x", "host='a'b"])
def test_garbage_is_refused_without_being_repeated(conninfo: str) -> None:
    with pytest.raises(ValueError, match=r"^not a connection string$"):
        parse_conninfo(conninfo)


def test_address_counts_before_name() -> None:
    assert hosts({"host": "db.example.id", "hostaddr": "203.0.113.9"}) == ("203.0.113.9",)


def test_every_host_of_a_list_counts() -> None:
    assert hosts({"host": "10.0.0.1, 203.0.113.9"}) == ("10.0.0.1", "203.0.113.9")


def test_socket_is_local() -> None:
    assert hosts({"host": "/run/postgresql"}) == ("localhost",)


def test_no_host_is_not_guessed() -> None:
    assert hosts({"dbname": "app"}) == ()


def test_tls_mode_not_named_is_the_default_of_libpq() -> None:
    assert sslmode({"host": "a"}) == "prefer"
    assert sslmode({"sslmode": "verify-ca"}) == "verify-ca"
