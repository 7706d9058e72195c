"""The documents by which a client learns what is served: classic and aggregated."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping

from tests.support.kube_server.api_types import ApiType, TypeTable

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

Document = dict[str, object]


def api_versions(address: str) -> Document:
    """/api"""
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    }


def _group(name: str, versions: Collection[str]) -> Document:
    entries = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": entries, "preferredVersion": entries[0]}


def _versions(types: TypeTable, down: Collection[str]) -> dict[str, list[str]]:
    """Versions by named group, those of backends that are down included."""
    result = {name: list(versions) for name, versions in types.groups().items() if name}
    for entry in sorted(down):
        group, _, version = entry.rpartition("/")
        versions = result.setdefault(group, [])
        if version not in versions:
            versions.append(version)
    return result


def group_list(types: TypeTable, down: Collection[str]) -> Document:
    """/apis"""
    groups = [_group(name, versions) for name, versions in _versions(types, down).items()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(types: TypeTable, down: Collection[str], name: str) -> Document | None:
    """/apis/GROUP; None when it is not served."""
    versions = _versions(types, down).get(name)
    if versions is None:
        return None
    return {"kind": "APIGroup", "apiVersion": "v1"} | _group(name, versions)


def resource_list(types: TypeTable, group_name: str, version: str) -> Document | None:
    """/api/v1 and /apis/GROUP/VERSION; None when it is not served."""
    kinds = types.groups().get(group_name, {}).get(version)
    if kinds is None:
        return None
    # The core group's list really comes without apiVersion.
    head: Document = {"kind": "APIResourceList"} | ({"apiVersion": "v1"} if group_name else {})
    head["groupVersion"] = f"{group_name}/{version}" if group_name else version
    return head | {"resources": [entry for kind in kinds for entry in _resources(kind)]}


def _resources(kind: ApiType) -> list[Document]:
    entry: Document = {
        "name": kind.plural,
        "singularName": kind.kind.lower(),
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if "list" not in kind.verbs:
        return [entry]
    digest = hashlib.sha256(kind.qualified.encode()).digest()[:8]
    entry["storageVersionHash"] = base64.b64encode(digest).decode()
    # Subresources share the kind: a client that takes the first name of a kind reads the wrong one.
    status = {
        "name": f"{kind.plural}/status",
        "singularName": "",
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": ["get", "patch", "update"],
    }
    return [status, entry] if kind.custom else [entry, status]


def aggregated(types: TypeTable, down: Collection[str], *, core: bool) -> Document:
    """/api or /apis with the Accept of apidiscovery.k8s.io/v2."""
    groups = types.groups()
    names = [""] if core else list(_versions(types, down))
    items: list[Document] = []
    for name in names:
        versions = ["v1"] if core else _versions(types, down)[name]
        entries = [
            _aggregated_version(groups.get(name, {}), name, version, down) for version in versions
        ]
        items.append({"metadata": {"name": name} if name else {}, "versions": entries})
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _aggregated_version(
    served: Mapping[str, list[ApiType]], group_name: str, version: str, down: Collection[str]
) -> Document:
    if f"{group_name}/{version}" in down:
        return {"version": version, "freshness": "Stale"}
    resources = [_aggregated_resource(kind) for kind in served.get(version, [])]
    return {"version": version, "resources": resources, "freshness": "Current"}


def _aggregated_resource(kind: ApiType) -> Document:
    # Built-in kinds leave group and version of the response kind empty.
    response = {
        "group": kind.group if kind.custom else "",
        "version": kind.version if kind.custom else "",
        "kind": kind.kind,
    }
    entry: Document = {
        "resource": kind.plural,
        "responseKind": response,
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.kind.lower(),
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if "list" in kind.verbs:
        status = {
            "subresource": "status",
            "responseKind": response,
            "verbs": ["get", "patch", "update"],
        }
        entry["subresources"] = [status]
    return entry


def version_document() -> Document:
    """/version"""
    return {
        "major": "1",
        "minor": "36",
        "emulationMajor": "1",
        "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.2",
        "gitCommit": "test-server",
        "gitTreeState": "clean",
        "buildDate": "2026-01-05T02:00:00Z",
        "goVersion": "go1.26.6",
        "compiler": "gc",
        "platform": "linux/amd64",
    }
