"""The collector against a server that behaves like a real one, in good and in bad times."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ojkaudit.errors import ConfigurationError
from ojkaudit.model.evidence import Resource
from ojkaudit.model.outcome import CoverageStatus
from tests.support.connect_proxy import connect_proxy
from tests.support.kube_collecting import check, collect, kubeconfig, objects
from tests.support.kube_server import ApiType, Fault, KubeServer, Rights
from tests.support.needs import ROOT
from tests.support.sinks import ListSink

NODE = "kubernetes/v1/Node"
POD = "kubernetes/v1/Pod"
SECRET = "kubernetes/v1/Secret"
DEPLOYMENT = "kubernetes/apps/v1/Deployment"
OAUTH = "kubernetes/config.openshift.io/v1/OAuth"
METRICS = "kubernetes/metrics.k8s.io/v1beta1/NodeMetrics"


@pytest.fixture
def server() -> Iterator[KubeServer]:
    with KubeServer(objects=objects(250)) as running:
        yield running


@pytest.mark.parametrize(
    ("count", "pages"), [(0, 1), (1, 1), (499, 1), (500, 1), (501, 2), (1203, 3)]
)
def test_every_object_is_read_once_whatever_the_number_of_pages(count: int, pages: int) -> None:
    with KubeServer(objects=objects(count)) as server:
        result = collect(server, NODE, page_size=500)
        coverage = result.coverage(NODE)
        assert coverage.status is CoverageStatus.COMPLETE
        assert (coverage.count, coverage.requests, coverage.retries) == (count, pages, 0)
        names = [item.ref.name for item in result.resources(NODE)]
        assert names == [f"node-{number:04}" for number in range(count)]


def test_objects_carry_their_kind_uid_and_no_managed_fields() -> None:
    item = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "app", "managedFields": [{"manager": "x"}]},
        "spec": {"containers": []},
    }
    with KubeServer(objects=[item]) as server:
        (resource,) = collect(server, POD).resources(POD)
        assert resource.payload["apiVersion"] == "v1"
        assert resource.payload["kind"] == "Pod"
        assert "managedFields" not in resource.payload["metadata"]  # type: ignore[operator]
        assert (resource.ref.namespace, resource.ref.name) == ("app", "web")
        assert resource.ref.uid
        assert resource.ref.target == "okd-utama"


def test_only_the_kinds_asked_for_are_read_and_nothing_is_written() -> None:
    with KubeServer(objects=[*objects(3), *objects(3, "ConfigMap", namespace="app")]) as server:
        collect(server, NODE, DEPLOYMENT)
        check(server, NODE, DEPLOYMENT)
        paths = {request.path for request in server.requests}
        assert {request.method for request in server.requests} == {"GET", "POST"}
        assert server.mutations() == []
        assert paths == {
            "/version",
            "/api",
            "/apis",
            "/api/v1/nodes",
            "/apis/apps/v1/deployments",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        }


def test_collecting_sends_get_alone(server: KubeServer) -> None:
    collect(server, NODE, DEPLOYMENT)
    assert {request.method for request in server.requests} == {"GET"}


def test_the_target_is_recorded_with_its_version_and_without_credentials(
    server: KubeServer,
) -> None:
    result = collect(server, NODE, site="cikaso")
    (info,) = result.sink.targets
    assert (info.id, info.family, info.site) == ("okd-utama", "kubernetes", "cikaso")
    assert (info.version, info.address) == ("v1.36.2", server.url)


def test_a_missing_right_denies_that_kind_alone_and_names_the_right() -> None:
    users = {"auditor": Rights.all_but(("", "nodes", "list"), ("apps", "deployments", "list"))}
    with KubeServer(objects=objects(2, "Pod", namespace="app"), users=users) as server:
        result = collect(server, NODE, POD, DEPLOYMENT)
        nodes = result.coverage(NODE)
        assert (nodes.status, nodes.http_status, nodes.count) == (CoverageStatus.DENIED, 403, 0)
        assert nodes.missing_right == "list nodes in group '' at cluster scope"
        assert (
            result.coverage(DEPLOYMENT).missing_right
            == "list deployments in group 'apps' at cluster scope"
        )
        assert result.coverage(POD).status is CoverageStatus.COMPLETE


def test_a_wrong_token_denies_everything(server: KubeServer) -> None:
    result = collect(server, NODE, POD, token="nobody-has-this-token")
    for coverage in result.sink.coverages:
        assert (coverage.status, coverage.http_status) == (CoverageStatus.DENIED, 401)
        assert coverage.missing_right == "valid credentials for this cluster"
    assert len(result.sink.coverages) == 2
    assert result.sink.resources == []


def test_a_kind_that_no_crd_serves_is_absent(server: KubeServer) -> None:
    coverage = collect(server, OAUTH).coverage(OAUTH)
    assert coverage.status is CoverageStatus.ABSENT
    assert coverage.detail == "the server does not serve the group config.openshift.io"


@pytest.mark.parametrize("aggregated", [True, False])
def test_another_version_of_a_kind_is_no_substitute_but_named(aggregated: bool) -> None:
    kinds = [
        ApiType(group="security.istio.io", version="v1beta1", kind="PeerAuthentication"),
        ApiType(group="security.istio.io", version="v1", kind="RequestAuthentication"),
    ]
    wanted = "kubernetes/security.istio.io/v1/PeerAuthentication"
    with KubeServer(types=kinds, aggregated_discovery=aggregated) as server:
        coverage = collect(server, wanted).coverage(wanted)
        assert coverage.status is CoverageStatus.ERROR
        assert coverage.detail == "not served as v1, only as v1beta1"


@pytest.mark.parametrize("aggregated", [True, False])
def test_a_kind_whose_api_server_is_down_is_an_error_and_not_absent(aggregated: bool) -> None:
    with KubeServer(
        objects=objects(1), down={"metrics.k8s.io/v1beta1"}, aggregated_discovery=aggregated
    ) as server:
        result = collect(server, METRICS, NODE, OAUTH)
        assert result.statuses() == {
            METRICS: CoverageStatus.ERROR,
            NODE: CoverageStatus.COMPLETE,
            OAUTH: CoverageStatus.ABSENT,
        }
        assert "metrics.k8s.io/v1beta1" in result.coverage(METRICS).detail


def test_servers_without_aggregated_discovery_are_read_too() -> None:
    custom = {"apiVersion": "config.openshift.io/v1", "kind": "OAuth", "metadata": {"name": "c"}}
    with KubeServer(objects=[*objects(3), custom], aggregated_discovery=False) as server:
        result = collect(server, NODE, OAUTH, POD)
        assert set(result.statuses().values()) == {CoverageStatus.COMPLETE}
        assert (result.coverage(NODE).count, result.coverage(OAUTH).count) == (3, 1)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(garbage=True),
        Fault(login_page=True),
        Fault(truncate=True),
        Fault(rewrite=lambda body: {**body, "items": []}),
        Fault(rewrite=lambda body: {**body, "items": None}),
        Fault(rewrite=lambda body: {"kind": "Status", "code": 200}),
    ],
)
def test_discovery_that_cannot_be_read_makes_nothing_absent(
    server: KubeServer, fault: Fault
) -> None:
    server.fault("/apis", fault)
    result = collect(server, NODE, OAUTH, DEPLOYMENT)
    assert result.statuses() == {
        NODE: CoverageStatus.COMPLETE,
        OAUTH: CoverageStatus.ERROR,
        DEPLOYMENT: CoverageStatus.ERROR,
    }


def test_a_404_page_of_something_in_between_is_no_absence(server: KubeServer) -> None:
    server.fault("/apis", Fault(status=404))
    assert collect(server, OAUTH).coverage(OAUTH).status is CoverageStatus.ERROR
    server.clear_faults()
    server.fault("nodes", Fault(status=404, login_page=True))
    assert collect(server, NODE).coverage(NODE).status is CoverageStatus.ERROR
    server.clear_faults()
    server.fault("nodes", Fault(status=404))
    assert collect(server, NODE).coverage(NODE).status is CoverageStatus.ABSENT


def test_a_forbidden_discovery_denies() -> None:
    with KubeServer() as server:
        server.fault("/apis", Fault(status=403))
        coverage = collect(server, OAUTH).coverage(OAUTH)
        assert coverage.status is CoverageStatus.DENIED
        assert coverage.missing_right == "get /apis (ClusterRole system:discovery)"


def test_429_is_waited_out_as_long_as_the_server_asks(server: KubeServer) -> None:
    server.fault("nodes", Fault(status=429, retry_after="7", times=2))
    result = collect(server, NODE)
    coverage = result.coverage(NODE)
    assert (coverage.status, coverage.count, coverage.retries) == (CoverageStatus.COMPLETE, 250, 2)
    assert result.pauses == [7.0, 7.0]
    assert coverage.detail == "asked again: 429 (2 times)"


def test_a_server_that_asks_for_hours_is_not_obeyed(server: KubeServer) -> None:
    server.fault("nodes", Fault(status=429, retry_after="7200", times=1))
    assert collect(server, NODE).pauses == [30.0]


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_errors_that_stay_end_as_error_after_three_retries(server: KubeServer, status: int) -> None:
    server.fault("nodes", Fault(status=status))
    result = collect(server, NODE, POD)
    coverage = result.coverage(NODE)
    assert (coverage.status, coverage.http_status) == (CoverageStatus.ERROR, status)
    assert (coverage.requests, coverage.retries, coverage.count) == (4, 3, 0)
    assert result.coverage(POD).status is CoverageStatus.COMPLETE
    assert len(result.pauses) == 3


@pytest.mark.parametrize("fault", [Fault(reset=True, times=2), Fault(cut=True, times=2)])
def test_a_broken_connection_is_tried_again(server: KubeServer, fault: Fault) -> None:
    server.fault("nodes", fault)
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count, coverage.retries) == (CoverageStatus.COMPLETE, 250, 2)
    assert "connection broken (2 times)" in coverage.detail


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (Fault(reset=True), "connection broken"),
        (Fault(cut=True), "connection broken"),
        (Fault(garbage=True), "not a JSON object"),
        (Fault(truncate=True), "not a JSON object"),
        (Fault(login_page=True), "not a JSON object"),
        (Fault(rewrite=lambda body: {**body, "kind": "Status"}), "not a list of v1"),
        (Fault(rewrite=lambda body: {**body, "apiVersion": "v2"}), "not a list of v1"),
        (Fault(rewrite=lambda body: {**body, "items": {}, "metadata": {}}), "no items"),
        (Fault(rewrite=lambda body: {**body, "items": "", "metadata": {}}), "no items"),
        (Fault(rewrite=lambda body: {**body, "items": ["x"]}), "not an object"),
        (Fault(rewrite=lambda body: {**body, "items": [{"metadata": {}}]}), "has no name"),
        (
            Fault(
                rewrite=lambda body: {
                    **body,
                    "items": [{"kind": "Pod", "metadata": {"name": "x"}}],
                }
            ),
            "another kind",
        ),
        (
            Fault(rewrite=lambda body: {k: v for k, v in body.items() if k != "items"}),
            "no items",
        ),
    ],
)
def test_an_answer_that_is_no_list_is_an_error(
    server: KubeServer, fault: Fault, detail: str
) -> None:
    server.fault("nodes", fault)
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.ERROR, 0)
    assert detail in coverage.detail


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=403, after_items=100),
        Fault(status=503, after_items=100),
        Fault(reset=True, after_items=200),
        Fault(truncate=True, after_items=100),
        Fault(garbage=True, after_items=200),
        Fault(status=410, after_items=100),
    ],
)
def test_a_list_that_breaks_off_is_partial_and_keeps_what_was_read(
    server: KubeServer, fault: Fault
) -> None:
    server.fault("nodes", fault)
    result = collect(server, NODE)
    coverage = result.coverage(NODE)
    assert coverage.status is CoverageStatus.PARTIAL
    assert coverage.count == fault.after_items == len(result.resources(NODE))
    assert f"stopped after {fault.after_items} objects" in coverage.detail


def test_an_expired_list_is_read_anew_once(server: KubeServer) -> None:
    server.fault("nodes", Fault(status=410, after_items=200, times=1))
    result = collect(server, NODE)
    coverage = result.coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.COMPLETE, 250)
    assert coverage.detail == "asked again: list restarted after 410 (once)"
    assert len({item.ref.name for item in result.resources(NODE)}) == 250


def test_an_expired_list_that_changed_meanwhile_is_partial(server: KubeServer) -> None:
    changed = {**objects(1)[0], "spec": {"unschedulable": True}}

    class Changing(ListSink):
        def resource(self, resource: Resource) -> None:
            super().resource(resource)
            if len(self.resources) == 100:
                server.put(changed)
                server.compact()

    coverage = collect(server, NODE, sink=Changing()).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.PARTIAL, 250)
    assert "1 objects changed while the list was read" in coverage.detail


def _without_token(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "metadata": {**body["metadata"], "continue": ""}}


def test_a_list_that_ends_before_what_was_announced_is_partial(server: KubeServer) -> None:
    server.fault("nodes", Fault(rewrite=_without_token))
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.PARTIAL, 100)
    assert "250 objects were announced, 100 came" in coverage.detail


def test_a_revision_that_changes_between_pages_is_partial(server: KubeServer) -> None:
    server.fault(
        "nodes",
        Fault(
            after_items=100,
            rewrite=lambda body: {
                **body,
                "metadata": {**body["metadata"], "resourceVersion": "9999"},  # type: ignore[dict-item]
            },
        ),
    )
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.PARTIAL, 250)
    assert "revision changed from 1000 to 9999" in coverage.detail


def test_a_server_that_sends_one_page_for_ever_is_stopped(server: KubeServer) -> None:
    first: list[dict[str, Any]] = []

    def same(body: dict[str, Any]) -> dict[str, Any]:
        first.append(body)
        return first[0]

    server.fault("nodes", Fault(rewrite=same))
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.PARTIAL, 100)
    assert "repeats a continue token" in coverage.detail
    assert coverage.requests == 2


def test_null_items_are_an_empty_list(server: KubeServer) -> None:
    server.fault("pods", Fault(rewrite=lambda body: {**body, "items": None}))
    coverage = collect(server, POD).coverage(POD)
    assert (coverage.status, coverage.count) == (CoverageStatus.COMPLETE, 0)


def test_a_server_that_does_not_answer_in_time_is_an_error(server: KubeServer) -> None:
    server.fault("nodes", Fault(delay=60))
    result = collect(server, NODE, POD, timeout_seconds=2.0)
    coverage = result.coverage(NODE)
    assert (coverage.status, coverage.detail) == (CoverageStatus.ERROR, "no answer in time")
    assert coverage.requests == 1
    assert result.coverage(POD).status is CoverageStatus.COMPLETE


def test_a_server_under_another_ca_is_not_believed(server: KubeServer) -> None:
    result = collect(server, NODE, POD, ca_file=server.foreign_ca_file())
    assert result.sink.resources == []
    for coverage in result.sink.coverages:
        assert coverage.status is CoverageStatus.ERROR
        assert coverage.detail.startswith("TLS failed: ")
    assert server.requests == []


def test_a_server_that_is_not_there_is_an_error_for_every_kind(server: KubeServer) -> None:
    with KubeServer() as other:
        gone = other.url
    result = collect(server, NODE, POD, server=gone)
    assert set(result.statuses().values()) == {CoverageStatus.ERROR}
    assert result.coverage(NODE).detail == "the server cannot be connected to"
    assert len(result.pauses) == 3


def test_secrets_are_not_read_by_default() -> None:
    with KubeServer(objects=objects(2, "Secret", namespace="app")) as server:
        result = collect(server, SECRET, NODE)
        coverage = result.coverage(SECRET)
        assert (coverage.status, coverage.detail) == (CoverageStatus.DENIED, "not read by design")
        assert coverage.missing_right == "list secrets in group '' at cluster scope"
        assert not [request for request in server.requests if "secrets" in request.path]


def test_secrets_that_may_be_read_come_without_any_value() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db", "namespace": "app"},
        "data": {"password": "aGFsby1kdW5pYQ=="},
    }
    with KubeServer(objects=[secret]) as server:
        result = collect(server, SECRET, allow_secrets=True)
        assert result.coverage(SECRET).count == 1
        assert "aGFsby1kdW5pYQ==" not in repr(result.sink)
        (request,) = [r for r in server.requests if r.path == "/api/v1/secrets"]
        assert "PartialObjectMetadataList" in request.headers["accept"]
        (kept,) = result.resources(SECRET)
        assert (kept.payload["kind"], kept.payload["apiVersion"]) == ("Secret", "v1")


def test_sessions_of_people_are_never_read() -> None:
    kind = "kubernetes/oauth.openshift.io/v1/OAuthAccessToken"
    item = {
        "apiVersion": "oauth.openshift.io/v1",
        "kind": "OAuthAccessToken",
        "metadata": {"name": "sha256~example"},
    }
    with KubeServer(objects=[item]) as server:
        coverage = collect(server, kind, allow_secrets=True).coverage(kind)
        assert coverage.status is CoverageStatus.DENIED
        assert not [r for r in server.requests if "oauthaccesstokens" in r.path]


def test_literal_secrets_never_reach_the_sink() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "web",
            "namespace": "app",
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": '{"x":"PlantedOne"}'
            },
        },
        "spec": {
            "containers": [
                {
                    "name": "web",
                    "env": [
                        {"name": "DB_PASSWORD", "value": "PlantedTwo"},
                        {"name": "DB_HOST", "value": "db.internal"},
                    ],
                    "args": ["--api-token=PlantedThree"],
                }
            ]
        },
    }
    settings = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "app"},
        "data": {"password": "PlantedFour", "mode": "strict"},
    }
    with KubeServer(objects=[pod, settings]) as server:
        result = collect(server, POD, "kubernetes/v1/ConfigMap")
        assert "Planted" not in repr(result.sink)
        assert "db.internal" in repr(result.sink)
        assert "strict" in repr(result.sink)
        assert result.coverage(POD).redactions == (
            "app/web: metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]",
            "app/web: spec.containers[0].env[0].value",
            "app/web: spec.containers[0].args[0]",
        )
        redactions = result.coverage("kubernetes/v1/ConfigMap").redactions
        assert redactions == ("app/settings: data.password",)


@pytest.mark.parametrize(
    "fault", [Fault(status=500), Fault(reset=True), Fault(garbage=True), Fault(status=403)]
)
def test_the_token_is_nowhere_to_be_seen(
    server: KubeServer, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.fault("nodes", fault)
    token = server.token("auditor")
    result = collect(server, NODE, POD)
    assert token not in repr(result)
    assert token not in caplog.text
    assert token not in repr(server.requests)
    assert token not in repr(check(server, NODE))


def test_pages_reach_the_sink_before_the_next_one_is_asked_for(server: KubeServer) -> None:
    listed_at: list[int] = []

    class Watching(ListSink):
        def resource(self, resource: Resource) -> None:
            super().resource(resource)
            lists = [r for r in server.requests if r.path == "/api/v1/nodes"]
            listed_at.append(len(lists))

    result = collect(server, NODE, sink=Watching())
    assert listed_at == [1] * 100 + [2] * 100 + [3] * 50
    assert [count for _, _, count in result.progress] == [100, 200, 250]


@pytest.mark.parametrize("auth", ["token", "certificate", "exec"])
def test_a_kubeconfig_is_enough(server: KubeServer, tmp_path: Path, auth: str) -> None:
    path = kubeconfig(tmp_path, server, auth=auth)
    before = path.read_bytes()
    result = collect(
        server, NODE, server="", token=None, ca_file=None, kubeconfig=path, context="test"
    )
    assert result.coverage(NODE).count == 250
    assert path.read_bytes() == before


def test_redirects_are_not_followed(server: KubeServer) -> None:
    server.fault("nodes", Fault(redirect="https://127.0.0.1:1/api/v1/nodes"))
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.http_status) == (CoverageStatus.ERROR, 302)


def test_an_unprotected_address_is_refused(server: KubeServer) -> None:
    with pytest.raises(ConfigurationError, match="https"):
        collect(server, NODE, server=server.url.replace("https", "http"))


def test_check_names_every_right_that_is_missing() -> None:
    users = {"auditor": Rights.all_but(("", "nodes", "list"))}
    with KubeServer(users=users) as server:
        checks = {entry.name: entry for entry in check(server, NODE, POD, OAUTH, SECRET)}
        assert checks["reachable"].ok
        assert checks["okd-utama: list v1/Pod"].ok
        assert not checks["okd-utama: list v1/Node"].ok
        assert "list nodes in group ''" in checks["okd-utama: list v1/Node"].remedy
        absent = checks["okd-utama: list config.openshift.io/v1/OAuth"]
        assert absent.ok
        assert "does not serve" in absent.detail
        assert checks["okd-utama: list v1/Secret"].detail == "not read by design"
        assert not [r for r in server.requests if r.path in ("/api/v1/nodes", "/api/v1/pods")]


def test_check_of_a_cluster_that_refuses_us_fails(server: KubeServer) -> None:
    (entry,) = check(server, NODE, token="wrong-token-altogether")
    assert not entry.ok
    assert "credentials" in entry.detail
    (entry,) = check(server, NODE, ca_file=server.foreign_ca_file())
    assert not entry.ok
    assert "TLS" in entry.detail


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=403),
        Fault(reset=True),
        Fault(garbage=True),
        Fault(rewrite=lambda body: {**body, "status": {"allowed": "false"}}),
        Fault(rewrite=lambda body: {**body, "status": {}}),
        Fault(rewrite=lambda body: {**body, "status": None}),
    ],
)
def test_check_does_not_call_a_review_that_fails_a_right(server: KubeServer, fault: Fault) -> None:
    server.fault("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", fault)
    checks = check(server, NODE)
    assert [entry.ok for entry in checks] == [True, False]


def test_a_proxy_is_used_with_its_password(server: KubeServer) -> None:
    with connect_proxy("tamu", "planted-proxy-word") as proxy:
        address = f"http://tamu:planted-proxy-word@127.0.0.1:{proxy.port}"
        result = collect(server, NODE, proxy=address)
    assert result.coverage(NODE).status is CoverageStatus.COMPLETE
    assert proxy.connected
    assert "planted-proxy-word" not in repr(result)


def test_a_proxy_that_refuses_us_is_an_error_that_does_not_quote_its_password(
    server: KubeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with connect_proxy("tamu", "planted-proxy-word") as proxy:
        address = f"http://tamu:wrong-proxy-word@127.0.0.1:{proxy.port}"
        result = collect(server, NODE, proxy=address)
    coverage = result.coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.ERROR, 0)
    assert coverage.detail.startswith("the proxy cannot be used")
    assert "proxy-word" not in repr(result) + caplog.text


def test_big_pages_come_compressed() -> None:
    notes = {"annotations": {"note": "aman " * 2000}}
    with KubeServer(objects=objects(50, **notes)) as server:
        result = collect(server, NODE)
        assert result.coverage(NODE).count == 50
        (request,) = [r for r in server.requests if r.path == "/api/v1/nodes"]
        assert request.headers["accept-encoding"] == "gzip"
        assert request.headers["user-agent"] == "ojkaudit/test"


def test_a_closed_version_path_does_not_close_the_rest(server: KubeServer) -> None:
    server.fault("/version", Fault(status=403))
    result = collect(server, NODE)
    assert result.coverage(NODE).status is CoverageStatus.COMPLETE
    assert result.sink.targets[0].version == ""


@pytest.mark.parametrize("fault", [Fault(login_page=True), Fault(status=404)])
def test_something_that_is_no_kubernetes_is_an_error_throughout(
    server: KubeServer, fault: Fault
) -> None:
    server.fault("/version", fault)
    result = collect(server, NODE, POD)
    assert set(result.statuses().values()) == {CoverageStatus.ERROR}
    assert "is it a Kubernetes API server?" in result.coverage(NODE).detail


def test_a_token_that_expires_on_the_way_leaves_the_list_partial(server: KubeServer) -> None:
    server.fault("nodes", Fault(status=401, after_items=100))
    coverage = collect(server, NODE).coverage(NODE)
    assert (coverage.status, coverage.count) == (CoverageStatus.PARTIAL, 100)
    assert coverage.missing_right == "valid credentials for this cluster"


def test_a_service_account_is_enough_inside_a_pod(
    server: KubeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kubernetes.config import incluster_config

    token = tmp_path / "token"
    token.write_text(server.token("auditor") + "\n")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", server.url.rpartition(":")[2])
    # The paths are fixed inside a pod; here they are the only thing that is put elsewhere.
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(token))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(server.ca_file))
    result = collect(server, NODE, server="", token=None, ca_file=None, in_cluster=True)
    assert result.coverage(NODE).count == 250


def test_importing_the_collector_does_not_load_the_client() -> None:
    code = "import sys, ojkaudit.collectors.kubernetes; print('kubernetes' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "False\n"
