"""Regular expressions: RE2, whose time is linear in the text whatever the pattern."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2

from ojkaudit.cel.errors import Fault

MAX_PATTERN_LENGTH = 1_000
"""Code points; far above any pattern a rule needs."""
_MAX_MEMORY = 8 << 20
"""Bytes RE2 may use for one pattern."""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    return re2.compile(pattern, options)


def compile_pattern(pattern: str) -> Any:
    """Return the compiled pattern.

    Raises:
        Fault: RE2 refuses the pattern, or it is too long.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise Fault(f"regular expression is longer than {MAX_PATTERN_LENGTH} characters")
    try:
        return _compiled(pattern)
    except re2.error as error:
        raise Fault(f"invalid regular expression: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


@lru_cache(maxsize=16_384)
def _search(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).search(text) is not None


_MAX_REMEMBERED = 512
"""Code points; longer texts are searched anew, so that the memo stays small."""


def matches(text: str, pattern: str) -> bool:
    """Say whether the pattern is found anywhere in the text.

    Raises:
        Fault: RE2 refuses the pattern.
    """
    if len(text) <= _MAX_REMEMBERED:
        return _search(pattern, text)
    return compile_pattern(pattern).search(text) is not None


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return the test for one constant pattern.

    Raises:
        Fault: RE2 refuses the pattern.
    """
    compile_pattern(pattern)
    return lambda text: matches(text, pattern)
