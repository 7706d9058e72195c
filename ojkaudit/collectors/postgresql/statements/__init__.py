"""Every SQL statement this collector sends; no other module holds SQL that reads.

Rules held by a test: only relations of pg_catalog (and the one helper view of `grants.py`) are
read, each with its schema; never pg_stats, pg_statistic, pg_stat_statements, nor the `query`
column of pg_stat_activity. Times leave the server as RFC 3339 text in UTC, because `infinity` has
no Python form.
"""
