"""A reader that answers SQL statements from a table instead of a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ojkaudit.collectors.postgresql.rows import Row, Unread
from ojkaudit.collectors.postgresql.statements.statement import Statement

DENIED = Unread(denied=True, reason="permission denied")
TIMEOUT = Unread(denied=False, reason="stopped by statement_timeout (1 s) or a cancel")


@dataclass(slots=True)
class FakeReader:
    """Gives the rows listed for a statement's fact; an unlisted fact gives no row."""

    answers: dict[str, tuple[Row, ...] | Unread] = field(default_factory=dict)
    sent: list[Statement] = field(default_factory=list)

    def rows(
        self, statement: Statement, parameters: Mapping[str, object] | None = None
    ) -> tuple[Row, ...] | Unread:
        """Return what is listed for the statement's fact."""
        self.sent.append(statement)
        return self.answers.get(statement.fact, ())
