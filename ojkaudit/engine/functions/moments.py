"""Moments and spans as rules write them: calendar days in Asia/Jakarta, `365d`, RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from ojkaudit.model.dates import JAKARTA, parse_day

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of what was read may run ahead of ours; ADR 0004."""

_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DAY_LENGTH = 10
_SPAN = re.compile(r"(?:\d{1,9}(?:w|d|h|m|s|ms))+", re.ASCII)
_PART = re.compile(r"(\d{1,9})(ms|w|d|h|m|s)", re.ASCII)
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_MAX_DAYS = 3_650_000
"""About 10,000 years, the longest span the expression language holds."""


def age(text: str, now: datetime) -> timedelta:
    """Return the time since a day (from its start in Asia/Jakarta) or an RFC 3339 moment.

    Raises:
        ValueError: The text is neither, or names a moment in the future: something dated ahead
            would otherwise count as fresh.
    """
    passed = now - moment(text)
    if passed < -CLOCK_SKEW:
        raise ValueError("the date lies in the future")
    return passed


def starts_on(text: str) -> datetime:
    """Return the start in Asia/Jakarta of the day that `YYYY-MM-DD` names.

    Raises:
        ValueError: It names none.
    """
    return datetime.combine(parse_day(text), time.min, JAKARTA).astimezone(UTC)


def expires_on(text: str) -> datetime:
    """Return the last microsecond in Asia/Jakarta of the day that `YYYY-MM-DD` names.

    Raises:
        ValueError: It names none.
    """
    return datetime.combine(parse_day(text), time.max, JAKARTA).astimezone(UTC)


def moment(text: str) -> datetime:
    """Return the moment of an RFC 3339 text, or the start in Asia/Jakarta of a day.

    Raises:
        ValueError: The text is neither.
    """
    if len(text) <= _DAY_LENGTH:
        return starts_on(text)
    if not _MOMENT.fullmatch(text):
        raise ValueError("neither a date YYYY-MM-DD nor an RFC 3339 time with a zone")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("the calendar has no such moment") from error


def days(count: int) -> timedelta:
    """Return so many days of 24 hours.

    Raises:
        ValueError: More than the expression language can hold.
    """
    if abs(count) > _MAX_DAYS:
        raise ValueError(f"more than {_MAX_DAYS} days")
    return timedelta(days=count)


def span(text: str) -> timedelta:
    """Return the span that `365d`, `12h`, `1h30m` or `500ms` names.

    Raises:
        ValueError: The text names none, or one too long.
    """
    if not _SPAN.fullmatch(text):
        raise ValueError("a span is written as 365d, 12h, 30m or 1h30m")
    total = timedelta()
    for count, unit in _PART.findall(text):
        if int(count) * _UNITS[unit].total_seconds() > _MAX_DAYS * 86_400:
            raise ValueError(f"more than {_MAX_DAYS} days")
        total += int(count) * _UNITS[unit]
    return total
