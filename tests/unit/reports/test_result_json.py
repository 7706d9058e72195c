"""`result.json`: exact bytes, and a strict reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ojkaudit import canonical
from ojkaudit.errors import ContentError
from ojkaudit.model.outcome import VerdictStatus
from ojkaudit.reports import parse_result, render_json
from tests.support.results import large_result, passing_result, rich_result


def test_what_is_written_is_read_back_unchanged() -> None:
    for result in (rich_result(), large_result(rules=3, failing=2, unknown=2)):
        assert parse_result(render_json(result)) == result


def test_bytes_are_canonical_and_end_without_a_newline() -> None:
    data = render_json(rich_result())
    assert data == canonical.dumps(json.loads(data))
    assert data.endswith(b"}")


Edit = Callable[[dict[str, Any]], object]

_EDITS: list[tuple[str, Edit, str]] = [
    ("another version", lambda d: d.update(schema_version="9.9"), "schema_version is '9.9'"),
    ("no version", lambda d: d.pop("schema_version"), "schema_version is None"),
    ("missing field", lambda d: d.pop("controls"), "missing field 'controls'"),
    ("unknown field", lambda d: d.update(extra=1), "unknown field 'extra'"),
    (
        "missing nested field",
        lambda d: d["rules"][0].pop("title"),
        "$.rules[0]: missing field 'title'",
    ),
    (
        "wrong type",
        lambda d: d["verdict"].update(exit_code="1"),
        "$.verdict.exit_code: expected int",
    ),
    ("wrong word", lambda d: d["findings"][0].update(outcome="ok"), "$.findings[0].outcome"),
    ("true for a number", lambda d: d["verdict"].update(exit_code=True), "$.verdict.exit_code"),
    ("naive time", lambda d: d.update(assessed_at="2026-11-20T02:00:00"), "$.assessed_at"),
    ("count left out", lambda d: d["counts"].pop("unknown"), "$.counts"),
    ("negative count", lambda d: d["counts"].update(fail=-1), "$.counts"),
    ("finding dropped", lambda d: d["findings"].pop(), "but $.findings lists"),
    ("passes invented", lambda d: d["counts"].update({"pass": 999}), "$.counts.pass is 999"),
]


@pytest.mark.parametrize(("edit", "message"), [e[1:] for e in _EDITS], ids=[e[0] for e in _EDITS])
def test_an_altered_result_is_refused_naming_the_field(edit: Edit, message: str) -> None:
    data = json.loads(render_json(rich_result()))
    edit(data)
    with pytest.raises(ContentError) as caught:
        parse_result(canonical.dumps(data))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not usable JSON"),
        (b"[]", "expected an object"),
        (b"\xff{}", "not usable JSON"),
        (b'{"schema_version":"1.0"', "not usable JSON"),
        (b'{"schema_version":"1.0","schema_version":"1.0"}', "'schema_version' occurs twice"),
        (b'{"schema_version":"1.0","x":NaN}', "NaN is not a JSON number"),
        (b'{"schema_version":"1.0","x":' + b"[" * 100_000, "not usable JSON"),
        (b'{"schema_version":"1.0"}x', "not usable JSON"),
    ],
)
def test_what_is_not_one_json_object_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ContentError, match=message):
        parse_result(data)


def test_a_compliant_verdict_over_a_failing_rule_is_refused() -> None:
    result = rich_result()
    false = replace(result, verdict=replace(result.verdict, status=VerdictStatus.COMPLIANT))
    with pytest.raises(ContentError, match=r"says compliant, but .* fails"):
        parse_result(render_json(false))


@pytest.mark.parametrize("allowed", [False, True])
def test_a_compliant_verdict_over_unknown_findings_is_refused(allowed: bool) -> None:
    blind = passing_result(unknown=1)
    false = replace(blind, verdict=replace(blind.verdict, allow_incomplete=allowed))
    with pytest.raises(ContentError, match="could not be judged"):
        parse_result(render_json(false))
    honest = replace(blind, verdict=replace(blind.verdict, status=VerdictStatus.INCOMPLETE))
    assert parse_result(render_json(honest)) == honest
