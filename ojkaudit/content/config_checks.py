"""What a schema cannot say of `ojkaudit.yaml`: order of dates, references, one of two keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ojkaudit.content.marked import Marked
from ojkaudit.content.views import mapping, records, text
from ojkaudit.errors import Problem

REGISTER_TARGET = "register"
"""The register is a target of its own, so no other may bear its name."""

_FAMILIES = ("kubernetes", "postgresql")


def check_config(document: Marked) -> Iterator[Problem]:
    """Yield every fault of the configuration that its schema cannot find.

    The data may still violate the schema: whatever has another form is passed over here.
    """
    yield from _period(document)
    yield from _targets(document)
    yield from _kubernetes(document)
    yield from _postgresql(document)
    yield from _waivers(document)
    yield from _signing(document)


def site_ids(document: Marked) -> frozenset[str]:
    """Return the ids of the declared sites."""
    return frozenset(text(site, "id") for _, site in records(document.data, "sites"))


def duplicates(document: Marked, *paths: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each `id` used a second time in the lists at `paths`, taken together."""
    first: dict[str, int] = {}
    for path in paths:
        for index, record in records(document.data, *path):
            name = text(record, "id")
            here: tuple[str | int, ...] = (*path, index, "id")
            if name and name in first:
                message = f"id '{name}' is already used on line {first[name]}"
                yield document.problem(here, message)
            first.setdefault(name, document.line(here))


def _period(document: Marked) -> Iterator[Problem]:
    period = mapping(document.data, "period")
    # Texts of the form YYYY-MM-DD order as the days do.
    if text(period, "from") and text(period, "to") and text(period, "to") < text(period, "from"):
        yield document.problem(("period", "to"), "the period ends before it begins")


def _targets(document: Marked) -> Iterator[Problem]:
    data = mapping(document.data)
    paths = [("targets", family) for family in _FAMILIES]
    yield from duplicates(document, *paths)
    known = site_ids(document)
    for path in paths:
        for index, target in records(data, *path):
            if text(target, "id") == REGISTER_TARGET:
                message = f"'{REGISTER_TARGET}' is the name of the register; choose another id"
                yield document.problem((*path, index, "id"), message)
            site = text(target, "site")
            if site and site not in known:
                yield document.problem((*path, index, "site"), f"no site has the id '{site}'")
    has_register = bool(data.get("register")) or "register_file" in data
    if not has_register and not any(records_of(data, path) for path in paths):
        message = "nothing to audit: name at least one target or register record"
        yield document.problem(("targets",), message)


def records_of(data: Mapping[str, Any], path: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """Return the mappings of the list at `path`."""
    return [record for _, record in records(data, *path)]


def _kubernetes(document: Marked) -> Iterator[Problem]:
    for index, target in records(document.data, "targets", "kubernetes"):
        path = ("targets", "kubernetes", index)
        yield from _not_both(document, path, target, "token_env", "token_file")
        has_token = "token_env" in target or "token_file" in target
        if "server" in target:
            yield from _not_both(document, path, target, "server", "kubeconfig")
            yield from _not_both(document, path, target, "server", "context")
            if not has_token:
                message = "key 'server' needs 'token_env' or 'token_file' beside it"
                yield document.problem((*path, "server"), message)
        elif has_token:
            key = "token_env" if "token_env" in target else "token_file"
            yield document.problem((*path, key), f"key '{key}' needs 'server' beside it")
        if target.get("in_cluster") is True:
            for other in ("server", "kubeconfig", "context"):
                yield from _not_both(document, path, target, "in_cluster", other)


def _postgresql(document: Marked) -> Iterator[Problem]:
    for index, target in records(document.data, "targets", "postgresql"):
        path = ("targets", "postgresql", index)
        yield from _not_both(document, path, target, "password_env", "password_file")


def _waivers(document: Marked) -> Iterator[Problem]:
    yield from duplicates(document, ("waivers",))
    for index, waiver in records(document.data, "waivers"):
        path = ("waivers", index)
        owner, approver = text(waiver, "owner"), text(waiver, "approver")
        if owner and _person(owner) == _person(approver):
            message = "nobody approves their own waiver: approver and owner are the same"
            yield document.problem((*path, "approver"), message)
        issued, until = text(waiver, "issued"), text(waiver, "until")
        if issued and until and until < issued:
            yield document.problem((*path, "until"), "the waiver ends before it is issued")


def _person(name: str) -> str:
    return " ".join(name.casefold().split())


def _signing(document: Marked) -> Iterator[Problem]:
    data = mapping(document.data)
    if "signing" not in data:
        return
    signing = mapping(data, "signing")
    yield from _not_both(document, ("signing",), signing, "pkcs12", "pem")
    yield from _not_both(document, ("signing",), signing, "passphrase_env", "passphrase_file")
    if "pkcs12" not in signing and "pem" not in signing:
        yield document.problem(
            ("signing",), "name a key: 'pkcs12', or 'pem' with key and certificate"
        )


def _not_both(
    document: Marked, path: tuple[str | int, ...], record: Mapping[str, Any], one: str, other: str
) -> Iterator[Problem]:
    if one in record and other in record:
        yield document.problem((*path, other), f"give either '{one}' or '{other}', not both")
