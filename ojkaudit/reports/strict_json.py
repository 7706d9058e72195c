"""Read JSON that must mean one thing only: no duplicate keys, no numbers JSON does not have."""

from __future__ import annotations

import json
from typing import NoReturn

MAX_DEPTH_HINT = "nested too deeply"


def loads(data: bytes) -> object:
    """Return the JSON value in `data`.

    A duplicate key is refused because two readers may keep different ones: a signed file would
    then say one thing to its signer and another to its reader.

    Raises:
        ValueError: Not UTF-8, not JSON, a key occurs twice in one object, a number is not finite,
            or the nesting is too deep to read.
    """
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise ValueError(MAX_DEPTH_HINT) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key!r} occurs twice in one object")
            seen.add(key)
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
