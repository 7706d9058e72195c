"""What a schema cannot say of the register: ids used once, references that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ojkaudit.content.config_checks import duplicates
from ojkaudit.content.marked import Marked
from ojkaudit.content.views import items, mapping, records, text
from ojkaudit.errors import Problem

COLLECTIONS = (
    "attestations",
    "systems",
    "dr_tests",
    "restore_tests",
    "assessments",
    "access_reviews",
    "key_escrow",
    "vendors",
    "approved_hosts",
    "privacy",
    "ropa",
)
"""Sections of `register`."""

_SITE_KEYS = ("site", "sites", "primary_site")
_SYSTEM_KEYS = ("system", "systems", "scope_systems")
_VENDOR_KEYS = ("vendors", "processors")
_ORDERED = (
    ("issued", "valid_until", "valid until a day before it was issued"),
    ("contract_start", "contract_end", "the contract ends before it begins"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPart:
    """One file that holds sections of the register, and where in it they stand."""

    document: Marked
    prefix: tuple[str, ...]
    """`("register",)` in `ojkaudit.yaml`, `()` in a register file."""

    def sections(self) -> Mapping[str, Any]:
        """Return the sections of this part."""
        return mapping(self.document.data, *self.prefix)


def check_register(parts: tuple[RegisterPart, ...], sites: frozenset[str]) -> Iterator[Problem]:
    """Yield every fault of the register that its schema cannot find.

    Args:
        parts: The inline register and the register file, where present.
        sites: Ids of the declared sites.
    """
    known = {
        "site": sites,
        "system": _ids(parts, "systems"),
        "vendor": _ids(parts, "vendors"),
    }
    seen: dict[str, RegisterPart] = {}
    for part in parts:
        for name in COLLECTIONS:
            if name not in part.sections():
                continue
            path = (*part.prefix, name)
            if name in seen:
                message = f"'{name}' also stands in {seen[name].document.file}; keep it in one file"
                yield part.document.problem(path, message)
            seen.setdefault(name, part)
            yield from duplicates(part.document, path)
            yield from _references(part, name, known)


def _ids(parts: tuple[RegisterPart, ...], name: str) -> frozenset[str]:
    return frozenset(text(r, "id") for part in parts for _, r in records(part.sections(), name))


def _references(
    part: RegisterPart, name: str, known: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    keys = (
        *((key, "site") for key in _SITE_KEYS),
        *((key, "system") for key in _SYSTEM_KEYS),
        *((key, "vendor") for key in _VENDOR_KEYS),
    )
    for index, record in records(part.sections(), name):
        path: tuple[str | int, ...] = (*part.prefix, name, index)
        for key, what in keys:
            for place, value in _values(record, key):
                if value not in known[what]:
                    message = f"no {what} has the id '{value}'"
                    yield part.document.problem((*path, *place), message)
        yield from _order(part.document, path, record)


def _values(record: Mapping[str, Any], key: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if text(record, key):
        yield (key,), text(record, key)
    for index, value in enumerate(items(record, key)):
        if isinstance(value, str):
            yield (key, index), value


def _order(
    document: Marked, path: tuple[str | int, ...], record: Mapping[str, Any]
) -> Iterator[Problem]:
    for first, last, message in _ORDERED:
        begin, end = text(record, first), text(record, last)
        if begin and end and end < begin:
            yield document.problem((*path, last), message)
