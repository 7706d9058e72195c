"""A whole recorded cluster, served by the test server and collected."""

from __future__ import annotations

import json

import pytest

from ojkaudit.collectors.kubernetes.kinds import parse_kind
from ojkaudit.model.outcome import CoverageStatus
from tests.support.kube_collecting import collect
from tests.support.kube_server import KubeServer
from tests.support.kube_server.recorded import load
from tests.support.needs import recordings_dir

pytestmark = pytest.mark.recordings

METRICS = "kubernetes/metrics.k8s.io/v1beta1/NodeMetrics"


@pytest.mark.parametrize("aggregated", [True, False])
@pytest.mark.parametrize("page_size", [7, 500])
def test_every_recorded_object_is_collected_once(aggregated: bool, page_size: int) -> None:
    cluster = load(recordings_dir() / "cluster")
    with KubeServer(
        objects=cluster.objects,
        types=cluster.types,
        down={"metrics.k8s.io/v1beta1"},
        aggregated_discovery=aggregated,
    ) as server:
        result = collect(server, METRICS, *cluster.counts, page_size=page_size, allow_secrets=True)
        assert server.mutations() == []
    assert result.coverage(METRICS).status is CoverageStatus.ERROR
    sessions = {
        kind for kind in cluster.counts if (parsed := parse_kind(kind)) and parsed.is_session
    }
    assert sessions
    for kind, count in cluster.counts.items():
        coverage = result.coverage(kind)
        expected = CoverageStatus.DENIED if kind in sessions else CoverageStatus.COMPLETE
        assert (coverage.status, coverage.count) == (expected, count), kind
    refs = [item.ref for item in result.sink.resources]
    assert len(refs) == len(set(refs)) == sum(cluster.counts.values()) > 900


def test_what_is_kept_is_the_recorded_object_but_for_managed_fields_and_redactions() -> None:
    cluster = load(recordings_dir() / "cluster")
    wanted = "kubernetes/apps/v1/Deployment"
    with KubeServer(objects=cluster.objects, types=cluster.types) as server:
        result = collect(server, wanted)
    recorded = {
        (item["metadata"]["namespace"], item["metadata"]["name"]): item  # type: ignore[index]
        for item in cluster.objects
        if (item["apiVersion"], item["kind"]) == ("apps/v1", "Deployment")
    }
    redacted = {entry.partition(":")[0] for entry in result.coverage(wanted).redactions}
    compared = 0
    for resource in result.resources(wanted):
        key = (resource.ref.namespace, resource.ref.name)
        if "/".join(key) in redacted:
            continue
        expected = json.loads(json.dumps(recorded[key]))
        expected["metadata"].pop("managedFields", None)
        assert resource.payload == expected
        compared += 1
    assert compared > 10
