"""Who holds which role, directly or through others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ojkaudit.collectors.postgresql.rows import Row, flag, present, text

POWERFUL_ROLES = frozenset(
    {
        "pg_execute_server_program",
        "pg_read_all_data",
        "pg_read_server_files",
        "pg_write_all_data",
        "pg_write_server_files",
    }
)
"""Predefined roles that reach every row, or files and programs of the host (PostgreSQL manual,
"Predefined Roles")."""


def roles_with_memberships(roles: Sequence[Row], memberships: Sequence[Row]) -> list[Row]:
    """Return the roles, each with `member_of`: the roles granted to it directly, sorted."""
    member_of: dict[str, set[str]] = defaultdict(set)
    for row in memberships:
        member_of[text(row, "member")].add(text(row, "role"))
    return [
        {**present(role), "member_of": sorted(member_of[text(role, "rolname")])} for role in roles
    ]


def powerful_members(roles: Sequence[Row], memberships: Sequence[Row]) -> list[str]:
    """Return the members, at any depth, of powerful roles, sorted.

    Powerful are `POWERFUL_ROLES`, superusers, and roles that may bypass row security or create
    roles. Whether a member inherits does not matter: SET ROLE, or the right to grant, is enough.
    Roles that are superusers themselves are not members of anything by that, and are not listed.
    """
    members: dict[str, set[str]] = defaultdict(set)
    for row in memberships:
        members[text(row, "role")].add(text(row, "member"))
    strong = {
        text(role, "rolname")
        for role in roles
        if flag(role, "rolsuper") or flag(role, "rolbypassrls") or flag(role, "rolcreaterole")
    }
    return sorted(_reach(strong | POWERFUL_ROLES, members))


def _reach(start: Iterable[str], members: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        for member in members.get(waiting.pop(), ()):
            if member not in found:
                found.add(member)
                waiting.append(member)
    return found
