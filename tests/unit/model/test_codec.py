from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ojkaudit.model.catalog import Parameter, ParameterValue
from ojkaudit.model.codec import decode, encode
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import CoverageStatus, ParameterOrigin
from ojkaudit.model.text import Text

TEXT = Text(id="a", en="b")


def parameter(value: ParameterValue) -> Parameter:
    return Parameter(
        name="p", type="t", value=value, origin=ParameterOrigin.POLICY, description=TEXT
    )


def coverage(read_at: datetime) -> Coverage:
    return Coverage(
        target="t",
        kind="k",
        status=CoverageStatus.DENIED,
        verb="LIST",
        count=0,
        read_at=read_at,
        redactions=("a: b",),
    )


@pytest.mark.parametrize("value", ["x", 3, 2.5, 3.0, True, False, ("a", "b"), (1, 2), (0.5,)])
def test_parameters_come_back_with_their_type(value: ParameterValue) -> None:
    back = decode(Parameter, encode(parameter(value)))
    assert back == parameter(value)
    assert type(back.value) is type(value)


def test_a_time_is_kept_in_utc() -> None:
    wib = timezone(timedelta(hours=7))
    entry = coverage(datetime(2026, 11, 20, 9, 0, tzinfo=wib))
    assert encode(entry)["read_at"] == "2026-11-20T02:00:00Z"  # type: ignore[index]
    assert decode(Coverage, encode(entry)).read_at == datetime(2026, 11, 20, 2, tzinfo=UTC)


def test_a_time_without_zone_is_refused_both_ways() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        encode(coverage(datetime(2026, 11, 20)))  # noqa: DTZ001 - the fault under test
    data = encode(coverage(datetime(2026, 11, 20, tzinfo=UTC)))
    assert isinstance(data, dict)
    with pytest.raises(ValueError, match=r"read_at: a time without a zone"):
        decode(Coverage, {**data, "read_at": "2026-11-20T02:00:00"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "unknown field 'extra'"),
        ({"count": True}, r"\$\.count: expected int, found bool"),
        ({"count": "3"}, r"\$\.count"),
        ({"status": "fine"}, r"\$\.status"),
        ({"redactions": "a"}, r"\$\.redactions: expected a list"),
        ({"redactions": [1]}, r"\$\.redactions\[0\]"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], message: str) -> None:
    data = encode(coverage(datetime(2026, 11, 20, tzinfo=UTC)))
    assert isinstance(data, dict)
    with pytest.raises(ValueError, match=message):
        decode(Coverage, {**data, **change})


def test_a_missing_field_is_named() -> None:
    data = encode(TEXT)
    assert isinstance(data, dict)
    del data["en"]
    with pytest.raises(ValueError, match="missing field 'en'"):
        decode(Text, data)


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no JSON form"):
        encode(object())
    assert encode(date(2026, 11, 20)) == "2026-11-20"
