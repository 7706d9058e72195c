"""Who holds which role."""

from __future__ import annotations

from ojkaudit.collectors.postgresql.membership import powerful_members, roles_with_memberships

ROLES = [
    {"rolname": "postgres", "rolsuper": True},
    {"rolname": "dba", "rolsuper": False, "rolvaliduntil": None},
    {"rolname": "andi", "rolsuper": False},
    {"rolname": "app", "rolsuper": False},
    {"rolname": "pg_monitor", "rolsuper": False},
]


def _grant(role: str, member: str) -> dict[str, object]:
    return {"role": role, "member": member}


def test_member_of_a_superuser_is_powerful() -> None:
    assert powerful_members(ROLES, [_grant("postgres", "dba")]) == ["dba"]


def test_membership_through_a_group_counts() -> None:
    grants = [_grant("pg_read_server_files", "dba"), _grant("dba", "andi")]
    assert powerful_members(ROLES, grants) == ["andi", "dba"]


def test_each_predefined_role_that_leaves_the_tables_counts() -> None:
    for role in (
        "pg_execute_server_program",
        "pg_write_server_files",
        "pg_read_all_data",
        "pg_write_all_data",
    ):
        assert powerful_members(ROLES, [_grant(role, "app")]) == ["app"]


def test_attributes_that_a_member_takes_on_with_set_role_count() -> None:
    for attribute in ("rolbypassrls", "rolcreaterole"):
        roles = [*ROLES, {"rolname": "kuat", "rolsuper": False, attribute: True}]
        assert powerful_members(roles, [_grant("kuat", "app")]) == ["app"]


def test_monitoring_is_not_powerful() -> None:
    assert powerful_members(ROLES, [_grant("pg_monitor", "app")]) == []


def test_a_circle_ends() -> None:
    grants = [_grant("postgres", "a"), _grant("a", "b"), _grant("b", "a")]
    assert powerful_members(ROLES, grants) == ["a", "b"]


def test_roles_carry_their_direct_memberships_and_no_nulls() -> None:
    roles = roles_with_memberships(ROLES, [_grant("dba", "andi"), _grant("app", "andi")])
    by_name = {role["rolname"]: role for role in roles}
    assert by_name["andi"]["member_of"] == ["app", "dba"]
    assert by_name["app"]["member_of"] == []
    assert "rolvaliduntil" not in by_name["dba"]
