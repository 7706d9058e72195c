"""One byte form for JSON, and its digest, so that the same data always signs the same."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

_ACCEPTED = "canonical JSON takes str, int, finite float, bool, None, list and str-keyed dict"


def dumps(value: object) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces.

    Raises:
        ValueError: A number is not finite, a key is not a string, or a type has no JSON form.
    """
    _check(value)
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    # A lone surrogate (possible in a name read from a broken source) has no UTF-8 form.
    return text.encode("utf-8", "backslashreplace")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical bytes of `value`."""
    return sha256(dumps(value))


def _check(value: object) -> None:
    # Iterative: evidence may be nested deeper than Python's recursion limit allows to walk.
    stack = [value]
    while stack:
        item = stack.pop()
        if item is None or isinstance(item, str | bool | int):
            continue
        if isinstance(item, float):
            if not math.isfinite(item):
                raise ValueError(f"not a finite number: {item!r}")
        elif isinstance(item, Mapping):
            if not all(isinstance(key, str) for key in item):
                raise ValueError(_ACCEPTED)
            stack.extend(item.values())
        elif isinstance(item, Sequence) and not isinstance(item, bytes | bytearray):
            stack.extend(item)
        else:
            raise ValueError(f"{_ACCEPTED}, not {type(item).__name__}")


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
