"""Statements about the server as a whole, sent once, to the database the target names."""

from __future__ import annotations

from ojkaudit.collectors.postgresql.statements.statement import (
    HELPER_RIGHT,
    MONITOR_RIGHT,
    STATS_RIGHT,
    Statement,
)

# Any role.
IDENTITY = Statement(
    fact="version",
    sql="""
SELECT pg_catalog.current_setting('server_version_num')::int AS version_num,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS observed_at
""",
)

# Any role.
ROLE_CHECKS = Statement(
    fact="role_checks",
    sql="""
SELECT pg_catalog.pg_has_role(r.oid, 'pg_monitor', 'USAGE') AS pg_monitor,
       pg_catalog.pg_has_role(r.oid, 'pg_read_all_settings', 'USAGE') AS pg_read_all_settings,
       pg_catalog.pg_has_role(r.oid, 'pg_read_all_stats', 'USAGE') AS pg_read_all_stats,
       r.rolsuper AS superuser
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
""",
)

# Any role sees most rows; superuser-only rows and `sourcefile` need pg_read_all_settings.
SETTINGS = Statement(
    fact="settings",
    sql="""
SELECT name, setting, source, sourcefile, pending_restart
FROM pg_catalog.pg_settings
WHERE name = ANY(%(names)s) OR name ~ '^pgaudit[.]'
ORDER BY name
""",
)

_HBA_RIGHT = (
    "GRANT SELECT ON pg_catalog.pg_hba_file_rules TO {user}; "
    "GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO {user}"
)

# Superuser, or SELECT on the view and EXECUTE on the function of the same name.
HBA_BEFORE_16 = Statement(
    fact="hba",
    right=_HBA_RIGHT,
    sql="""
SELECT CASE WHEN error IS NULL
            THEN count(*) FILTER (WHERE error IS NULL) OVER (ORDER BY line_number) END::int
         AS rule_number,
       line_number, type, database, user_name, address, netmask, auth_method, options, error
FROM pg_catalog.pg_hba_file_rules ORDER BY line_number
""",
)
HBA = Statement(
    fact="hba",
    right=_HBA_RIGHT,
    sql="""
SELECT rule_number, file_name, line_number, type, database, user_name, address, netmask,
       auth_method, options, error
FROM pg_catalog.pg_hba_file_rules ORDER BY rule_number, file_name, line_number
""",
)

# Any role.
CONF_LOAD_TIME = Statement(
    fact="conf_load_time",
    sql="""
SELECT pg_catalog.to_char(pg_catalog.pg_conf_load_time() AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS conf_load_time
""",
)

# Superuser, or EXECUTE on pg_stat_file(text) with the file inside the data folder.
HBA_FILE_AGE = Statement(
    fact="hba_file_newer_than_load",
    right=HELPER_RIGHT,
    sql="""
SELECT (pg_catalog.pg_stat_file(pg_catalog.current_setting('hba_file'))).modification
         > pg_catalog.pg_conf_load_time() AS newer
""",
)
# EXECUTE on the helper function; it runs with the rights of the superuser who made it.
HBA_FILE_AGE_BY_HELPER = Statement(
    fact="hba_file_newer_than_load",
    right=HELPER_RIGHT,
    sql="SELECT ojkaudit.hba_file_modified() > pg_catalog.pg_conf_load_time() AS newer",
)

# Any role: which helper objects exist, belong to a superuser, and may be used.
HELPERS = Statement(
    fact="helpers",
    sql="""
SELECT c.relname AS name FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
WHERE n.nspname = 'ojkaudit' AND c.relname = 'login_verifiers' AND c.relkind = 'v' AND r.rolsuper
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
UNION ALL
SELECT p.proname FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_roles r ON r.oid = p.proowner
WHERE n.nspname = 'ojkaudit' AND p.proname = 'hba_file_modified' AND p.pronargs = 0 AND r.rolsuper
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
""",
)

# Any role counts; backend_type is NULL where the role may not see the session.
SESSIONS_HIDDEN = Statement(
    fact="sessions_hidden",
    sql="""
SELECT count(*)::int AS hidden FROM pg_catalog.pg_stat_activity WHERE backend_type IS NULL
""",
)

# pg_read_all_stats; without it other roles' rows vanish instead of being refused.
SESSIONS = Statement(
    fact="sessions",
    right=STATS_RIGHT,
    sql="""
SELECT a.pid, a.usename::text AS "user", a.datname::text AS database,
       pg_catalog.host(a.client_addr) AS client_addr, a.backend_type,
       s.ssl, s.version, s.cipher, s.bits, COALESCE(g.encrypted, false) AS gss_encrypted
FROM pg_catalog.pg_stat_activity a
LEFT JOIN pg_catalog.pg_stat_ssl s ON s.pid = a.pid
LEFT JOIN pg_catalog.pg_stat_gssapi g ON g.pid = a.pid
WHERE a.client_addr IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
ORDER BY a.pid
""",
)

# pg_read_all_stats; without it all columns but pid are NULL.
REPLICATION = Statement(
    fact="replication",
    right=STATS_RIGHT,
    sql="""
SELECT r.pid, r.application_name, pg_catalog.host(r.client_addr) AS client_addr, r.state,
       r.sync_state, EXTRACT(EPOCH FROM r.replay_lag)::float8 AS replay_lag_seconds,
       pg_catalog.pg_wal_lsn_diff(
         CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
              ELSE pg_catalog.pg_current_wal_lsn() END, r.replay_lsn)::int8 AS lag_bytes,
       s.ssl, s.version AS ssl_version
FROM pg_catalog.pg_stat_replication r
LEFT JOIN pg_catalog.pg_stat_ssl s ON s.pid = r.pid
ORDER BY r.application_name, r.pid
""",
)

# Any role.
SLOTS = Statement(
    fact="slots",
    sql="""
SELECT slot_name::text, slot_type, plugin::text, database::text, active, active_pid, wal_status,
       safe_wal_size,
       pg_catalog.pg_wal_lsn_diff(
         CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
              ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn)::int8
         AS restart_lsn_bytes_behind
FROM pg_catalog.pg_replication_slots ORDER BY slot_name
""",
)

# pg_read_all_stats; the server masks the password, and the text is dropped after parsing.
WAL_RECEIVER = Statement(
    fact="wal_receiver",
    right=STATS_RIGHT,
    sql="""
SELECT status, sender_host, sender_port, conninfo FROM pg_catalog.pg_stat_wal_receiver
""",
)

# Any role.
ARCHIVER = Statement(
    fact="archiver",
    sql="""
SELECT archived_count::int8, last_archived_wal,
       pg_catalog.to_char(last_archived_time AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_archived_time,
       failed_count::int8, last_failed_wal,
       pg_catalog.to_char(last_failed_time AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_failed_time,
       pg_catalog.to_char(stats_reset AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS stats_reset
FROM pg_catalog.pg_stat_archiver
""",
)

# pg_monitor; only the number of waiting files is read.
ARCHIVE_READY = Statement(
    fact="archiver.ready_files",
    right=MONITOR_RIGHT,
    sql="""
SELECT count(*)::int AS ready_files
FROM pg_catalog.pg_ls_archive_statusdir() f WHERE f.name ~ '[.]ready$'
""",
)

# Any role; NULL where checksums are off.
CHECKSUM_FAILURES = Statement(
    fact="checksum_failures",
    sql="""
SELECT sum(checksum_failures)::int8 AS checksum_failures FROM pg_catalog.pg_stat_database
""",
)

# EXECUTE on both functions, which any role has unless it was revoked.
CONTROL = Statement(
    fact="system_identifier",
    right=(
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system(), "
        "pg_catalog.pg_control_checkpoint() TO {user}"
    ),
    sql="""
SELECT s.system_identifier::text AS system_identifier, c.timeline_id AS timeline
FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c
""",
)


def hba_statement(version_num: int) -> Statement:
    """Return the statement that reads the client authentication rules of this version."""
    return HBA if version_num >= 160000 else HBA_BEFORE_16
