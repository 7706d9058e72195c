"""Comparing version numbers as servers report them."""

from __future__ import annotations

import re

_VERSION = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9})*)(?![\d.])(.*)", re.ASCII | re.DOTALL)
_PREVIEW = re.compile(r"[-._~+]?(?:alpha|beta|rc|dev|pre|snapshot|nightly|ec|fc)", re.IGNORECASE)
_MAX_LENGTH = 200


def at_least(version: str, minimum: str) -> bool:
    """Return whether `version` is `minimum` or newer, compared number by number.

    Missing numbers count as 0 (`15` is `15.0`); a leading `v` and what a packager or build adds
    (`15.4 (Debian 15.4-1)`, `v1.28.3+k3s1`) do not count; a preview (`17beta1`, `4.15.0-rc.1`) is
    older than the release it precedes, and two previews of one release count as equal.

    Raises:
        ValueError: A text does not begin with a version number.
    """
    return _key(version) >= _key(minimum)


def _key(text: str) -> tuple[tuple[int, ...], bool]:
    match = _VERSION.fullmatch(text.strip()) if len(text) <= _MAX_LENGTH else None
    if match is None:
        raise ValueError("not a version number")
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    is_release = _PREVIEW.match(match[2]) is None
    return tuple(numbers), is_release
