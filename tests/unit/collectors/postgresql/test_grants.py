"""The script that makes the audit role."""

from __future__ import annotations

from ojkaudit.collectors.postgresql.grants import grants, helper_sql, quote_identifier, sql_grants


def test_names_are_quoted_so_that_they_cannot_break_out() -> None:
    assert quote_identifier('a"; DROP ROLE b; --') == '"a""; DROP ROLE b; --"'


def test_script_names_role_database_and_each_right() -> None:
    script = sql_grants("audit", dbname="inti", databases=("laporan",))
    assert 'CREATE ROLE "audit" LOGIN' in script
    assert 'in database "inti"' in script
    assert 'GRANT pg_monitor TO "audit";' in script
    assert 'GRANT CONNECT ON DATABASE "laporan" TO "audit";' in script
    assert "{" not in script


def test_script_grants_nothing_powerful() -> None:
    script = grants("audit")
    for role in ("pg_read_all_data", "pg_read_server_files", "SUPERUSER", "pg_execute_server"):
        assert role not in script


def test_a_placeholder_within_a_name_stays_a_name() -> None:
    assert '"{dbname}"' in sql_grants("{dbname}", dbname="inti")


def test_a_helper_can_be_made_alone() -> None:
    assert "hba_file_modified" in helper_sql("hba_file_modified", "audit")
    assert "login_verifiers" not in helper_sql("hba_file_modified", "audit")
