"""What a cluster serves, and the difference between "not served" and "not learnt"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ojkaudit.collectors.kubernetes.discovery import discover
from ojkaudit.collectors.kubernetes.kinds import ReadOutcome, ServedKind, parse_kind
from ojkaudit.collectors.kubernetes.wire import Query, Reply, Requester, RequestFailedError, Tally
from ojkaudit.model.outcome import CoverageStatus

DEPLOYMENT = "kubernetes/apps/v1/Deployment"
METRICS = "kubernetes/metrics.k8s.io/v1beta1/NodeMetrics"
Answers = Mapping[str, Any]


class ScriptedWire:
    """Answers each path with one document, (status, text), or a failure."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def send(
        self, method: str, path: str, query: Query, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        self.asked.append(path)
        answer = self.answers.get(path, (404, "404 page not found\n"))
        if isinstance(answer, RequestFailedError):
            raise answer
        status, text = answer if isinstance(answer, tuple) else (200, json.dumps(answer))
        return Reply(status=status, content_type="", body=text.encode())


def find(answers: Answers, ident: str = DEPLOYMENT) -> ServedKind | ReadOutcome:
    wanted = parse_kind(ident)
    assert wanted is not None
    requester = Requester(ScriptedWire(answers), sleep=lambda seconds: None, jitter=lambda: 0.0)
    return discover(requester, [wanted], Tally()).find(wanted)


def status(answers: Answers, ident: str = DEPLOYMENT) -> CoverageStatus:
    found = find(answers, ident)
    assert isinstance(found, ReadOutcome)
    assert found.detail
    return found.status


def resource(kind: str, plural: str, verbs: tuple[str, ...] = ("get", "list")) -> dict[str, Any]:
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Namespaced",
        "verbs": list(verbs),
    }


def aggregated(group: str, version: str, *resources: Any, **more: Any) -> dict[str, Any]:
    entry = {"version": version, "resources": list(resources), "freshness": "Current"} | more
    return {
        "kind": "APIGroupDiscoveryList",
        "items": [{"metadata": {"name": group}, "versions": [entry]}],
    }


def test_a_listed_kind_is_found_with_its_plural_and_scope() -> None:
    found = find({"/apis": aggregated("apps", "v1", resource("Deployment", "deployments"))})
    assert isinstance(found, ServedKind)
    assert (found.plural, found.namespaced) == ("deployments", True)
    assert found.path == "/apis/apps/v1/deployments"


def test_a_kind_that_cannot_be_listed_is_an_error() -> None:
    one = resource("Deployment", "deployments", ("create",))
    assert status({"/apis": aggregated("apps", "v1", one)}) is CoverageStatus.ERROR


def test_a_stale_version_still_shows_the_kinds_it_remembers() -> None:
    known = resource("NodeMetrics", "nodes")
    stale = aggregated("metrics.k8s.io", "v1beta1", known, freshness="Stale")
    assert isinstance(find({"/apis": stale}, METRICS), ServedKind)


@pytest.mark.parametrize("freshness", ["Stale", None, "", "Old"])
def test_a_version_that_is_not_current_makes_no_kind_absent(freshness: str | None) -> None:
    stale = aggregated("metrics.k8s.io", "v1beta1", freshness=freshness)
    assert status({"/apis": stale}, METRICS) is CoverageStatus.ERROR


def test_a_version_that_is_gone_beside_a_stale_one_is_not_called_absent() -> None:
    stale = aggregated("metrics.k8s.io", "v1beta1", freshness="Stale")
    assert status({"/apis": stale}, "kubernetes/metrics.k8s.io/v1/NodeMetrics") is (
        CoverageStatus.ERROR
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "APIGroupDiscoveryList"},
        {"kind": "APIGroupDiscoveryList", "items": None},
        {"kind": "APIGroupDiscoveryList", "items": "many"},
        {"kind": "APIGroupList", "groups": None},
        {"kind": "APIGroupList", "groups": [None, 1]},
        {"kind": "Status", "status": "Success"},
        {},
        [],
        (200, ""),
        (200, "{"),
        (404, "404 page not found\n"),
        (500, "x"),
        (302, ""),
        RequestFailedError("no answer in time", retryable=False),
    ],
)
def test_a_list_of_groups_that_cannot_be_read_is_an_error(broken: Any) -> None:
    assert status({"/apis": broken}) is CoverageStatus.ERROR


@pytest.mark.parametrize(
    "odd",
    [
        {"metadata": None, "versions": None},
        {"metadata": {"name": "apps"}, "versions": [None]},
        {"metadata": {"name": "apps"}, "versions": [{"version": "v1", "resources": [None]}]},
        {
            "metadata": {"name": "apps"},
            "versions": [{"version": "v1", "resources": [{"responseKind": None}]}],
        },
    ],
)
def test_odd_entries_do_no_harm(odd: Any) -> None:
    answer = {"kind": "APIGroupDiscoveryList", "items": [odd]}
    assert status({"/apis": answer}) in (CoverageStatus.ABSENT, CoverageStatus.ERROR)


CLASSIC = {
    "kind": "APIGroupList",
    "groups": [
        {"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}]},
        {"name": "batch", "versions": [{"groupVersion": "batch/v1", "version": "v1"}]},
    ],
}


def test_a_classic_server_is_asked_for_the_wanted_groups_only() -> None:
    listed = {
        "kind": "APIResourceList",
        "resources": [
            {"name": "deployments/status", "kind": "Deployment", "verbs": ["get"]},
            {"name": "deployments", "kind": "Deployment", "namespaced": True, "verbs": ["list"]},
            {"name": "deployments/scale", "kind": "Scale", "verbs": ["get"]},
        ],
    }
    wire = ScriptedWire({"/apis": CLASSIC, "/apis/apps/v1": listed})
    wanted = parse_kind(DEPLOYMENT)
    assert wanted is not None
    requester = Requester(wire, sleep=lambda seconds: None, jitter=lambda: 0.0)
    found = discover(requester, [wanted], Tally()).find(wanted)
    assert isinstance(found, ServedKind)
    assert found.plural == "deployments"
    assert wire.asked == ["/apis", "/apis/apps/v1"]


@pytest.mark.parametrize(
    "broken",
    [
        (503, "service unavailable\n"),
        (404, "404 page not found\n"),
        (200, "<html>"),
        {"kind": "Status"},
        RequestFailedError("no answer in time", retryable=False),
    ],
)
def test_a_listed_version_that_cannot_be_read_makes_no_kind_absent(broken: Any) -> None:
    assert status({"/apis": CLASSIC, "/apis/apps/v1": broken}) is CoverageStatus.ERROR


@pytest.mark.parametrize("code", [401, 403])
def test_a_version_we_may_not_see_is_denied(code: int) -> None:
    answers = {"/apis": CLASSIC, "/apis/apps/v1": (code, "")}
    assert status(answers) is CoverageStatus.DENIED


def test_a_group_that_is_not_listed_is_absent() -> None:
    assert status({"/apis": CLASSIC}, METRICS) is CoverageStatus.ABSENT
