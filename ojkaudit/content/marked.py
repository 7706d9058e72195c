"""A parsed YAML document that remembers where each of its keys and items stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ojkaudit.errors import Problem

Path: TypeAlias = Sequence[str | int]
"""Keys and list indexes from the root of a document."""


class Mark(NamedTuple):
    """Where one key or list item stands; a tuple, since a large file holds many."""

    line: int
    """1-based line of the key, or of the item."""
    column: int
    """1-based column of the key, or of the item."""
    value_line: int
    """1-based line where the value begins (of the `|` for a block text)."""
    value_column: int
    style: str
    """How a text is written: ``""`` plain, ``'`` or ``"`` quoted, ``|`` or ``>`` block."""


Marks: TypeAlias = dict[int, dict[str | int, Mark]]
"""By `id` of each dict and list of the document, then by key or index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One document: plain data, and a side table of places.

    The table is keyed by identity, so that the data stays plain `dict` and `list`: a subclass
    carrying its lines would not be taken for a map by code that tests `type(x) is dict`.
    """

    file: str
    """Path as the user gave it."""
    data: object
    marks: Marks = field(repr=False)
    first_line: int = 1
    """1-based line where the document begins."""
    source: str = field(default="", repr=False)

    def mark(self, path: Path) -> Mark:
        """Return the place of the key or item at `path`, or of the nearest one above it."""
        found = Mark(self.first_line, 1, self.first_line, 1, "")
        here = self.data
        for step in path:
            mark = self.marks.get(id(here), {}).get(step)
            if mark is None:
                break
            found = mark
            here = _child(here, step)
        return found

    def line(self, path: Path) -> int:
        """Return the 1-based line of the key or item at `path`, or of the nearest one above."""
        return self.mark(path).line

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem at `path`."""
        mark = self.mark(path)
        return Problem(file=self.file, line=mark.line, column=mark.column, message=message)

    def inside_text(self, path: Path, line: int, column: int) -> tuple[int, int]:
        """Return the line and column in the file of a place inside the text at `path`.

        Args:
            path: Where the text stands.
            line: 1-based line within the text.
            column: 1-based column within that line.

        Exact for block texts (`|`) and for texts on one line; for folded and wrapped texts the
        place where the text begins, since folding joins lines.
        """
        mark = self.mark(path)
        if mark.style == "|":
            indent = self._indent_below(mark.value_line)
            return mark.value_line + line, indent + column
        if mark.style == ">" or line > 1:
            return mark.value_line, mark.value_column
        return mark.value_line, mark.value_column + column - 1 + (mark.style != "")

    def _indent_below(self, line: int) -> int:
        """Return the indentation of the first text line after the 1-based `line`."""
        for text in self.source.split("\n")[line:]:
            if text.strip():
                return len(text) - len(text.lstrip(" "))
        return 0


def _child(parent: object, step: str | int) -> object:
    if isinstance(parent, Mapping):
        return parent.get(step)
    if isinstance(parent, list) and isinstance(step, int) and 0 <= step < len(parent):
        return parent[step]
    return None
