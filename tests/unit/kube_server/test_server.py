"""What the test server promises, where no recordings lie beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from tests.support.kube_server import ApiType, Fault, KubeServer, Rights

PARTIAL = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


def nodes(count: int) -> list[dict[str, Any]]:
    return [
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"node-{number:03}"}}
        for number in range(count)
    ]


class Asker:
    """Sends requests as one user."""

    def __init__(self, server: KubeServer, pool: urllib3.PoolManager, token: str) -> None:
        self.server, self.pool, self.token = server, pool, token

    def __call__(self, path: str, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.pool.request(method, self.server.url + path, headers=sent)


@contextmanager
def asking(server: KubeServer, user: str = "auditor") -> Iterator[Asker]:
    with server, urllib3.PoolManager(ca_certs=str(server.ca_file), retries=False) as pool:
        yield Asker(server, pool, server.token(user))


def test_pages_come_from_one_moment_though_objects_change_between_them() -> None:
    server = KubeServer(objects=nodes(5))
    with asking(server) as ask:
        first = ask("/api/v1/nodes?limit=2").json()
        server.put({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "zzz"}})
        token = first["metadata"]["continue"]
        rest = ask(f"/api/v1/nodes?limit=10&continue={token}").json()
        names = [item["metadata"]["name"] for item in first["items"] + rest["items"]]
        assert names == [f"node-{number:03}" for number in range(5)]
        assert ask("/api/v1/nodes").json()["items"][-1]["metadata"]["name"] == "zzz"
        server.delete({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "zzz"}})
        assert len(ask("/api/v1/nodes").json()["items"]) == 5


def test_compaction_expires_tokens_and_hands_out_a_fresh_one() -> None:
    server = KubeServer(objects=nodes(5))
    with asking(server) as ask:
        token = ask("/api/v1/nodes?limit=2").json()["metadata"]["continue"]
        server.compact()
        gone = ask(f"/api/v1/nodes?limit=2&continue={token}")
        assert (gone.status, gone.json()["reason"]) == (410, "Expired")
        fresh = gone.json()["metadata"]["continue"]
        rest = ask(f"/api/v1/nodes?continue={fresh}").json()
        assert len(rest["items"]) == 3


def test_custom_kinds_carry_their_kind_on_items_and_built_in_ones_do_not() -> None:
    item = {"apiVersion": "config.openshift.io/v1", "kind": "OAuth", "metadata": {"name": "x"}}
    with asking(KubeServer(objects=[item, *nodes(1)])) as ask:
        custom = ask("/apis/config.openshift.io/v1/oauths").json()["items"][0]
        assert (custom["apiVersion"], custom["kind"]) == ("config.openshift.io/v1", "OAuth")
        assert "kind" not in ask("/api/v1/nodes").json()["items"][0]


def test_kinds_without_objects_are_served_when_declared() -> None:
    kind = ApiType(group="security.istio.io", version="v1", kind="PeerAuthentication")
    with asking(KubeServer(types=[kind])) as ask:
        assert ask("/apis/security.istio.io/v1/peerauthentications").json()["items"] == []
        assert ask("/apis/security.istio.io/v1/sidecars").status == 404
        assert ask("/apis/extensions.istio.io/v1/wasmplugins").data == b"404 page not found\n"
        partial = ask("/apis/security.istio.io/v1/peerauthentications", accept=PARTIAL)
        assert partial.json()["items"] is None


def test_namespaced_lists_and_equality_selectors_narrow() -> None:
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"p{n}", "namespace": space, "labels": {"app": f"a{n % 2}"}},
        }
        for space in ("one", "two")
        for n in range(4)
    ]
    with asking(KubeServer(objects=pods)) as ask:
        assert len(ask("/api/v1/namespaces/one/pods").json()["items"]) == 4
        assert len(ask("/api/v1/pods?labelSelector=app%3Da1").json()["items"]) == 4
        assert ask("/api/v1/namespaces/one/pods/p1").json()["metadata"]["name"] == "p1"


def test_rights_are_enforced_and_asked_for() -> None:
    users = {"auditor": Rights.all_but(("", "nodes", "list"))}
    with asking(KubeServer(objects=nodes(1), users=users)) as ask:
        assert ask("/api/v1/nodes").status == 403
        assert ask("/api/v1/nodes/node-000").status == 200
        for verb, allowed in (("list", False), ("get", True)):
            review = {"spec": {"resourceAttributes": {"verb": verb, "resource": "nodes"}}}
            answer = ask.pool.request(
                "POST",
                ask.server.url + "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                body=json.dumps(review).encode(),
                headers={"Authorization": f"Bearer {ask.token}"},
            )
            assert answer.json()["status"]["allowed"] is allowed
        assert ask.server.mutations() == []


def test_writes_are_refused_and_show_up_as_mutations() -> None:
    with asking(KubeServer(objects=nodes(1))) as ask:
        assert ask("/api/v1/nodes/node-000", "DELETE").status == 405
        assert [seen.method for seen in ask.server.mutations()] == ["DELETE"]


def test_requests_are_kept_without_the_token() -> None:
    with asking(KubeServer()) as ask:
        ask("/version")
        (seen,) = ask.server.requests
        assert (seen.path, seen.user) == ("/version", "auditor")
        assert ask.token not in repr(seen)
        assert seen.headers["authorization"] == "Bearer <removed>"


@pytest.mark.parametrize("fault", [Fault(reset=True), Fault(cut=True)])
def test_connections_break_when_told(fault: Fault) -> None:
    with asking(KubeServer(objects=nodes(3))) as ask:
        ask.server.fault("nodes", fault)
        with pytest.raises(urllib3.exceptions.ProtocolError):
            ask("/api/v1/nodes")


def test_a_fault_hits_only_as_often_and_as_late_as_told() -> None:
    with asking(KubeServer(objects=nodes(6))) as ask:
        ask.server.fault("nodes", Fault(status=503, after_items=2, times=1))
        first = ask("/api/v1/nodes?limit=2")
        path = f"/api/v1/nodes?limit=2&continue={first.json()['metadata']['continue']}"
        assert (first.status, ask(path).status, ask(path).status) == (200, 503, 200)


def test_bodies_break_when_told() -> None:
    with asking(KubeServer(objects=nodes(3))) as ask:
        for fault in (Fault(truncate=True, times=1), Fault(garbage=True, times=1)):
            ask.server.fault("nodes", fault)
            answer = ask("/api/v1/nodes")
            assert answer.status == 200
            with pytest.raises(ValueError, match=r"."):
                json.loads(answer.data)


def test_a_client_certificate_authenticates() -> None:
    with KubeServer() as server:
        certificate, key = server.client_certificate("auditor")
        with urllib3.PoolManager(
            ca_certs=str(server.ca_file), cert_file=str(certificate), key_file=str(key)
        ) as pool:
            assert pool.request("GET", server.url + "/version").status == 200
        with urllib3.PoolManager(ca_certs=str(server.ca_file)) as pool:
            assert pool.request("GET", server.url + "/version").status == 401


def test_a_foreign_ca_does_not_verify() -> None:
    with KubeServer() as server:
        foreign = str(server.foreign_ca_file())
        with (
            urllib3.PoolManager(ca_certs=foreign, retries=False) as pool,
            pytest.raises(urllib3.exceptions.SSLError),
        ):
            pool.request("GET", server.url + "/version")
