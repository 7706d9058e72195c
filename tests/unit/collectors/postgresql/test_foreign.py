"""Where foreign servers and subscriptions lead."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.foreign import foreign_hosts, foreign_servers, subscriptions


@pytest.mark.parametrize(
    ("wrapper", "options", "expected"),
    [
        ("postgres_fdw", {"host": "10.2.0.4", "dbname": "skor"}, ("10.2.0.4",)),
        ("postgres_fdw", {"host": "db", "hostaddr": "203.0.113.9"}, ("203.0.113.9",)),
        ("postgres_fdw", {"host": "a,b"}, ("a", "b")),
        ("postgres_fdw", {"dbname": "skor"}, ()),
        ("mysql_fdw", {"host": "203.0.113.4"}, ("203.0.113.4",)),
        ("tds_fdw", {"servername": "mssql.example.id"}, ("mssql.example.id",)),
        ("mongo_fdw", {"address": "10.0.0.4"}, ("10.0.0.4",)),
        ("oracle_fdw", {"dbserver": "//ora.example.id:1521/XE"}, ("ora.example.id",)),
        ("oracle_fdw", {"dbserver": "ALIAS"}, ()),
        ("jdbc_fdw", {"url": "jdbc:mysql://u:rahasia@10.0.0.8:3306/x"}, ("10.0.0.8",)),
        ("file_fdw", {}, ("localhost",)),
        ("other_fdw", {"endpoint": "https://x"}, ()),
    ],
)
def test_foreign_hosts(wrapper: str, options: dict[str, str], expected: tuple[str, ...]) -> None:
    assert foreign_hosts(wrapper, options) == expected


def test_a_server_without_a_known_host_is_listed_without_host() -> None:
    row = {"name": "skor", "fdw": "postgres_fdw", "options": ["password=rahasia"]}
    assert foreign_servers([row]) == [{"name": "skor", "fdw": "postgres_fdw"}]


def test_each_host_is_listed() -> None:
    row = {"name": "skor", "fdw": "postgres_fdw", "options": ["host=10.0.0.1,203.0.113.9"]}
    assert [entry["host"] for entry in foreign_servers([row])] == ["10.0.0.1", "203.0.113.9"]


ROWS = [{"database": "app", "name": "laporan", "enabled": True}]


def test_subscription_host_is_taken_and_the_string_dropped() -> None:
    conninfo = "host=203.0.113.9 user=u password=rahasia"
    found = subscriptions(ROWS, [{"database": "app", "name": "laporan", "conninfo": conninfo}])
    assert found == {"app": [{"name": "laporan", "enabled": True, "host": "203.0.113.9"}]}


@pytest.mark.parametrize(
    "conninfos",
    [None, [], [{"database": "app", "name": "laporan", "conninfo": "???"}]],
)
def test_subscription_without_readable_string_has_no_host(
    conninfos: list[dict[str, object]] | None,
) -> None:
    assert subscriptions(ROWS, conninfos) == {"app": [{"name": "laporan", "enabled": True}]}
