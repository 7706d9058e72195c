"""Our functions as both runtimes see them: deterministic, simple, the same code on both sides."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
_COUNTRIES = {
    "10.10": "ID",
    "10.20": "ID",
    "aws:ap-southeast-3": "ID",
    "gcp:asia-southeast2": "ID",
    "alibaba:ap-southeast-5": "ID",
    "azure:indonesiacentral": "ID",
    "aws:ap-southeast-1": "SG",
    "aws:us-east-1": "US",
}
_SITES = {"10.10.": "cikaso", "10.20.": "bukit-tenang"}
_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


def country_of(text: str) -> str:
    if text.endswith((".svc", ".local", ".cluster.local")):
        return "LOCAL"
    for start, country in _COUNTRIES.items():
        if text.startswith(start) or f"//{start}" in text:
            return country
    return ""


def site_of(text: str) -> str:
    return next((site for start, site in _SITES.items() if text.startswith(start)), "")


def _moment(text: str) -> dt.datetime:
    match = re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z)?", text, re.ASCII
    )
    if match is None:
        raise ValueError("not a date")
    return dt.datetime(*(int(part or 0) for part in match.groups()), tzinfo=dt.UTC)


def age(text: str) -> dt.timedelta:
    return NOW - _moment(text)


def days(number: int) -> dt.timedelta:
    if abs(number) > 3_000_000:
        raise ValueError("too many days")
    return dt.timedelta(days=number)


def dur(text: str) -> dt.timedelta:
    match = re.fullmatch(r"(\d{1,6})(d|h|ms|m|s)", text, re.ASCII)
    if match is None:
        raise ValueError("not a duration")
    return dt.timedelta(milliseconds=int(match[1]) * _UNITS[match[2]])


def distance_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    if not all(map(math.isfinite, (a_lat, a_lon, b_lat, b_lon))):
        raise ValueError("not a place")
    return 111.0 * (abs(a_lat - b_lat) + abs(a_lon - b_lon))


def in_indonesia(lat: float, lon: float) -> bool:
    return -11.0 <= lat <= 6.0 and 95.0 <= lon <= 141.0 and not (lat > 0.9 and 103 < lon < 104.5)


def ver_gte(left: str, right: str) -> bool:
    def parts(text: str) -> list[int]:
        if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})*", text, re.ASCII) is None:
            raise ValueError("not a version")
        return [int(part) for part in text.split(".")]

    return parts(left) >= parts(right)


def looks_secret(name: str, value: str) -> bool:
    if re.search(r"://[^/@:]+:[^/@]+@", value):
        return True
    return "pass" in name.lower() and len(value) > 3


def starts_on(text: str) -> dt.datetime:
    return _moment(text)


def expires_on(text: str) -> dt.datetime:
    return _moment(text) + dt.timedelta(days=1)


FUNCTIONS: dict[str, Callable[..., object]] = {
    "age": age,
    "countryOf": country_of,
    "days": days,
    "distanceKm": distance_km,
    "dur": dur,
    "expiresOn": expires_on,
    "inIndonesia": in_indonesia,
    "looksSecret": looks_secret,
    "siteOf": site_of,
    "startsOn": starts_on,
    "verGte": ver_gte,
}
