"""Look into data that may not have the form the schema wants, without stumbling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def mapping(data: object, *keys: str) -> Mapping[str, Any]:
    """Return the mapping under the keys; empty where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def items(data: object, *keys: str) -> list[Any]:
    """Return the list under the keys; empty where there is none."""
    holder = mapping(data, *keys[:-1])
    found = holder.get(keys[-1])
    return found if isinstance(found, list) else []


def records(data: object, *keys: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each mapping of the list under the keys, with its index."""
    for index, item in enumerate(items(data, *keys)):
        if isinstance(item, Mapping):
            yield index, item


def text(data: Mapping[str, Any], key: str) -> str:
    """Return the text under the key; empty where there is none."""
    found = data.get(key)
    return found if isinstance(found, str) else ""


def texts(data: Mapping[str, Any], key: str) -> Iterator[tuple[int, str]]:
    """Yield each text of the list under the key, with its index."""
    for index, item in enumerate(items(data, key)):
        if isinstance(item, str):
            yield index, item
