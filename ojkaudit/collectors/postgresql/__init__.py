"""Reads PostgreSQL servers: settings, rules, roles, replication and names, never rows of tables."""

from ojkaudit.collectors.postgresql.collector import KIND, PostgresqlCollector
from ojkaudit.collectors.postgresql.grants import sql_grants

__all__ = ["KIND", "PostgresqlCollector", "sql_grants"]
