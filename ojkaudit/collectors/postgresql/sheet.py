"""The payload under construction, with a record of every fact that could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ojkaudit.collectors.postgresql.rows import Reader, Row, Unread
from ojkaudit.collectors.postgresql.statements.statement import Statement


@dataclass(slots=True, kw_only=True)
class FactSheet:
    """Facts of one server; a fact that was not read has no key, only a line that says why."""

    user: str
    """The audit role, quoted for SQL."""
    payload: dict[str, object] = field(default_factory=dict)
    missing: list[dict[str, object]] = field(default_factory=list)
    """`{fact, right}` for each fact a missing privilege hides."""
    failed: list[dict[str, object]] = field(default_factory=list)
    """`{fact, reason}` for each fact that could not be read for another reason."""
    redactions: list[str] = field(default_factory=list)
    """Paths of values that were changed before they were kept."""

    def read(
        self,
        reader: Reader,
        statement: Statement,
        parameters: Mapping[str, object] | None = None,
        *,
        within: str = "",
    ) -> tuple[Row, ...] | None:
        """Return the rows; record why there are none and return None when it was not read.

        Args:
            reader: Where to send it.
            statement: What to send.
            parameters: Its parameters.
            within: Path that goes before the statement's fact, for a fact of one database.

        Raises:
            ConnectionFailedError: The connection is gone.
        """
        result = reader.rows(statement, parameters)
        if not isinstance(result, Unread):
            return result
        fact = f"{within}.{statement.fact}" if within else statement.fact
        if result.denied:
            self.lacks(fact, statement.right_for(self.user))
        else:
            self.fails(fact, result.reason)
        return None

    def lacks(self, fact: str, right: str) -> None:
        """Record that a missing right hides a fact; `{user}` in `right` becomes the role."""
        self.missing.append({"fact": fact, "right": right.replace("{user}", self.user)})

    def fails(self, fact: str, reason: str) -> None:
        """Record that a fact could not be read though no right is known to be missing."""
        self.failed.append({"fact": fact, "reason": reason})
