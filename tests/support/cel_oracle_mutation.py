"""Evidence with faults: fields missing, null, of another type, lists emptied, values moved."""

from __future__ import annotations

import copy
import random
from typing import Any

_REPLACEMENTS: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    90,
    2**63 - 1,
    0.0,
    1.0,
    0.5,
    "",
    "x",
    "true",
    "10.10.1.5",
    "aws:ap-southeast-1",
    "2026-08-01",
    "2026-08-01T00:00:00Z",
    "2020-02-30",
    "30d",
    "4.0.1",
    "ID",
    [],
    ["ID"],
    {},
    {"name": "x"},
)


def seeded(seed: int) -> random.Random:
    """Return a generator that makes the same choices in every run."""
    return random.Random(seed)  # noqa: S311 - no secret is made of it


def mutated(generator: random.Random, value: Any, changes: int) -> Any:
    """Return a copy with so many changes at random places below the top level."""
    result = copy.deepcopy(value)
    for _ in range(changes):
        places = list(_places(result))
        if not places:
            return result
        _change(generator, *generator.choice(places))
    return result


def _places(value: Any) -> Any:
    """Yield every container with each of its keys or positions."""
    pending = [value]
    while pending:
        container = pending.pop()
        items = container.items() if isinstance(container, dict) else enumerate(container)
        for key, item in items:
            yield container, key
            if isinstance(item, dict | list):
                pending.append(item)


def _change(generator: random.Random, container: Any, key: Any) -> None:
    value = container[key]
    match generator.randrange(8):
        case 0 | 1:
            del container[key]
        case 2:
            container[key] = None
        case 3 | 4:
            container[key] = copy.deepcopy(generator.choice(_REPLACEMENTS))
        case 5 if isinstance(value, list):
            container[key] = [] if generator.random() < 0.5 else value + copy.deepcopy(value)
        case 5 if isinstance(value, dict):
            container[key] = {}
        case 6 if isinstance(container, list):
            container.append(copy.deepcopy(value))
        case _:
            container[key] = _moved(generator, value)


def _moved(generator: random.Random, value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + generator.choice((-1, 1, 100, -1000))
        case float():
            return value * generator.choice((-1.0, 0.5, 10.0))
        case str():
            # Never so that one digit is lost: the other runtime takes `026-1-31T0:0:0Z` too.
            return generator.choice((value + "x", value[:-3], value.upper(), "*" + value))
        case list():
            return value[1:]
        case _:
            return generator.choice((1, "x", {}, []))
