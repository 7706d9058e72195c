"""Which settings are kept, and when a value does not speak for the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ojkaudit.collectors.postgresql.rows import Row, flag, text
from ojkaudit.collectors.postgresql.setting_names import NAMES

_NOT_SERVER_WIDE = frozenset({"client", "database", "database user", "session", "user"})
"""Sources (pg_settings.source) that speak of this one session only."""

_SAFE_IN_ROLES = frozenset(
    {"default_transaction_read_only", "lock_timeout", "search_path", "statement_timeout"}
)
"""Kept in role and database settings, though no rule reads the server's own value."""

_COMMANDS = frozenset({"archive_command", "restore_command"})
_WORDS = r"passw(?:or)?d|passphrase|pass|pwd|pw|secret|token|credential|sig|key"
_VALUE = r"(\"[^\"]*\"|'[^']*'|[^\s\"'&]+)"
_SECRETS = (
    re.compile(rf"(?i)(\b[\w-]*(?:{_WORDS})[\"']?\s*[=:]\s*|--?[\w-]*(?:{_WORDS})\s+){_VALUE}"),
    re.compile(rf"(?i)((?:^|\s)(?:-u|--user)[\s=]+|\bsshpass\s+-p\s*){_VALUE}"),
    re.compile(rf"(?i)(\b(?:bearer|basic)\s+){_VALUE}"),
)
_URL_CREDENTIALS = re.compile(r"(://)[^/@\s]+@")
NOT_KEPT = "<not kept>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What pg_settings said, as far as it speaks for the whole server."""

    values: dict[str, str]
    sources: dict[str, dict[str, object]]
    overridden: tuple[tuple[str, str], ...] = ()
    """Name and source of each value that is this session's own, so that it hides the server's."""
    redactions: tuple[str, ...] = field(default=())
    """Paths of values that were changed before they were kept."""


def server_settings(rows: Sequence[Row]) -> Settings:
    """Return the settings of the server, without those the audit role or database overrides."""
    values: dict[str, str] = {}
    sources: dict[str, dict[str, object]] = {}
    overridden = []
    redactions = []
    for row in rows:
        name, source = text(row, "name"), text(row, "source")
        if source in _NOT_SERVER_WIDE:
            overridden.append((name, source))
            continue
        value = text(row, "setting")
        if name in _COMMANDS and (safe := safe_command(value)) != value:
            value = safe
            redactions.append(f"settings.{name}")
        values[name] = value
        sources[name] = {"source": source, "pending_restart": flag(row, "pending_restart")}
        if text(row, "sourcefile"):
            sources[name]["sourcefile"] = text(row, "sourcefile")
    return Settings(
        values=values,
        sources=sources,
        overridden=tuple(overridden),
        redactions=tuple(redactions),
    )


def safe_command(command: str) -> str:
    """Return a shell command with what looks like a password, key or token replaced."""
    for pattern in _SECRETS:
        command = pattern.sub(rf"\g<1>{NOT_KEPT}", command)
    return _URL_CREDENTIALS.sub(rf"\g<1>{NOT_KEPT}@", command)


def is_kept(name: str) -> bool:
    """Return whether the value of this setting may be kept."""
    return name in NAMES | _SAFE_IN_ROLES or name.startswith("pgaudit.")


def role_setting(row: Row) -> dict[str, object]:
    """Return one override of a role or database as `{role, database, setting: "name=value"}`.

    Applications keep tokens in settings of their own, so only values of known names are kept.
    """
    name, _, value = text(row, "setting").partition("=")
    if not is_kept(name):
        value = NOT_KEPT
    elif name in _COMMANDS:
        value = safe_command(value)
    entry: dict[str, object] = {"setting": f"{name}={value}"}
    for key in ("role", "database"):
        if text(row, key):
            entry[key] = text(row, key)
    return entry
