"""Finds out what a cluster serves, and keeps "not served" apart from "could not be learnt"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ojkaudit.collectors.kubernetes.answers import broken, is_not_served, parse_object, refusal
from ojkaudit.collectors.kubernetes.kinds import ReadOutcome, ServedKind, WantedKind, base_path
from ojkaudit.collectors.kubernetes.wire import Requester, RequestFailedError, Tally
from ojkaudit.model.outcome import CoverageStatus

ACCEPT = (
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
)
"""Everything in one answer since 1.26; older servers answer with the plain list of groups."""
RIGHT = "get {} (ClusterRole system:discovery)"

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One kind of one version of a group."""

    plural: str
    namespaced: bool
    can_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a group: its kinds, or why they are not known."""

    kinds: Mapping[str, Entry] = field(default_factory=dict)
    failure: ReadOutcome | None = None
    """Set when the list of kinds is missing or may be out of date."""


Versions = Mapping[str, Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a cluster serves, by group; or why that is not known."""

    groups: Mapping[str, Versions] = field(default_factory=dict)
    failures: Mapping[bool, ReadOutcome] = field(default_factory=dict)
    """True: why the core group is not known; False: why the named groups are not."""

    def find(self, wanted: WantedKind) -> ServedKind | ReadOutcome:
        """Return where `wanted` is listed, or the outcome when it cannot be.

        Another version of the same kind is no substitute: its fields may differ.
        """
        failure = self.failures.get(not wanted.group)
        if failure is not None:
            return failure
        versions = self.groups.get(wanted.group)
        if versions is None:
            return _absent(f"the server does not serve the group {wanted.group or 'core'}")
        version = versions.get(wanted.version, Version())
        entry = version.kinds.get(wanted.kind)
        if entry is None:
            return version.failure or _not_in_version(wanted, versions)
        if not entry.can_list:
            return ReadOutcome(
                status=CoverageStatus.ERROR, detail=f"{entry.plural} cannot be listed"
            )
        return ServedKind(wanted=wanted, plural=entry.plural, namespaced=entry.namespaced)


def discover(requester: Requester, wanted: Iterable[WantedKind], tally: Tally) -> Discovered:
    """Ask for the groups the wanted kinds belong to. Failures are part of what is returned."""
    names = {kind.group for kind in wanted}
    groups: dict[str, Versions] = {}
    failures: dict[bool, ReadOutcome] = {}
    for is_core in sorted({not name for name in names}):
        try:
            found = _discover_root(requester, is_core, names, tally)
        except RequestFailedError as error:
            found = ReadOutcome(status=CoverageStatus.ERROR, detail=error.message)
        if isinstance(found, ReadOutcome):
            failures[is_core] = found
        else:
            groups.update(found)
    return Discovered(groups=groups, failures=failures)


def _discover_root(
    requester: Requester, is_core: bool, names: Iterable[str], tally: Tally
) -> dict[str, Versions] | ReadOutcome:
    path = "/api" if is_core else "/apis"
    reply = requester.get(path, {}, tally, accept=ACCEPT)
    if reply.status != 200:
        outcome = refusal(reply, RIGHT.format(path))
        if outcome.status is CoverageStatus.ABSENT:
            return broken(reply, f"the server has no {path}: is it a Kubernetes API server?")
        return outcome
    document = parse_object(reply.body) or {}
    match document.get("kind"):
        case "APIGroupDiscoveryList":
            groups = _aggregated(document)
        case "APIVersions" | "APIGroupList":
            listed = _listed_versions(document)
            groups = {
                name: _classic(requester, name, versions, tally)
                for name, versions in listed.items()
                if name in names
            }
            # Groups nobody asks for still show that the list itself is sound.
            groups |= {name: {} for name in listed if name not in groups}
        case _:
            return broken(reply, f"{path} did not answer with a list of what is served")
    # No server serves nothing: an empty list would turn every kind into "absent".
    return groups or broken(reply, f"{path} lists nothing at all")


def _aggregated(document: Json) -> dict[str, Versions]:
    return {
        str(_object(group, "metadata").get("name", "")): {
            str(version.get("version", "")): _aggregated_version(group, version)
            for version in _objects(group, "versions")
        }
        for group in _objects(document, "items")
    }


def _aggregated_version(group: Json, version: Json) -> Version:
    kinds = {
        str(_object(resource, "responseKind").get("kind", "")): Entry(
            plural=str(resource.get("resource", "")),
            namespaced=resource.get("scope") == "Namespaced",
            can_list=_can_list(resource),
        )
        for resource in _objects(version, "resources")
    }
    if version.get("freshness") == "Current":
        return Version(kinds=kinds)
    name = _object(group, "metadata").get("name", "")
    failure = ReadOutcome(
        status=CoverageStatus.ERROR,
        detail=f"the API server behind {name}/{version.get('version', '')} does not answer",
    )
    return Version(kinds=kinds, failure=failure)


def _listed_versions(document: Json) -> dict[str, list[str]]:
    """Return versions by group, of /api (core only) or /apis."""
    if document.get("kind") == "APIVersions":
        versions = document.get("versions")
        return {"": [str(version) for version in versions]} if isinstance(versions, list) else {}
    return {
        str(group.get("name", "")): [
            str(version.get("version", "")) for version in _objects(group, "versions")
        ]
        for group in _objects(document, "groups")
    }


def _classic(requester: Requester, group: str, versions: Iterable[str], tally: Tally) -> Versions:
    return {version: _classic_version(requester, group, version, tally) for version in versions}


def _classic_version(requester: Requester, group: str, version: str, tally: Tally) -> Version:
    path = base_path(group, version)
    try:
        reply = requester.get(path, {}, tally)
    except RequestFailedError as error:
        return Version(failure=ReadOutcome(status=CoverageStatus.ERROR, detail=error.message))
    document = parse_object(reply.body) if reply.status == 200 else None
    if document is not None and document.get("kind") == "APIResourceList":
        return Version(kinds=_classic_kinds(document))
    if reply.status == 200:
        return Version(failure=broken(reply, f"{path} did not answer with a list of kinds"))
    if reply.status in (401, 403):
        return Version(failure=refusal(reply, RIGHT.format(path)))
    why = "is listed but not served" if is_not_served(reply) else "does not answer"
    return Version(failure=broken(reply, f"the API server behind {path} {why} ({reply.status})"))


def _classic_kinds(document: Json) -> dict[str, Entry]:
    return {
        str(resource.get("kind", "")): Entry(
            plural=str(resource.get("name", "")),
            namespaced=resource.get("namespaced") is True,
            can_list=_can_list(resource),
        )
        for resource in _objects(document, "resources")
        # pods/status is of kind Pod too.
        if "/" not in str(resource.get("name", ""))
    }


def _not_in_version(wanted: WantedKind, versions: Versions) -> ReadOutcome:
    others = sorted(name for name, version in versions.items() if wanted.kind in version.kinds)
    if others:
        # The cluster has such objects, so "absent" would let a rule say that there is nothing to
        # judge.
        detail = f"not served as {wanted.version}, only as {', '.join(others)}"
        return ReadOutcome(status=CoverageStatus.ERROR, detail=detail)
    unclear = [version.failure for version in versions.values() if version.failure is not None]
    if wanted.version not in versions and unclear:
        return unclear[0]
    return _absent(f"the server does not serve {wanted.kind} in {wanted.api_version}")


def _absent(detail: str) -> ReadOutcome:
    return ReadOutcome(status=CoverageStatus.ABSENT, detail=detail)


def _can_list(resource: Json) -> bool:
    verbs = resource.get("verbs")
    return isinstance(verbs, list) and "list" in verbs


def _object(parent: Json, key: str) -> Json:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _objects(parent: Json, key: str) -> list[Json]:
    value = parent.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
