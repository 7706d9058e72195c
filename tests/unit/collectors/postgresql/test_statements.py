"""The SQL reads system catalogs and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ojkaudit.collectors import postgresql
from ojkaudit.collectors.postgresql.statements import names, server
from ojkaudit.collectors.postgresql.statements.statement import Statement

STATEMENTS = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": value
    for module in (server, names)
    for name, value in vars(module).items()
    if isinstance(value, Statement)
}

RELATIONS = {
    "ojkaudit.login_verifiers",
    "pg_catalog.pg_attribute",
    "pg_catalog.pg_auth_members",
    "pg_catalog.pg_authid",
    "pg_catalog.pg_class",
    "pg_catalog.pg_database",
    "pg_catalog.pg_db_role_setting",
    "pg_catalog.pg_extension",
    "pg_catalog.pg_foreign_data_wrapper",
    "pg_catalog.pg_foreign_server",
    "pg_catalog.pg_hba_file_rules",
    "pg_catalog.pg_language",
    "pg_catalog.pg_namespace",
    "pg_catalog.pg_proc",
    "pg_catalog.pg_publication",
    "pg_catalog.pg_publication_tables",
    "pg_catalog.pg_replication_slots",
    "pg_catalog.pg_roles",
    "pg_catalog.pg_seclabel",
    "pg_catalog.pg_settings",
    "pg_catalog.pg_stat_activity",
    "pg_catalog.pg_stat_archiver",
    "pg_catalog.pg_stat_database",
    "pg_catalog.pg_stat_gssapi",
    "pg_catalog.pg_stat_replication",
    "pg_catalog.pg_stat_ssl",
    "pg_catalog.pg_stat_wal_receiver",
    "pg_catalog.pg_subscription",
    "pg_catalog.pg_type",
}

FUNCTIONS = {
    "pg_backend_pid",
    "pg_conf_load_time",
    "pg_control_checkpoint",
    "pg_control_system",
    "pg_current_wal_lsn",
    "pg_encoding_to_char",
    "pg_has_role",
    "pg_is_in_recovery",
    "pg_last_wal_receive_lsn",
    "pg_ls_archive_statusdir",
    "pg_stat_file",
    "pg_wal_lsn_diff",
}

ROLES_NAMED = {"pg_monitor", "pg_read_all_settings", "pg_read_all_stats"}

READING = r"\b(FROM|JOIN)\s+"


@pytest.fixture(params=sorted(STATEMENTS))
def statement(request: pytest.FixtureRequest) -> Statement:
    return STATEMENTS[request.param]


def test_there_are_statements_to_look_at() -> None:
    assert len(STATEMENTS) > 25


def test_only_listed_relations_are_read(statement: Statement) -> None:
    assert set(statement.relations) <= RELATIONS


def test_every_system_name_is_listed(statement: Statement) -> None:
    # Catches what a pattern for FROM would miss: comma joins, casts, subqueries.
    found = set(re.findall(r"\bpg_\w+", statement.sql)) - {"pg_catalog"}
    allowed = {name.split(".")[1] for name in RELATIONS} | FUNCTIONS | ROLES_NAMED
    assert found <= allowed


def test_everything_read_names_its_schema(statement: Statement) -> None:
    unqualified = re.findall(READING + r"(?!pg_catalog\.|ojkaudit\.|LATERAL\b)(\w+)", statement.sql)
    # EXTRACT(EPOCH FROM x) reads no relation.
    assert [name for _, name in unqualified if f"EPOCH FROM {name}" not in statement.sql] == []


def test_statistics_of_data_and_statement_texts_are_never_read(statement: Statement) -> None:
    forbidden = r"\bpg_stats\b|\bpg_statistic|\bpg_stat_statements|\bquery\b|\bprosrc\b|\bumoptions"
    assert not re.search(forbidden, statement.sql)


def test_statements_only_read(statement: Statement) -> None:
    assert statement.sql.split()[0] == "SELECT"
    assert ";" not in statement.sql
    assert not re.search(r"\b(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|SET|INTO)\b", statement.sql)


def test_the_verifier_itself_is_never_selected() -> None:
    selected = names.VERIFIERS.sql.split("FROM")[0]
    assert "rolpassword" not in re.sub(r"WHEN rolpassword [^\n]* THEN", "", selected)


def test_a_denied_catalog_names_the_grant() -> None:
    assert names.ROLES.right_for('"audit"') == 'GRANT SELECT ON pg_catalog.pg_roles TO "audit"'
    assert server.SESSIONS.right_for('"audit"') == 'GRANT pg_read_all_stats TO "audit"'


def test_no_other_module_holds_sql_that_reads() -> None:
    folder = Path(postgresql.__file__).parent
    others = [p for p in folder.glob("*.py") if p.name != "grants.py"]
    found = [p.name for p in others if re.search(r"\bSELECT\b[^\"]*\bFROM\b", p.read_text())]
    assert others
    assert found == []
