"""Read the files of source documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ojkaudit.content.config_checks import duplicates
from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.texts import optional_day, optional_text, text_of
from ojkaudit.content.views import mapping
from ojkaudit.errors import Problem
from ojkaudit.model.catalog import Control, SourceDocument

Data = Mapping[str, Any]


def read_document_file(path: Path, faults: Faults) -> SourceDocument | None:
    """Return the source document of a file; None when the file has faults."""
    marked = faults.read(path, "document")
    if marked is None:
        return None
    problems = list(_problems(marked, path))
    faults.add(problems)
    if problems:
        return None
    return _build(mapping(marked.data))


def _problems(marked: Marked, path: Path) -> Iterator[Problem]:
    data: Data = mapping(marked.data)
    if data["id"] != path.stem:
        message = f"document '{data['id']}' must stand in a file called {data['id']}.yaml"
        yield marked.problem(("id",), message)
    yield from _order(marked, (), data, "in_force_from", "in_force_until")
    yield from duplicates(marked, ("controls",))
    for index, control in enumerate(data["controls"]):
        here = ("controls", index)
        if not control["id"].startswith(data["id"] + "/"):
            message = f"controls of this document begin with '{data['id']}/'"
            yield marked.problem((*here, "id"), message)
        if control.get("citable") and not control.get("article"):
            # Only an article that was read may be printed, and this one names none.
            yield marked.problem((*here, "citable"), "a citable control needs its 'article'")
        if control.get("citable") and control.get("confidence") != "text seen":
            message = "citable only where the text was read: confidence 'text seen'"
            yield marked.problem((*here, "citable"), message)
        yield from _order(marked, here, control, "binds_from", "binds_until")


def _order(
    marked: Marked, path: tuple[str | int, ...], data: Data, first: str, last: str
) -> Iterator[Problem]:
    if first in data and last in data and data[last] < data[first]:
        yield marked.problem((*path, last), f"'{last}' lies before '{first}'")


def _build(data: Data) -> SourceDocument:
    return SourceDocument(
        id=data["id"],
        title=text_of(data["title"]),
        issuer=data["issuer"],
        in_force_from=optional_day(data, "in_force_from"),
        in_force_until=optional_day(data, "in_force_until"),
        superseded_by=data.get("superseded_by", ""),
        controls=tuple(_control(control, data["id"]) for control in data["controls"]),
        note=optional_text(data, "note"),
    )


def _control(data: Data, document: str) -> Control:
    return Control(
        id=data["id"],
        document=document,
        title=text_of(data["title"]),
        article=data.get("article", ""),
        citable=data.get("citable", False),
        confidence=data.get("confidence", ""),
        theme=data.get("theme", ""),
        binds_from=optional_day(data, "binds_from"),
        binds_until=optional_day(data, "binds_until"),
    )
