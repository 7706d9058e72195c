"""Facts of roles and databases: attributes, memberships, extensions, names and grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ojkaudit.collectors.postgresql import foreign
from ojkaudit.collectors.postgresql.membership import powerful_members, roles_with_memberships
from ojkaudit.collectors.postgresql.personal_data import personal_columns
from ojkaudit.collectors.postgresql.rows import Reader, Row, flag, present, text
from ojkaudit.collectors.postgresql.server_facts import Standing
from ojkaudit.collectors.postgresql.settings import role_setting
from ojkaudit.collectors.postgresql.sheet import FactSheet
from ojkaudit.collectors.postgresql.statements import names


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRow:
    """One database, as any role sees it."""

    name: str
    encoding: str
    allows_connections: bool
    may_connect: bool
    """Whether this role holds CONNECT."""


def read_roles(reader: Reader, sheet: FactSheet, standing: Standing) -> None:
    """Read roles, memberships, how passwords are stored, and per-role settings."""
    roles = sheet.read(reader, names.ROLES)
    memberships = sheet.read(reader, names.MEMBERSHIPS)
    if roles is not None and memberships is not None:
        sheet.payload["roles"] = roles_with_memberships(roles, memberships)
        sheet.payload["powerful_members"] = powerful_members(roles, memberships)
    _read_verifiers(reader, sheet, standing, roles or ())
    rows = sheet.read(reader, names.ROLE_SETTINGS)
    if rows is not None:
        sheet.payload["role_settings"] = [role_setting(row) for row in rows]


def read_databases(reader: Reader, sheet: FactSheet) -> tuple[DatabaseRow, ...] | None:
    """Return the databases of the server without the two system templates; None when unread."""
    rows = sheet.read(reader, names.DATABASES)
    if rows is None:
        return None
    return tuple(
        DatabaseRow(
            name=text(row, "datname"),
            encoding=text(row, "encoding"),
            allows_connections=flag(row, "allows_connections"),
            may_connect=flag(row, "may_connect"),
        )
        for row in rows
    )


def read_subscriptions(
    reader: Reader, sheet: FactSheet
) -> Mapping[str, list[dict[str, object]]] | None:
    """Return the subscriptions by database; None when unread.

    Their connection strings are asked for only where there is a subscription at all.
    """
    rows = sheet.read(reader, names.SUBSCRIPTIONS)
    if rows is None:
        return None
    conninfos = sheet.read(reader, names.SUBSCRIPTION_CONNINFO) if rows else ()
    sheet.payload["subconninfo_denied"] = conninfos is None
    return foreign.subscriptions(rows, conninfos)


def read_database(reader: Reader, sheet: FactSheet, name: str) -> dict[str, object]:
    """Return the facts of the database the reader is connected to; an unread one has no key."""
    within = f"databases.{name}"
    facts: dict[str, object] = {}
    for statement in (names.EXTENSIONS, names.PUBLICATIONS):
        rows = sheet.read(reader, statement, within=within)
        if rows is not None:
            facts[statement.fact] = [present(row) for row in rows]
    languages = sheet.read(reader, names.UNTRUSTED_LANGUAGES, within=within)
    if languages is not None:
        facts[names.UNTRUSTED_LANGUAGES.fact] = [text(row, "name") for row in languages]
    servers = sheet.read(reader, names.FOREIGN_SERVERS, within=within)
    if servers is not None:
        facts["foreign_servers"] = foreign.foreign_servers(servers)
    rows = sheet.read(reader, names.COLUMNS, within=within)
    if rows is not None:
        columns, tables = personal_columns(rows)
        facts["columns"] = columns
        facts.update(_read_grants(reader, sheet, tables, within))
    return facts


def _read_grants(
    reader: Reader, sheet: FactSheet, tables: Sequence[int], within: str
) -> dict[str, object]:
    facts: dict[str, object] = {}
    grants = sheet.read(reader, names.PUBLIC_GRANTS, {"tables": list(tables)}, within=within)
    if grants is not None:
        facts["public_grants"] = [present(row) for row in grants]
    readers = sheet.read(reader, names.READERS, {"tables": list(tables)}, within=within)
    if readers is not None:
        facts["readers"] = [text(row, "name") for row in readers]
    return facts


def _read_verifiers(
    reader: Reader, sheet: FactSheet, standing: Standing, roles: Sequence[Row]
) -> None:
    by_helper = "login_verifiers" in standing.helpers
    rows = sheet.read(reader, names.VERIFIERS_BY_HELPER if by_helper else names.VERIFIERS)
    if rows is None:
        return
    logins = {text(role, "rolname") for role in roles if flag(role, "rolcanlogin")}
    if {text(row, "rolname") for row in rows} != logins:
        # A view that was altered, or is older than a role, must not vouch for the rest.
        sheet.fails("verifiers", "the roles listed are not the login roles of the server")
        return
    sheet.payload["verifiers"] = [present(row) for row in rows]
