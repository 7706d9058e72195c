"""Dates and spans as rules write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ojkaudit.engine.functions import moments

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BAD_DAYS = [
    "",
    "soon",
    "2026-1-2",
    "20261120",
    "2026-02-30",
    "2026-13-01",
    "2026-W01-1",
    " 2026-01-01",
]


def test_a_day_counts_from_its_start_in_jakarta() -> None:
    assert moments.starts_on("2026-11-20") == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert moments.age("2026-11-20", NOW) == timedelta(hours=9)


def test_a_day_lasts_to_its_last_microsecond_in_jakarta() -> None:
    end = moments.expires_on("2026-11-20")
    assert end == datetime(2026, 11, 20, 16, 59, 59, 999_999, tzinfo=UTC)
    assert end + timedelta(microseconds=1) == moments.starts_on("2026-11-21")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-11-20T01:00:00Z", 1),
        ("2026-11-20T08:00:00+07:00", 1),
        ("2026-11-19T02:00:00.123456789Z", 24),
        ("2026-11-20t00:00:00z", 2),
    ],
)
def test_a_moment_is_exact(text: str, hours: int) -> None:
    passed = moments.age(text, NOW)
    assert abs(passed - timedelta(hours=hours)) < timedelta(seconds=1)


@pytest.mark.parametrize("text", ["2026-11-21", "2027-01-01", "2026-11-20T02:06:00Z"])
def test_what_is_dated_ahead_is_not_fresh(text: str) -> None:
    with pytest.raises(ValueError, match="future"):
        moments.age(text, NOW)


def test_a_clock_slightly_ahead_is_forgiven() -> None:
    assert moments.age("2026-11-20T02:04:00Z", NOW) == -timedelta(minutes=4)


@pytest.mark.parametrize("text", BAD_DAYS)
def test_what_is_no_day_is_an_error(text: str) -> None:
    for function in (moments.starts_on, moments.expires_on, moments.moment):
        with pytest.raises(ValueError, match=r"date|calendar"):
            function(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T02:00:00", "2026-11-20 02:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20T02:00Z"],
)
def test_what_is_no_moment_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"RFC 3339|calendar"):
        moments.moment(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("365d", timedelta(days=365)),
        ("12h", timedelta(hours=12)),
        ("1h30m", timedelta(minutes=90)),
        ("2w", timedelta(days=14)),
        ("500ms", timedelta(milliseconds=500)),
        ("90s", timedelta(seconds=90)),
        ("0d", timedelta()),
    ],
)
def test_spans_know_days(text: str, span: timedelta) -> None:
    assert moments.span(text) == span


@pytest.mark.parametrize("text", ["", "365", "d", "-1d", "1.5h", "1y", "1 d", "999999999w"])
def test_what_is_no_span_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"span|days"):
        moments.span(text)


def test_days_have_24_hours_and_an_end() -> None:
    assert moments.days(2) == timedelta(hours=48)
    with pytest.raises(ValueError, match="days"):
        moments.days(10**12)
