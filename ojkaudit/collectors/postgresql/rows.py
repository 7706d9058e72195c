"""Rows as the server gave them, and the outcome of a statement that gave none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ojkaudit.collectors.postgresql.statements.statement import Statement

Row: TypeAlias = Mapping[str, object]
"""Column name → value; SQL NULL is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A statement that failed although the connection still works."""

    denied: bool
    """Whether a privilege is missing; otherwise `reason` says what happened."""
    reason: str
    """One line, without text from the server."""


class Reader(Protocol):
    """Sends one statement at a time to one database."""

    def rows(
        self, statement: Statement, parameters: Mapping[str, object] | None = None
    ) -> tuple[Row, ...] | Unread:
        """Return the rows, or why there are none.

        Raises:
            ConnectionFailedError: The connection is gone.
        """


def present(row: Row) -> dict[str, object]:
    """Return the row without its NULLs: in evidence, NULL is an absent key."""
    return {key: value for key, value in row.items() if value is not None}


def text(row: Row, key: str) -> str:
    """Return a text column, empty when NULL."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def texts(row: Row, key: str) -> tuple[str, ...]:
    """Return an array of text, empty when NULL."""
    value = row.get(key)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def flag(row: Row, key: str) -> bool:
    """Return whether a boolean column is true; NULL is not."""
    return row.get(key) is True


def whole(row: Row, key: str) -> int | None:
    """Return an integer column, None when NULL."""
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
