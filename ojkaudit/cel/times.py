"""Timestamps and durations: reading, writing, and their parts.

Both have microsecond precision, Python's own; finer digits in a text are cut off.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from fractions import Fraction

from ojkaudit.cel.arithmetic import MAX_DURATION, checked_duration, checked_timestamp
from ojkaudit.cel.errors import Fault

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)
_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNIT_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_MAX_DURATION_TEXT = 100
_OFFSET = re.compile(r"([+-]?)(\d{1,2}):(\d{2})", re.ASCII)


def parse_timestamp(text: str) -> dt.datetime:
    """Return the moment an RFC 3339 text names, in UTC.

    Raises:
        Fault: The text is no RFC 3339 date and time with a zone.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise Fault("a timestamp is written as 2026-01-31T07:00:00Z or with +07:00")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    # A leap second is counted as the first second of the next minute, as Google's runtime does.
    leap = dt.timedelta(seconds=1) if second == 60 else dt.timedelta()
    fraction = int((match[7] or "").ljust(6, "0")[:6])
    offset = _offset(match[8] or "+", match[9] or "0", match[10] or "0")
    return checked_timestamp(
        lambda: (
            dt.datetime(
                year,
                month,
                day,
                hour,
                minute,
                min(second, 59) if leap else second,
                fraction,
                dt.UTC,
            )
            + leap
            - offset
        )
    )


def _offset(sign: str, hours: str, minutes: str) -> dt.timedelta:
    if int(hours) > 23 or int(minutes) > 59:
        raise Fault("offset of a time zone is out of range")
    value = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return -value if sign == "-" else value


def timestamp_from_seconds(seconds: int) -> dt.datetime:
    """Return the moment so many seconds after 1970-01-01T00:00:00Z."""
    return checked_timestamp(lambda: _EPOCH + dt.timedelta(seconds=seconds))


def seconds_of_timestamp(value: dt.datetime) -> int:
    """Return whole seconds since 1970-01-01T00:00:00Z, rounded down."""
    return (value - _EPOCH) // dt.timedelta(seconds=1)


def format_timestamp(value: dt.datetime) -> str:
    """Return RFC 3339 in UTC with as few digits behind the second as needed: 0, 3 or 6."""
    moment = value.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{moment.replace(microsecond=0).isoformat()}{_fraction(moment.microsecond)}Z"


def _fraction(microseconds: int) -> str:
    if microseconds == 0:
        return ""
    if microseconds % 1000 == 0:
        return f".{microseconds // 1000:03d}"
    return f".{microseconds:06d}"


def parse_duration(text: str) -> dt.timedelta:
    """Return the duration a text such as `1h30m` or `-1.5s` names; there is no unit for days.

    Raises:
        Fault: The text names none, or one longer than 10,000 years.
    """
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return dt.timedelta()
    total = Fraction(0)
    position = 0
    while position < len(body) and len(body) <= _MAX_DURATION_TEXT:
        match = _DURATION_PART.match(body, position)
        if match is None:
            break
        total += Fraction(match[1].rstrip(".")) * _UNIT_NANOSECONDS[match[2]]
        position = match.end()
    if not body or position < len(body):
        raise Fault("a duration is written as 24h, 90m, 30s or 1h30m (there is no unit for days)")
    microseconds = int(total) // 1000
    if microseconds > MAX_DURATION // dt.timedelta(microseconds=1):
        raise Fault("duration out of range")
    sign = -1 if text[0] == "-" else 1
    return checked_duration(lambda: dt.timedelta(microseconds=sign * microseconds))


def format_duration(value: dt.timedelta) -> str:
    """Return seconds with the unit, such as `5400s` or `-0.001s`."""
    microseconds = value // dt.timedelta(microseconds=1)
    sign = "-" if microseconds < 0 else ""
    seconds, rest = divmod(abs(microseconds), 1_000_000)
    return f"{sign}{seconds}{_fraction(rest)}s"


def in_zone(value: dt.datetime, zone: str) -> dt.datetime:
    """Return the moment as a clock in the zone shows it; `zone` is an IANA name or `+07:00`.

    Raises:
        Fault: There is no such zone.
    """
    match = _OFFSET.fullmatch(zone)
    if match is not None:
        offset = _offset(match[1] or "+", match[2], match[3])
        return _shifted(value, dt.timezone(offset))
    try:
        info = zoneinfo.ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise Fault("no such time zone") from None
    return _shifted(value, info)


def _shifted(value: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    try:
        return value.astimezone(zone)
    except OverflowError:
        raise Fault("timestamp out of range") from None


TIMESTAMP_PARTS: dict[str, Callable[[dt.datetime], int]] = {
    "getFullYear": lambda value: value.year,
    "getMonth": lambda value: value.month - 1,
    "getDate": lambda value: value.day,
    "getDayOfMonth": lambda value: value.day - 1,
    "getDayOfWeek": lambda value: value.isoweekday() % 7,
    "getDayOfYear": lambda value: value.timetuple().tm_yday - 1,
    "getHours": lambda value: value.hour,
    "getMinutes": lambda value: value.minute,
    "getSeconds": lambda value: value.second,
    "getMilliseconds": lambda value: value.microsecond // 1000,
}
"""Months, days of the month and of the year count from 0, as in JavaScript; Sunday is 0."""


def _whole(value: dt.timedelta, unit: dt.timedelta) -> int:
    magnitude = abs(value) // unit
    return -magnitude if value < dt.timedelta() else magnitude


def _milliseconds(value: dt.timedelta) -> int:
    magnitude = (abs(value) // dt.timedelta(milliseconds=1)) % 1000
    return -magnitude if value < dt.timedelta() else magnitude


DURATION_PARTS: dict[str, Callable[[dt.timedelta], int]] = {
    "getHours": lambda value: _whole(value, dt.timedelta(hours=1)),
    "getMinutes": lambda value: _whole(value, dt.timedelta(minutes=1)),
    "getSeconds": lambda value: _whole(value, dt.timedelta(seconds=1)),
    "getMilliseconds": _milliseconds,
}
"""The whole duration in the unit; milliseconds are those behind the last whole second."""
