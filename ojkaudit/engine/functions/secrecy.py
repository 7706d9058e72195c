"""Whether a literal value looks like a secret, by its name, its shape or its redaction."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?:^|[^a-z])(?:password|passwd|passphrase|pwd|secret|token|credentials?|apikey"
    r"|(?:api|access|private|secret|encryption|signing|master|auth|shared)[^a-z]?key)s?(?:$|[^a-z])"
)
_HARMLESS_NAME = re.compile(
    r"(?:age|algorithm|allowed|attempts|audiences?|backend|class|count|days|dir|directory|duration"
    r"|enabled|endpoint|expir(?:ation|es|y)|files?|header|hours|id|interval|issuer|kind|length"
    r"|lifetime|limit|max|min|minutes|mode|names?|namespace|path|period|policy|port|prefix"
    r"|provider|ref|required|retries|rotation|seconds|size|store|timeout|ttl|type|uri|url|version)$"
)
"""`TOKEN_TTL`, `secretName` and the like speak about a secret without holding one."""
_HARMLESS_VALUE = re.compile(r"(?i)true|false|yes|no|none|null|\$[({][\w.]+[)}]")
"""Switches, and references to another variable."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REDACTED = re.compile(r"<redacted:(?!last-applied-configuration>)[a-z-]+>")
"""What a collector leaves in the place of a secret it took out."""
_SHAPE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bAIza[0-9A-Za-z_-]{35}"
    r"|\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_\w{22}|\bglpat-[\w-]{20}|\bxox[abeprs]-[\w-]{10}"
    r"|\b[rs]k_live_[0-9A-Za-z]{16}|\bsha256~[\w-]{20}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\."
    r"|\b[A-Za-z][\w+.-]{0,30}://[^\s/:@\"']*:[^\s/@\"']+@"
    r"|(?i:\b(?:bearer|basic)\s+[\w.~+/-]{16})"
    r"|(?i:(?:password|passwd|passphrase|api[_-]?key|secret[_-]?key|access[_-]?key|client[_-]?secret"
    r"|auth[_-]?token)[\"']?\s*[:=]\s*[\"']?(?!true\b|false\b|null\b|none\b)[^\s\"'#$%{<,;][^\s\"',;]{2})"
)


def looks_secret(name: str, value: str) -> bool:
    """Return whether `value`, kept under `name`, looks like a secret; a heuristic.

    Args:
        name: Name of the variable, key or option; empty when there is none.
        value: The literal value; what collectors redacted counts as the secret it was.
    """
    if not value or _HARMLESS_VALUE.fullmatch(value):
        return False
    if _REDACTED.search(value) or _SHAPE.search(value):
        return True
    words = _CAMEL.sub("_", name).lower()
    return _NAME.search(words) is not None and _HARMLESS_NAME.search(words) is None
