"""Collect faults over many files, then raise them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ojkaudit.content.marked import Marked
from ojkaudit.content.schema import check, in_order
from ojkaudit.content.yaml_reader import read_document
from ojkaudit.errors import ContentError, OjkauditError, Problem


@dataclass(slots=True)
class Faults:
    """What is wrong so far."""

    error: type[OjkauditError] = ContentError
    """What to raise."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep the problems."""
        self.problems.extend(problems)

    def add_file(self, path: Path, message: str) -> None:
        """Keep a problem of a whole file."""
        self.problems.append(Problem(file=str(path), line=0, message=message))

    def read(self, path: Path, schema: str) -> Marked | None:
        """Return the document if it satisfies the schema; else keep its faults and return None."""
        try:
            document = read_document(path, error=self.error)
        except self.error as error:
            self.problems.extend(error.problems)
            return None
        found = check(document, schema)
        self.problems.extend(found)
        return None if found else document

    def raise_if_any(self, what: str) -> None:
        """Raise an error that lists every problem, if there is one.

        Raises:
            OjkauditError: Of the type given at the start.
        """
        if not self.problems:
            return
        shown = in_order(self.problems)
        count = "1 fault" if len(shown) == 1 else f"{len(shown)} faults"
        raise self.error(f"{what} cannot be used: {count}", problems=shown)
