"""Read the catalog: every document, control, rule and table; anything unexpected is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ojkaudit.content.document_files import read_document_file
from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.rule_files import read_rule
from ojkaudit.content.schema_messages import nearest
from ojkaudit.content.tables import read_parameters, read_regions
from ojkaudit.content.views import mapping, text
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import Catalog, HostPattern, Parameter, Region, Rule, SourceDocument

DOCUMENTS = "documents"
PROFILES = "profiles"
CASES = "cases"
"""Folder in which an institution keeps the cases of its own rules, beside the themes."""
_TABLES = ("catalog.yaml", "parameters.yaml", "regions.yaml")
_THEME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFiles:
    """A catalog, and the files its rules came from, for messages that name lines."""

    catalog: Catalog
    rule_files: Mapping[str, Marked] = field(repr=False)
    """By rule id."""


@dataclass(slots=True)
class _Found:
    """What has been read so far."""

    faults: Faults
    rules: dict[str, Rule] = field(default_factory=dict)
    rule_files: dict[str, Marked] = field(default_factory=dict)
    documents: dict[str, SourceDocument] = field(default_factory=dict)
    version: str = ""
    parameters: tuple[Parameter, ...] = ()
    regions: tuple[Region, ...] = ()
    hosts: tuple[HostPattern, ...] = ()


def load_catalog(dirs: Sequence[Path]) -> Catalog:
    """Return the catalog.

    Args:
        dirs: The shipped rules folder first; then folders of the institution's own rules, which
            hold `<theme>/<ID>.yaml`, a folder `cases` and nothing else.

    Raises:
        ContentError: With every fault found: a file that does not belong there, an invalid one, an
            id used twice, no rule at all.
    """
    return read_catalog(dirs).catalog


def read_catalog(dirs: Sequence[Path]) -> CatalogFiles:
    """Return the catalog with the files of its rules.

    Raises:
        ContentError: As `load_catalog`.
    """
    found = _Found(faults=Faults(ContentError))
    for index, folder in enumerate(dirs):
        if not folder.is_dir():
            found.faults.add_file(folder, "no such folder")
        elif index == 0:
            _read_shipped(folder, found)
        else:
            own = tuple(path for path in _entries(folder) if path.name != CASES)
            _read_themes(folder, found, own)
    if not found.faults.problems:
        # Only now: a document that could not be read would seem to lack its controls.
        _check_controls(found)
    if not found.rules and not found.faults.problems:
        raise ContentError("the catalog holds no rule", hint="Nothing could be judged.")
    found.faults.raise_if_any("the catalog")
    catalog = Catalog(
        version=found.version,
        documents=tuple(found.documents[name] for name in sorted(found.documents)),
        rules=tuple(found.rules[name] for name in sorted(found.rules)),
        parameters=found.parameters,
        regions=found.regions,
        host_patterns=found.hosts,
    )
    return CatalogFiles(catalog=catalog, rule_files=found.rule_files)


def _check_controls(found: _Found) -> None:
    """Refuse rules that cite an unknown control: its roll-up would go without their findings."""
    known = [control.id for document in found.documents.values() for control in document.controls]
    for rule in found.rules.values():
        for index, name in enumerate(rule.controls):
            if name in known:
                continue
            near = nearest(name, known)
            message = f"no document has the control '{name}'"
            message += f"; did you mean '{near}'?" if near else ""
            file = found.rule_files[rule.id]
            found.faults.add([file.problem(("controls", index), message)])


def _entries(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.iterdir())


def _read_shipped(folder: Path, found: _Found) -> None:
    head = found.faults.read(folder / "catalog.yaml", "catalog")
    if head is not None:
        found.version = text(mapping(head.data), "version")
    found.parameters = read_parameters(folder / "parameters.yaml", found.faults)
    found.regions, found.hosts = read_regions(folder / "regions.yaml", found.faults)
    _read_documents(folder / DOCUMENTS, found)
    known = {*_TABLES, DOCUMENTS, PROFILES}
    _read_themes(folder, found, tuple(p for p in _entries(folder) if p.name not in known))


def _read_documents(folder: Path, found: _Found) -> None:
    if not folder.is_dir():
        found.faults.add_file(folder, "no such folder; the catalog needs its source documents")
        return
    for path in _entries(folder):
        if path.suffix != ".yaml" or not path.is_file():
            found.faults.add_file(path, "does not belong here; only <ID>.yaml of a document does")
            continue
        document = read_document_file(path, found.faults)
        if document is not None:
            found.documents[document.id] = document


def _read_themes(folder: Path, found: _Found, entries: Sequence[Path]) -> None:
    for entry in entries:
        if not entry.is_dir() or not _THEME.fullmatch(entry.name):
            message = "does not belong here; rules stand in <theme>/<ID>.yaml"
            found.faults.add_file(entry, message)
            continue
        for path in _entries(entry):
            _read_rule_file(path, folder, found)


def _read_rule_file(path: Path, folder: Path, found: _Found) -> None:
    if path.suffix != ".yaml" or not path.is_file():
        found.faults.add_file(path, "does not belong here; only <ID>.yaml of a rule does")
        return
    read = read_rule(path, folder, found.faults)
    if read is None:
        return
    rule, document = read
    if rule.id in found.rules:
        first = found.rule_files[rule.id].file
        message = f"rule '{rule.id}' is already defined in {first}; choose an id of your own"
        found.faults.add([document.problem(("id",), message)])
        return
    found.rules[rule.id] = rule
    found.rule_files[rule.id] = document
