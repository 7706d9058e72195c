"""Calendar days in Asia/Jakarta."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ojkaudit.model.config import Waiver
from ojkaudit.model.dates import WaiverState, days_left, jakarta_day, parse_day, waiver_state


def waiver(issued: str, until: str) -> Waiver:
    return Waiver(
        id="W-1",
        rule="RES-003",
        subject="*",
        reason="migrasi",
        owner="a",
        approver="b",
        ticket="T-1",
        issued=parse_day(issued),
        until=parse_day(until),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_day_turns_at_midnight_in_jakarta_not_in_london() -> None:
    assert jakarta_day(at("2026-11-20T16:59:59+00:00")) == date(2026, 11, 20)
    assert jakarta_day(at("2026-11-20T17:00:00+00:00")) == date(2026, 11, 21)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        jakarta_day(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-19T17:00:00+00:00", 0),
        ("2026-11-20T16:59:59+00:00", 0),
        ("2026-11-20T17:00:00+00:00", -1),
        ("2026-11-10T00:00:00+00:00", 10),
    ],
)
def test_days_left_is_zero_on_the_last_valid_day(now: str, left: int) -> None:
    assert days_left(date(2026, 11, 20), at(now)) == left


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-2-3", "20260203", "2026-W05-1", "2026-01-01T00:00", "", "\uff12026-01-01"],
)
def test_only_real_days_of_the_strict_form_are_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r"YYYY-MM-DD|no such day"):
        parse_day(text)


def test_a_leap_day_is_a_day_in_leap_years_only() -> None:
    assert parse_day("2028-02-29") == date(2028, 2, 29)
    with pytest.raises(ValueError, match="no such day"):
        parse_day("2027-02-29")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-01-09T16:59:59+00:00", WaiverState.NOT_YET),
        ("2026-01-09T17:00:00+00:00", WaiverState.ACTIVE),
        ("2026-02-17T16:59:59+00:00", WaiverState.ACTIVE),
        ("2026-02-17T17:00:00+00:00", WaiverState.EXPIRING),
        ("2026-03-20T16:59:59+00:00", WaiverState.EXPIRING),
        ("2026-03-20T17:00:00+00:00", WaiverState.EXPIRED),
    ],
)
def test_a_waiver_counts_whole_days_in_jakarta_with_its_last_day(
    now: str, state: WaiverState
) -> None:
    assert waiver_state(waiver("2026-01-10", "2026-03-20"), at(now), 30) is state


def test_zero_warning_days_warn_on_the_last_day_only() -> None:
    last = datetime(2026, 3, 20, 1, tzinfo=UTC)
    assert waiver_state(waiver("2026-01-10", "2026-03-20"), last, 0) is WaiverState.EXPIRING
    before = datetime(2026, 3, 19, 1, tzinfo=UTC)
    assert waiver_state(waiver("2026-01-10", "2026-03-20"), before, 0) is WaiverState.ACTIVE
