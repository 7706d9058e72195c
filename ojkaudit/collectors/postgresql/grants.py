"""The SQL that gives the audit role what it needs, and nothing more."""

from __future__ import annotations

HELPER_SCHEMA_SQL = """\
CREATE SCHEMA IF NOT EXISTS ojkaudit;
REVOKE ALL ON SCHEMA ojkaudit FROM PUBLIC;
GRANT USAGE ON SCHEMA ojkaudit TO {user};
"""

VERIFIERS_SQL = """\
-- Shows how each password is stored, never the verifier.
CREATE OR REPLACE VIEW ojkaudit.login_verifiers AS
SELECT rolname, CASE WHEN rolpassword IS NULL THEN 'none'
                     WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram'
                     WHEN rolpassword LIKE 'md5%' THEN 'md5'
                     ELSE 'other' END AS kind
FROM pg_catalog.pg_authid WHERE rolcanlogin;
REVOKE ALL ON ojkaudit.login_verifiers FROM PUBLIC;
GRANT SELECT ON ojkaudit.login_verifiers TO {user};
"""

HBA_AGE_SQL = """\
-- Shows when pg_hba.conf was last changed, which pg_stat_file tells only to far stronger roles.
CREATE OR REPLACE FUNCTION ojkaudit.hba_file_modified() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$SELECT (pg_catalog.pg_stat_file(pg_catalog.current_setting('hba_file'))).modification$$;
REVOKE ALL ON FUNCTION ojkaudit.hba_file_modified() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ojkaudit.hba_file_modified() TO {user};
"""

_ROLE_SQL = """\
-- Rights of the audit role {user}: run as superuser, in database {dbname}, on the primary.
-- Set its password afterwards with psql's \\password, so that it reaches no log.
CREATE ROLE {user} LOGIN CONNECTION LIMIT 3;
"""

_GRANTS_SQL = """\
ALTER ROLE {user} SET default_transaction_read_only = on;
GRANT pg_monitor TO {user};
GRANT SELECT ON pg_catalog.pg_hba_file_rules TO {user};
GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO {user};
-- Holds connection passwords; only the host is kept. Leave out where there is no subscription.
GRANT SELECT (subconninfo) ON pg_catalog.pg_subscription TO {user};
"""

_CONNECT_SQL = "GRANT CONNECT ON DATABASE {dbname} TO {user};\n"


def quote_identifier(name: str) -> str:
    """Return `name` as SQL takes it for a role or database, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def sql_grants(user: str, *, dbname: str = "postgres", databases: tuple[str, ...] = ()) -> str:
    """Return the script that creates the audit role.

    Args:
        user: Name of the role, unquoted.
        dbname: Database the target names; grants on system views hold in one database only.
        databases: Further databases, whose PUBLIC may not connect.
    """
    return _fill(_ROLE_SQL, user, dbname) + grants(user, databases=databases)


def grants(user: str, *, databases: tuple[str, ...] = ()) -> str:
    """Return the part of the script that suits a role that exists already; it can be repeated."""
    script = _GRANTS_SQL + HELPER_SCHEMA_SQL + VERIFIERS_SQL + HBA_AGE_SQL
    connect = "".join(_fill(_CONNECT_SQL, user, name) for name in databases)
    return _fill(script, user) + connect


def helper_sql(helper: str, user: str) -> str:
    """Return the SQL that makes one helper, `login_verifiers` or `hba_file_modified`."""
    sql = {"login_verifiers": VERIFIERS_SQL, "hba_file_modified": HBA_AGE_SQL}[helper]
    return _fill(HELPER_SCHEMA_SQL + sql, user)


def _fill(template: str, user: str, dbname: str = "") -> str:
    values = {"{user}": quote_identifier(user), "{dbname}": quote_identifier(dbname)}
    # One pass over the template: a name may itself contain a placeholder.
    parts = template.replace("{user}", "\0{user}\0").replace("{dbname}", "\0{dbname}\0").split("\0")
    return "".join(values.get(part, part) for part in parts)
