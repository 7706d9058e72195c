"""Statements about roles, databases and the names within them; no row of a user's table."""

from __future__ import annotations

from ojkaudit.collectors.postgresql.statements.statement import HELPER_RIGHT, Statement

# Any role.
ROLES = Statement(
    fact="roles",
    sql="""
SELECT r.rolname::text, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
       r.rolbypassrls, r.rolcanlogin, r.rolconnlimit,
       CASE WHEN pg_catalog.isfinite(r.rolvaliduntil)
            THEN pg_catalog.to_char(r.rolvaliduntil AT TIME ZONE 'UTC',
                                    'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS rolvaliduntil
FROM pg_catalog.pg_roles r ORDER BY r.rolname
""",
)

# Any role.
MEMBERSHIPS = Statement(
    fact="roles.member_of",
    sql="""
SELECT DISTINCT m.rolname::text AS member, g.rolname::text AS role
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles m ON m.oid = a.member
JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
ORDER BY 1, 2
""",
)

# Superuser; the verifier itself never leaves the server.
VERIFIERS = Statement(
    fact="verifiers",
    right=HELPER_RIGHT,
    sql="""
SELECT rolname::text,
       CASE WHEN rolpassword IS NULL THEN 'none'
            WHEN rolpassword ~ '^SCRAM-SHA-256[$]' THEN 'scram'
            WHEN rolpassword ~ '^md5' THEN 'md5'
            ELSE 'other' END AS kind
FROM pg_catalog.pg_authid WHERE rolcanlogin ORDER BY rolname
""",
)
# SELECT on the helper view, which a superuser made and which shows the kind alone.
VERIFIERS_BY_HELPER = Statement(
    fact="verifiers",
    right=HELPER_RIGHT,
    sql="SELECT rolname::text, kind::text FROM ojkaudit.login_verifiers ORDER BY rolname",
)

# Any role; values of names outside the list of settings are dropped after reading.
ROLE_SETTINGS = Statement(
    fact="role_settings",
    sql="""
SELECT r.rolname::text AS role, d.datname::text AS database, c.setting
FROM pg_catalog.pg_db_role_setting s
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c(setting)
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3
""",
)

# Any role. template0 takes no connection; template1 is left out because an open connection to it
# would make a CREATE DATABASE of somebody else fail.
DATABASES = Statement(
    fact="databases",
    sql="""
SELECT datname::text, pg_catalog.pg_encoding_to_char(encoding)::text AS encoding,
       datallowconn AS allows_connections,
       pg_catalog.has_database_privilege(oid, 'CONNECT') AS may_connect
FROM pg_catalog.pg_database WHERE datname NOT IN ('template0', 'template1') ORDER BY datname
""",
)

# Any role.
SUBSCRIPTIONS = Statement(
    fact="subscriptions",
    sql="""
SELECT d.datname::text AS database, s.subname::text AS name, s.subenabled AS enabled
FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid ORDER BY 1, 2
""",
)
# Superuser, or SELECT on the column; the text is dropped after parsing.
SUBSCRIPTION_CONNINFO = Statement(
    fact="subscriptions.host",
    right="GRANT SELECT (subconninfo) ON pg_catalog.pg_subscription TO {user}",
    sql="""
SELECT d.datname::text AS database, s.subname::text AS name, s.subconninfo AS conninfo
FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid ORDER BY 1, 2
""",
)

# Below: once per database, any role.
EXTENSIONS = Statement(
    fact="extensions",
    sql="""
SELECT extname::text AS name, extversion AS version
FROM pg_catalog.pg_extension ORDER BY extname
""",
)
UNTRUSTED_LANGUAGES = Statement(
    fact="untrusted_languages",
    sql="""
SELECT lanname::text AS name FROM pg_catalog.pg_language
WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c') ORDER BY lanname
""",
)
# Options other than the host are dropped after reading.
FOREIGN_SERVERS = Statement(
    fact="foreign_servers",
    sql="""
SELECT s.srvname::text AS name, w.fdwname::text AS fdw, s.srvoptions AS options
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY s.srvname
""",
)
PUBLICATIONS = Statement(
    fact="publications",
    sql="""
SELECT p.pubname::text AS name, p.puballtables AS all_tables,
       ARRAY(SELECT t.schemaname || '.' || t.tablename
             FROM pg_catalog.pg_publication_tables t WHERE t.pubname = p.pubname
             ORDER BY 1) AS tables
FROM pg_catalog.pg_publication p ORDER BY p.pubname
""",
)
# Names, types and comments; names that start with pg_ are the system's own schemas.
COLUMNS = Statement(
    fact="columns",
    sql="""
SELECT c.oid::int8 AS table_id, n.nspname::text AS schema, c.relname::text AS "table",
       a.attname::text AS "column", pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN t.typtype = 'd' THEN t.typname::text END AS domain,
       CASE WHEN t.typtype = 'd'
            THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base_type,
       pg_catalog.col_description(c.oid, a.attnum) AS comment,
       EXISTS (SELECT FROM pg_catalog.pg_seclabel l
               WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND l.objoid = c.oid AND l.objsubid = a.attnum
                 AND l.provider ~ '^anon' AND l.label ~* '^masked') AS masking_label
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, a.attnum
""",
)
# Of the tables given by id: what PUBLIC may do, whole table or single column.
PUBLIC_GRANTS = Statement(
    fact="public_grants",
    sql="""
SELECT n.nspname::text AS schema, c.relname::text AS "table", NULL::text AS "column",
       g.privilege_type AS privilege
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) g
WHERE g.grantee = 0 AND c.oid = ANY(%(tables)s::int8[]::oid[])
UNION
SELECT n.nspname::text, c.relname::text, a.attname::text, g.privilege_type
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) g
WHERE g.grantee = 0 AND NOT a.attisdropped AND c.oid = ANY(%(tables)s::int8[]::oid[])
ORDER BY 1, 2, 3 NULLS FIRST, 4
""",
)
# Of the tables given by id: login roles that may read at least one column of one of them.
READERS = Statement(
    fact="readers",
    sql="""
SELECT r.rolname::text AS name FROM pg_catalog.pg_roles r
WHERE r.rolcanlogin AND EXISTS (
  SELECT FROM pg_catalog.pg_class c
  WHERE c.oid = ANY(%(tables)s::int8[]::oid[])
    AND pg_catalog.has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
    AND (pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')
         OR pg_catalog.has_any_column_privilege(r.oid, c.oid, 'SELECT')))
ORDER BY r.rolname
""",
)

# Any role: what this role holds, for `doctor`.
RIGHTS = Statement(
    fact="rights",
    sql="""
SELECT pg_catalog.has_table_privilege('pg_catalog.pg_hba_file_rules', 'SELECT')
         AND pg_catalog.has_function_privilege('pg_catalog.pg_hba_file_rules()', 'EXECUTE') AS hba,
       pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS verifiers,
       pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')
         AS subscriptions
""",
)
