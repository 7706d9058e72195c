"""Calendar days as the law counts them: whole days in Asia/Jakarta, the last one included."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from ojkaudit.model.config import Waiver

JAKARTA = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time. A fixed offset: no summer time, and no need of a zone database."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WaiverState(StrEnum):
    """Where a waiver stands on the calendar."""

    NOT_YET = "not_yet"
    """Issued for a later day."""
    ACTIVE = "active"
    EXPIRING = "expiring"
    """Still valid, and its last day is near."""
    EXPIRED = "expired"


def jakarta_day(now: datetime) -> date:
    """Return the calendar day in Asia/Jakarta at `now`.

    Raises:
        ValueError: `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return now.astimezone(JAKARTA).date()


def days_left(until: date, now: datetime) -> int:
    """Return the calendar days from today to the last valid day; 0 on that day, then negative."""
    return (until - jakarta_day(now)).days


def parse_day(text: str) -> date:
    """Return the day that `YYYY-MM-DD` names.

    Raises:
        ValueError: The text has another form, or the calendar has no such day.
    """
    # `date.fromisoformat` also takes `20261120` and week dates, which people misread.
    if not _DAY.fullmatch(text):
        raise ValueError("not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("the calendar has no such day") from error


def waiver_state(waiver: Waiver, now: datetime, warn_days: int) -> WaiverState:
    """Return where the waiver stands; `expiring` from `warn_days` days before its last day."""
    if jakarta_day(now) < waiver.issued:
        return WaiverState.NOT_YET
    left = days_left(waiver.until, now)
    if left < 0:
        return WaiverState.EXPIRED
    return WaiverState.EXPIRING if left <= warn_days else WaiverState.ACTIVE
