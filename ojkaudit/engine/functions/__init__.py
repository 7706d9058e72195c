"""The functions that rules may call beyond the expression language's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from ojkaudit.engine.functions import geography, moments, secrecy, versions
from ojkaudit.engine.functions.location import Places

Implementations = Mapping[str, Callable[..., object]]


def implementations(now: datetime, places: Places) -> Implementations:
    """Return every function that `model.expressions.rule_environment` declares, by name."""

    def age(text: str) -> timedelta:
        return moments.age(text, now)

    return {
        "age": age,
        "countryOf": places.country_of,
        "days": moments.days,
        "distanceKm": geography.distance_km,
        "dur": moments.span,
        "expiresOn": moments.expires_on,
        "inIndonesia": geography.in_indonesia,
        "looksSecret": secrecy.looks_secret,
        "siteOf": places.site_of,
        "startsOn": moments.starts_on,
        "verGte": versions.at_least,
    }
