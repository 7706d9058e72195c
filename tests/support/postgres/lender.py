"""A lender's databases on the pair: tables, grants, replication, and secrets planted to be found."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.postgresql import KIND, PostgresqlCollector
from ojkaudit.collectors.postgresql.grants import grants
from ojkaudit.model.config import PostgresqlTarget, SecretRef
from tests.support.postgres.pair import PostgresPair
from tests.support.postgres.server import PostgresServer
from tests.support.sinks import ListSink

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

FULL_ROLE = "audit_penuh"
WEAK_ROLE = "audit_lemah"
APP_ROLE = "aplikasi_pinjaman"
DATABASE = "inti"
CLOSED_DATABASE = "tertutup"
LEGACY_DATABASE = "warisan"

PASSWORDS = {
    FULL_ROLE: "sandi-audit-penuh-4417",
    WEAK_ROLE: "sandi-audit-lemah-5528",
    APP_ROLE: "sandi-aplikasi-6639",
}
PLANTED = {
    "subscription": "sandi-langganan-7740",
    "user mapping": "sandi-pemetaan-8851",
    "function": "sandi-fungsi-9962",
    "row": "3174010203040506",
    "role setting": "sandi-setelan-1073",
    "comment": "3275111213141516",
}
"""Secrets and personal data that no output may hold, by where they were put."""

_SCHEMA = f"""
CREATE EXTENSION pgaudit;
CREATE EXTENSION postgres_fdw;
CREATE DOMAIN enc_npwp AS bytea;
CREATE TABLE nasabah (
    id bigint PRIMARY KEY, nama text, nik text, npwp enc_npwp, no_hp text, dibuat timestamptz
);
COMMENT ON COLUMN nasabah.nik IS 'NIK, mis. {PLANTED["comment"]}';
CREATE TABLE data_lain (id bigint, f_01 text);
COMMENT ON COLUMN data_lain.f_01 IS 'Nomor Induk Kependudukan';
CREATE TABLE provinsi (id int, nama text);
INSERT INTO nasabah (id, nama, nik) VALUES (1, 'Budi', '{PLANTED["row"]}');
ANALYZE nasabah;
GRANT SELECT ON provinsi TO PUBLIC;
GRANT SELECT ON data_lain TO PUBLIC;
GRANT SELECT (nik) ON nasabah TO PUBLIC;
GRANT SELECT ON nasabah TO {APP_ROLE};
CREATE FUNCTION sambung() RETURNS text LANGUAGE sql AS $$SELECT '{PLANTED["function"]}'$$;
CREATE SERVER skor FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '203.0.113.7', dbname 'skor');
CREATE USER MAPPING FOR {APP_ROLE} SERVER skor
    OPTIONS (user 'u', password '{PLANTED["user mapping"]}');
CREATE PUBLICATION laporan FOR TABLE nasabah;
CREATE SUBSCRIPTION masuk
    CONNECTION 'host=203.0.113.9 dbname=x user=u password={PLANTED["subscription"]}'
    PUBLICATION keluar WITH (connect = false, enabled = false, slot_name = NONE);
"""  # noqa: S608 - a fixture's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """The prepared pair and how to collect from it."""

    pair: PostgresPair

    def target(self, server: PostgresServer, user: str, **changes: Any) -> PostgresqlTarget:
        """Return a target for one server and role, with `changes` to its fields."""
        fields: dict[str, Any] = {
            "id": "pg-inti",
            "host": server.host,
            "port": server.port,
            "user": user,
            "password": SecretRef(env="UJI_SANDI"),
            "site": "cikaso",
            "sslrootcert": self.pair.certificates.ca,
            "connect_timeout_seconds": 5,
            "statement_timeout_seconds": 10,
            **changes,
        }
        return PostgresqlTarget(**fields)

    def collect(
        self,
        user: str = FULL_ROLE,
        *,
        server: PostgresServer | None = None,
        password: str = "",
        **changes: Any,
    ) -> ListSink:
        """Collect one instance and return everything the collector yielded."""
        target = self.target(server or self.pair.primary, user, **changes)
        sink = ListSink()
        PostgresqlCollector(target).collect(context(password or PASSWORDS[user]), sink)
        return sink

    def payload(self, user: str = FULL_ROLE, **options: Any) -> Mapping[str, Any]:
        """Collect one instance and return its payload."""
        sink = self.collect(user, **options)
        assert len(sink.resources) == 1, sink.coverages
        return sink.resources[0].payload


def context(password: str, kinds: tuple[str, ...] = (KIND,)) -> CollectionContext:
    """Return a collection context whose every secret is `password`."""
    clock: Callable[[], datetime] = lambda: NOW  # noqa: E731
    return CollectionContext(
        kinds=kinds,
        clock=clock,
        read_secret=lambda _reference: password,
        progress=lambda _target, _kind, _count: None,
        user_agent="ojkaudit-test",
    )


@contextlib.contextmanager
def lender_databases(pair: PostgresPair) -> Iterator[Lender]:
    """Create roles, databases and planted secrets on the pair; drop them at the end."""
    primary = pair.primary
    for role, password in PASSWORDS.items():
        primary.create_role(role, password)
    with primary.connect() as connection:
        connection.execute(f"ALTER ROLE {APP_ROLE} SET app.token = '{PLANTED['role setting']}'")
        for name in (DATABASE, CLOSED_DATABASE):
            connection.execute(f"CREATE DATABASE {name}")
        connection.execute(
            f"CREATE DATABASE {LEGACY_DATABASE} TEMPLATE template0 ENCODING 'SQL_ASCII'"
        )
        connection.execute(f"REVOKE CONNECT ON DATABASE {CLOSED_DATABASE} FROM PUBLIC")
        connection.execute(f"ALTER DATABASE {DATABASE} SET pgaudit.log = 'none'")
        connection.execute(grants(FULL_ROLE, databases=(CLOSED_DATABASE,)))
    with primary.connect(dbname=DATABASE) as connection:
        connection.execute(_SCHEMA)
    with primary.connect(dbname=LEGACY_DATABASE, client_encoding="sql_ascii") as connection:
        connection.execute(b'CREATE TABLE "pelanggan_\xe9" (nik text)')
    pair.wait_until_caught_up()
    yield Lender(pair=pair)
    with primary.connect(dbname=DATABASE) as connection:
        connection.execute("DROP SUBSCRIPTION masuk")
    with primary.connect() as connection:
        for name in (DATABASE, CLOSED_DATABASE, LEGACY_DATABASE):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute("DROP SCHEMA ojkaudit CASCADE")
        for role in PASSWORDS:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")
