"""Random inputs for the random expressions."""

from __future__ import annotations

import datetime as dt
import random

TEXTS = (
    "",
    "a",
    "ab",
    "aXbX",
    "héllo",
    "10",
    "-7",
    "1.5",
    "true",
    "2026-01-31T07:00:00Z",
    "1h",
    "é",
)
_SCALARS = (None, True, False, 0, 1, -3, 1.0, 0.5, "a", "k", "", "10", "2026-01-31T07:00:00Z")


def random_value(generator: random.Random, depth: int = 3) -> object:
    """Return JSON data with the names the expressions ask for."""
    roll = generator.random()
    if depth == 0 or roll < 0.35:
        return generator.choice(_SCALARS)
    if roll < 0.6:
        return [random_value(generator, depth - 1) for _ in range(generator.randint(0, 3))]
    keys = [key for key in ("a", "b", "n", "l", "m", "k") if generator.random() < 0.6]
    return {key: random_value(generator, depth - 1) for key in keys}


def random_map(generator: random.Random) -> dict[str, object]:
    """Return a map that has most of the names the expressions ask for."""
    keys = [key for key in ("a", "b", "n", "l", "m", "k") if generator.random() < 0.85]
    return {key: random_value(generator) for key in keys}


def random_inputs(generator: random.Random) -> dict[str, object]:
    """Return a value for every variable."""
    pick = generator.choice
    return {
        "i": pick((0, 1, 2, -5, 100, 2**63 - 1, -(2**63))),
        "j": pick((0, 1, 3, 1000)),
        "f": pick((0.0, 1.0, -1.5, 1e300, 1e-7, 123456.789)),
        "s": pick(TEXTS),
        "q": pick(TEXTS),
        "b": pick((True, False)),
        "y": pick((b"", b"a", b"\xff\x01")),
        "now": dt.datetime(2026, pick((1, 6, 12)), pick((1, 28)), 3, 4, 5, 678000, tzinfo=dt.UTC),
        "w": pick((dt.timedelta(), dt.timedelta(hours=25), dt.timedelta(milliseconds=-1500))),
        "li": [pick((0, 1, 2, -5)) for _ in range(generator.randint(0, 3))],
        "ls": [pick(TEXTS) for _ in range(generator.randint(0, 3))],
        "ms": {key: generator.randint(0, 5) for key in ("a", "k", "") if generator.random() < 0.6},
        "d": random_map(generator),
        "e": random_value(generator),
    }
