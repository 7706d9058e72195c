"""Paging: whatever a server does, "complete" means that everything was read exactly once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ojkaudit.collectors.kubernetes.kinds import ReadOutcome, ServedKind, WantedKind
from ojkaudit.collectors.kubernetes.listing import KindReader
from ojkaudit.collectors.kubernetes.wire import Query, Reply, Requester, RequestFailedError, Tally
from ojkaudit.model.outcome import CoverageStatus
from tests.support.kube_server.access import Rights, User
from tests.support.kube_server.api_types import TypeTable
from tests.support.kube_server.routes import Api, Call
from tests.support.kube_server.store import Store

KIND = ServedKind(
    wanted=WantedKind(ident="kubernetes/v1/Node", group="", version="v1", kind="Node"),
    plural="nodes",
    namespaced=False,
)
USER = User("auditor", Rights.all(), "token")

MISCHIEF = (
    "none",
    "410",
    "403",
    "404",
    "500",
    "429",
    "broken",
    "timeout",
    "cut",
    "lose_continue",
    "drop_item",
    "repeat_item",
    "rename_revision",
    "null_items",
    "no_items",
    "change",
    "compact",
)


def node(number: int, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"n{number:03}"}, **fields}


@dataclass(slots=True)
class NaughtyWire:
    """Answers like the test server, without sockets, and misbehaves by script."""

    api: Api
    script: list[str]
    asked: list[Query] = field(default_factory=list)

    def send(
        self, method: str, path: str, query: Query, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        mischief = self.script[len(self.asked)] if len(self.asked) < len(self.script) else "none"
        self.asked.append(query)
        kind = self.api.types.ensure(node(0))
        if mischief == "change":
            self.api.store.put(kind, node(0, spec={"changed": len(self.asked)}))
        if mischief == "compact":
            self.api.store.compact()
        if mischief in ("broken", "timeout"):
            raise RequestFailedError(mischief, retryable=mischief == "broken")
        if mischief.isdigit() and mischief != "410":
            status = json.dumps({"kind": "Status", "reason": "NotFound"}).encode()
            return Reply(status=int(mischief), content_type="", body=status)
        if mischief == "410":
            return Reply(status=410, content_type="", body=b'{"kind":"Status","reason":"Expired"}')
        lower = {name.lower(): value for name, value in headers.items()}
        answer = self.api.answer(
            Call(method=method, path=path, query=query, headers=lower, user=USER)
        )
        spoilt = answer.body if answer.status != 200 else _spoil(mischief, answer.body)
        return Reply(status=answer.status, content_type=answer.content_type, body=spoilt)


def _spoil(mischief: str, body: bytes) -> bytes:
    if mischief == "cut":
        return body[:-10]
    document = json.loads(body)
    match mischief:
        case "lose_continue":
            document["metadata"].pop("continue", None)
        case "drop_item":
            document["items"] = document["items"][1:]
        case "repeat_item":
            document["items"] = document["items"][:1] * 2 + document["items"][1:]
        case "rename_revision":
            document["metadata"]["resourceVersion"] = "77"
        case "null_items":
            document["items"] = None
        case "no_items":
            del document["items"]
    return json.dumps(document).encode()


def read(
    count: int, page_size: int, script: list[str]
) -> tuple[ReadOutcome, list[str], NaughtyWire]:
    objects = [node(number) for number in range(count)]
    types, store = TypeTable((), objects), Store(1000)
    store.load((types.ensure(item), item) for item in objects)
    wire = NaughtyWire(Api(types=types, store=store), script)
    taken: list[str] = []
    reader = KindReader(
        Requester(wire, sleep=lambda seconds: None, jitter=lambda: 0.0),
        KIND,
        page_size=page_size,
        take=lambda item: taken.append(item["metadata"]["name"]),  # type: ignore[index]
        page_done=lambda: None,
        tally=Tally(),
    )
    outcome = reader.read()
    assert reader.count == len(taken)
    return outcome, taken, wire


@given(
    count=st.integers(0, 12),
    page_size=st.integers(1, 6),
    script=st.lists(st.sampled_from(MISCHIEF), max_size=8),
)
def test_complete_means_everything_exactly_once(
    count: int, page_size: int, script: list[str]
) -> None:
    outcome, taken, wire = read(count, page_size, script)
    assert len(taken) == len(set(taken))
    used = set(script[: len(wire.asked)])
    if outcome.status is CoverageStatus.COMPLETE and not used & {"drop_item", "null_items"}:
        expected = {f"n{number:03}" for number in range(count)}
        # An object that is created while the list is read may come or not.
        assert set(taken) - {"n000"} == expected - {"n000"}
        assert count == 0 or "n000" in taken
    if outcome.status in (CoverageStatus.ERROR, CoverageStatus.ABSENT, CoverageStatus.DENIED):
        assert taken == []
    if outcome.status is not CoverageStatus.COMPLETE:
        assert outcome.detail


@given(count=st.integers(0, 40), page_size=st.integers(1, 9))
def test_a_sound_server_is_always_read_completely(count: int, page_size: int) -> None:
    outcome, taken, wire = read(count, page_size, [])
    assert outcome == ReadOutcome(status=CoverageStatus.COMPLETE, http_status=200)
    assert len(taken) == count
    assert len(wire.asked) == max(1, -(-count // page_size))


@pytest.mark.parametrize("mischief", ["drop_item", "null_items"])
def test_a_page_with_less_than_announced_is_partial(mischief: str) -> None:
    outcome, _, _ = read(6, 2, ["none", mischief])
    assert outcome.status is CoverageStatus.PARTIAL
    assert "announced" in outcome.detail


@pytest.mark.parametrize("script", [["repeat_item"], ["none", "repeat_item"]])
def test_an_object_that_comes_twice_counts_once_and_is_said(script: list[str]) -> None:
    outcome, taken, _ = read(4, 2, script)
    assert (outcome.status, outcome.detail) == (CoverageStatus.PARTIAL, "an object came twice")
    assert len(taken) == len(set(taken)) == 4


def test_a_second_410_ends_the_list_as_partial_without_a_third_attempt() -> None:
    outcome, taken, wire = read(6, 2, ["none", "410", "none", "410"])
    assert (outcome.status, outcome.http_status) == (CoverageStatus.PARTIAL, 410)
    assert len(taken) == 2
    assert len(wire.asked) == 4


def test_a_410_without_any_token_is_an_error() -> None:
    outcome, _, wire = read(6, 2, ["410"])
    assert (outcome.status, len(wire.asked)) == (CoverageStatus.ERROR, 1)
