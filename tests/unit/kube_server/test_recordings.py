"""The test server against recorded answers of a real one: same code, headers, shape and wording."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.support.kube_server import Fault, KubeServer, Rights
from tests.support.kube_server.recorded import RecordedCluster, load
from tests.support.needs import recordings_dir

pytestmark = pytest.mark.recordings

VIEW = Rights.only(
    *[("", name, "*") for name in ("configmaps", "endpoints", "namespaces", "pods", "services")],
    ("apps", "*", "*"),
)
USERS = {"admin": Rights.all(), "auditor": VIEW, "limited": Rights.none()}
DOWN = {"metrics.k8s.io/v1beta1"}


@dataclass(frozen=True, slots=True)
class Setup:
    """How to ask for one sample."""

    user: str = "admin"
    """Empty: no token; "wrong": a token nobody has."""
    revision: int = 1964
    faults: tuple[tuple[str, Fault], ...] = ()


SAMPLES: dict[str, Setup] = {
    "400-garbage-continue": Setup(),
    "400-label-selector": Setup(),
    "401-no-token": Setup(user=""),
    "401-wrong-token": Setup(user="wrong"),
    "403-custom-resource": Setup(user="auditor"),
    "403-namespaced-configmaps": Setup(user="limited"),
    "403-nodes": Setup(user="limited"),
    "403-non-resource": Setup(user="limited"),
    "403-pods": Setup(user="limited"),
    "403-view-role-nodes": Setup(user="auditor"),
    "403-view-role-secrets": Setup(user="auditor"),
    "404-named-object": Setup(),
    "404-unknown-group": Setup(),
    "404-unknown-resource": Setup(),
    "405-get-selfsubjectaccessreview": Setup(),
    "406-not-acceptable": Setup(),
    "410-expired-continue": Setup(revision=2006),
    "410-followup-inconsistent-page": Setup(revision=2006),
    "429-too-many-requests": Setup(faults=(("configmaps", Fault(status=429)),)),
    "aggregated-discovery-304": Setup(),
    "aggregated-discovery-api": Setup(),
    "aggregated-discovery-apis": Setup(),
    "api": Setup(),
    "apis": Setup(),
    "discovery-503-aggregated-api-down": Setup(),
    "discovery-apps": Setup(),
    "discovery-apps-v1": Setup(),
    "discovery-autoscaling": Setup(),
    "discovery-config.openshift.io-v1": Setup(),
    "discovery-core-v1": Setup(),
    "discovery-networking.istio.io-v1": Setup(),
    "discovery-rbac-v1": Setup(),
    "discovery-security.openshift.io-v1": Setup(),
    "get-clusterversion": Setup(),
    "gzip-asked-small-list": Setup(),
    "gzip-list": Setup(),
    "list-custom-resource": Setup(),
    "list-empty": Setup(),
    "list-empty-custom-resource": Setup(),
    "list-empty-items-null": Setup(),
    "list-exact-rv-too-old": Setup(),
    "list-nodes-limit5-page1": Setup(),
    "list-nodes-limit5-page2-last": Setup(),
    "list-pods-limit5-page1": Setup(),
    "list-pods-limit5-page2": Setup(),
    "list-selector-limit2": Setup(),
    "list-unknown-namespace": Setup(),
    "partial-pods": Setup(),
    "partial-secrets": Setup(),
    "readyz": Setup(),
    "selfsubjectreview-auditor": Setup(user="auditor"),
    "ssar-allowed": Setup(user="auditor"),
    "ssar-denied": Setup(user="auditor"),
    "ssar-denied-custom-resource": Setup(user="auditor"),
    "version": Setup(),
    "warning-deprecated-api": Setup(),
}

NOT_OFFERED = {
    "ssrr-admin": "rights are asked for kind by kind, no client of ours lists them",
    "ssrr-auditor": "idem",
    "ssrr-limited": "idem",
    "watch-added-modified-deleted-bookmark": "no client of ours watches",
    "watch-error-410": "idem",
    "watch-initial-events-bookmark": "idem",
}

HEADERS = ("content-type", "content-encoding", "retry-after", "vary", "warning", "cache-control")


@pytest.fixture(scope="module")
def cluster() -> RecordedCluster:
    return load(recordings_dir() / "cluster")


@pytest.fixture(scope="module")
def servers(cluster: RecordedCluster) -> Iterator[dict[int, KubeServer]]:
    running = {
        revision: KubeServer(
            objects=cluster.objects,
            types=cluster.types,
            users=USERS,
            down=DOWN,
            revision=revision,
        )
        for revision in (1964, 2006)
    }
    with running[1964], running[2006]:
        yield running


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Any


def _recorded(name: str) -> tuple[dict[str, Any], Reply]:
    sample = json.loads((recordings_dir() / "kube-api" / f"{name}.json").read_text())
    response = sample["response"]
    body = response.get("body")
    if "body_base64" in response:
        body = json.loads(gzip.decompress(base64.b64decode(response["body_base64"])))
    return sample["request"], Reply(response["status"], response["headers"], body)


def _replay(server: KubeServer, request: Mapping[str, Any], setup: Setup) -> Reply:
    headers = {k: v for k, v in request["headers"].items() if k != "Authorization"}
    if "If-None-Match" in headers:
        with urllib3.PoolManager(ca_certs=str(server.ca_file)) as first:
            known = {"Authorization": f"Bearer {server.token(setup.user)}"}
            got = first.request("GET", server.url + request["path"], headers=known | headers)
            headers["If-None-Match"] = got.headers["ETag"]
    if setup.user:
        token = "nobody-has-this" if setup.user == "wrong" else server.token(setup.user)
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(request["body"]).encode() if request.get("body") else None
    with urllib3.PoolManager(ca_certs=str(server.ca_file), retries=False) as pool:
        response = pool.request(
            request["method"], server.url + request["path"], headers=headers, body=body
        )
        text = response.data.decode()
        lower = {name.lower(): value for name, value in response.headers.items()}
    is_json = lower.get("content-type", "").startswith("application/json")
    return Reply(response.status, lower, json.loads(text) if is_json else text)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_same_answer_as_a_real_server(servers: dict[int, KubeServer], name: str) -> None:
    setup = SAMPLES[name]
    server = servers[setup.revision]
    request, real = _recorded(name)
    server.clear_faults()
    for place, fault in setup.faults:
        server.fault(place, fault)
    ours = _replay(server, request, setup)
    server.clear_faults()

    assert ours.status == real.status
    for header in HEADERS:
        assert ours.headers.get(header) == real.headers.get(header), header
    assert set(real.headers) - {
        "x-kubernetes-pf-flowschema-uid",
        "x-kubernetes-pf-prioritylevel-uid",
    } <= set(ours.headers)
    _compare(name, ours.body, real.body)


def _compare(name: str, ours: Any, real: Any) -> None:
    kind = real.get("kind", "") if isinstance(real, dict) else ""
    if name == "version":
        assert list(ours) == list(real)
    elif kind.endswith("List") and "items" in real and kind != "APIGroupDiscoveryList":
        _compare_list(ours, real)
    else:
        COMPARISONS.get(kind, _compare_exactly)(ours, real)


def _compare_exactly(ours: Any, real: Any) -> None:
    assert ours == real


def _compare_groups(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _head(ours) == _head(real)
    shown = {group["name"]: group for group in ours["groups"]}
    listed = [group for group in real["groups"] if group["name"] in shown]
    assert len(listed) > 60
    for group in listed:
        _assert_group(shown[group["name"]], group)


def _compare_shape(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert ours.get("versions") == real.get("versions")
    assert _shape(ours) == _shape(real)


def _compare_review(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _timeless(ours) == _timeless(real)


def _compare_user(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _shape(ours) == _shape(real)
    assert ours["status"]["userInfo"]["username"] == real["status"]["userInfo"]["username"]


def _compare_list(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _head(ours) == _head(real)  # resourceVersion, continue, remainingItemCount and all
    assert ours["items"] == real["items"]


def _compare_resources(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _head(ours) == _head(real)
    shown = {entry["name"]: _plain(entry) for entry in ours["resources"]}
    listable = [entry for entry in real["resources"] if "list" in entry["verbs"]]
    compared = [entry for entry in listable if entry["name"] in shown]
    assert len(compared) >= len(listable) - 1  # componentstatuses is not offered
    for entry in compared:
        assert _shape(shown[entry["name"]]) == _shape(_plain(entry))
        assert {k: v for k, v in shown[entry["name"]].items() if k != "verbs"} == {
            k: v for k, v in _plain(entry).items() if k != "verbs"
        }
        assert set(shown[entry["name"]]["verbs"]) == set(entry["verbs"])


def _compare_aggregated(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert _head(ours) == _head(real)
    shown = {
        (group["metadata"].get("name"), version["version"]): version
        for group in ours["items"]
        for version in group["versions"]
    }
    compared = 0
    for group in real["items"]:
        for version in group["versions"]:
            mine = shown.get((group["metadata"].get("name"), version["version"]))
            if mine is None:
                continue
            assert mine["freshness"] == version["freshness"]
            assert ("resources" in mine) == ("resources" in version)
            entries = {entry["resource"]: entry for entry in mine.get("resources", ())}
            for entry in version.get("resources", ()):
                if entry["resource"] in entries and "list" in entry["verbs"]:
                    compared += 1
                    found = entries[entry["resource"]]
                    for key in ("responseKind", "scope", "singularResource"):
                        assert found[key] == entry[key]
                    assert set(found["verbs"]) == set(entry["verbs"])
    assert compared > 10


def _assert_group(ours: dict[str, Any], real: dict[str, Any]) -> None:
    assert list(ours) == list(real)
    served = [entry["version"] for entry in ours["versions"]]
    assert [e for e in ours["versions"] if e in real["versions"]], (served, real)
    assert _shape(ours["versions"][0]) == _shape(real["versions"][0])


def _head(body: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in body.items() if k not in ("items", "resources", "groups")}


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without what no client of ours reads."""
    cosmetic = ("shortNames", "categories", "storageVersionHash", "singularName")
    return {key: value for key, value in entry.items() if key not in cosmetic}


def _shape(value: Any) -> Any:
    match value:
        case dict():
            return {key: _shape(inner) for key, inner in value.items()}
        case list():
            return "list"
        case _:
            return type(value).__name__


def _timeless(review: dict[str, Any]) -> dict[str, Any]:
    """A review without its time and without the role's name, which differ by nature."""
    copy = json.loads(json.dumps(review))
    for field in copy["metadata"]["managedFields"]:
        field["time"] = ""
    reason = copy["status"].get("reason", "")
    if reason:
        assert reason.startswith("RBAC: allowed by ClusterRoleBinding ")
        copy["status"]["reason"] = "RBAC"
    return copy


COMPARISONS: dict[str, Callable[[Any, Any], None]] = {
    "APIGroupDiscoveryList": _compare_aggregated,
    "APIGroupList": _compare_groups,
    "APIResourceList": _compare_resources,
    "APIVersions": _compare_shape,
    "SelfSubjectAccessReview": _compare_review,
    "SelfSubjectReview": _compare_user,
}
"""By kind; whatever is not named (Status, APIGroup, single objects, text) must be equal."""


def test_every_recorded_sample_is_replayed_or_named_as_not_offered() -> None:
    recorded = {Path(path).stem for path in (recordings_dir() / "kube-api").glob("*.json")}
    assert recorded == set(SAMPLES) | set(NOT_OFFERED)
