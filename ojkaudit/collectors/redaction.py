"""Keeps secrets out of evidence: what looks like one is replaced before anything is stored.

Evidence is handed to regulators and kept for years, so a false alarm here costs less than a miss.
A replaced value reads `<redacted:PATTERN>`; a rule that forbids inline secrets must look for that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

JsonObject = Mapping[str, object]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""Annotation that repeats a whole manifest, so also whatever secrets it had."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SECRET_WORDS = _words(
    """
    accesskey apikey authorization credential credentials passphrase passwd password
    privatekey pwd secret secretkey secrets token tokens
    """
)
_BEFORE_KEY = _words(
    """
    access api app auth encryption hmac master private secret session shared signing
    """
)
"""`API_KEY`, `signingKey`: a key by itself may be anything."""
_HARMLESS_ENDINGS = _words(
    """
    age algorithm allowed attempts audience audiences backend class count days dir directory
    duration enabled endpoint expiration expires expiry file files header host hours id
    interval issuer kind length lifetime limit max min minutes mode name names namespace
    path period policy port prefix provider ref required retries rotation seconds size store
    timeout ttl type uri url version
    """
)
"""`TOKEN_TTL`, `secretName` and the like speak about a secret without holding one."""
_HARMLESS_VALUE = re.compile(r"(?i)true|false|yes|no|none|null|\$[({][\w.]+[)}]")
"""Switches, and references to another variable."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "private-key",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        ),
        ("aws-access-key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("google-api-key", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("github-token", r"\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_\w{22,})"),
        ("gitlab-token", r"\bglpat-[\w-]{20,}"),
        ("slack-token", r"\bxox[abeprs]-[\w-]{10,}"),
        ("payment-key", r"\b[rs]k_live_[0-9A-Za-z]{16,}"),
        ("json-web-token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
        ("openshift-token", r"\bsha256~[\w-]{20,}"),
        ("url-password", r"\b[A-Za-z][\w+.-]*://[^\s/:@\"']*:[^\s/@\"']+@[^\s\"']*"),
        ("authorization-header", r"(?i)\b(?:bearer|basic)\s+[\w.~+/-]{16,}=*"),
        ("registry-auth", r"\"auth\"\s*:\s*\"[\w+/=]{8,}\""),
        (
            "assigned-secret",
            r"(?i)\b[\w.-]*(?:password|passwd|passphrase|api[_-]?key|secret[_-]?key|access[_-]?key"
            r"|client[_-]?secret|auth[_-]?token)[\"']?(?:\s*[:=]\s*|[ \t]+)[\"']?"
            r"(?![\"']?(?:true|false|null|none)\b)[^\s\"'#$%{<,;][^\s\"',;]{2,}",
        ),
    )
)
_QUIET = tuple(entry for entry in _PATTERNS if entry[0] != "assigned-secret")
"""Without the pattern that is too eager for free text such as a description."""
_HINT = re.compile(
    r"-----BEGIN|AKIA|ASIA|AIza|gh[pousr]_|github_pat_|glpat-|xox|k_live_|eyJ|sha256~|://|\"auth\""
    r"|(?i:bearer|basic)\s"
)
"""Whatever `_QUIET` finds holds one of these: one cheap look instead of twelve."""
_MAX_DEPTH = 200
"""Levels of nesting that are kept; schemas in CustomResourceDefinitions reach about 60."""
_OPTION = re.compile(r"(--?[A-Za-z][\w.-]*)(=?)(.*)", re.DOTALL)


def looks_secret(name: str, value: str) -> str | None:
    """Return the id of the pattern by which `value`, kept under `name`, looks like a secret.

    Args:
        name: Name of the variable, key or option; empty when there is none.
        value: The value as it would be stored.
    """
    if not value or _HARMLESS_VALUE.fullmatch(value):
        return None
    if _names_a_secret(name):
        return "secret-name"
    return next((ident for ident, pattern in _PATTERNS if pattern.search(value)), None)


def redact_text(name: str, value: str) -> str:
    """Return `value` without what looks secret.

    One line is replaced as a whole. In text of several lines (a file in a ConfigMap) only the
    secrets are, so that rules can still read the rest.
    """
    found = looks_secret(name, value)
    if found is None:
        return value
    if found == "secret-name" or "\n" not in value.strip():
        return f"<redacted:{found}>"
    for ident, pattern in _PATTERNS:
        value = pattern.sub(f"<redacted:{ident}>", value)
    return value


def redact_object(payload: JsonObject) -> tuple[JsonObject, tuple[str, ...]]:
    """Return a copy of a Kubernetes object without what looks secret, and the paths replaced.

    Everywhere: well-known token shapes, private keys and URLs with a password. Besides, by name:
    values beside a `name` (environment variables), options of commands, data of ConfigMaps, and
    the secrets of an OAuthClient. The annotation with the last applied manifest always goes.
    """
    walker = _Walker(str(payload.get("kind", "")))
    return walker.mapping(payload, "", 0), tuple(walker.paths)


class _Walker:
    """Copies one object and notes what it replaced."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.paths: list[str] = []

    def mapping(self, value: JsonObject, path: str, depth: int) -> dict[str, object]:
        label = value.get("name")
        result: dict[str, object] = {}
        for key, inner in value.items():
            place = _join(path, key)
            if key == "value" and isinstance(label, str) and isinstance(inner, str):
                result[key] = self._note(place, inner, redact_text(label, inner))
            else:
                result[key] = self._any(inner, place, key, depth + 1)
        return result

    def _any(self, value: object, path: str, key: str, depth: int) -> object:
        if isinstance(value, str):
            return self._note(path, value, self._text(path, key, value))
        if not isinstance(value, dict | list):
            return value
        if depth > _MAX_DEPTH:
            self.paths.append(path)
            return "<redacted:nested-too-deep>"
        if isinstance(value, dict):
            return self.mapping(value, path, depth)
        if key in ("args", "command"):
            return self._command(value, path, depth)
        return [
            self._any(inner, f"{path}[{index}]", "", depth + 1) for index, inner in enumerate(value)
        ]

    def _command(self, value: list[object], path: str, depth: int) -> list[object]:
        result: list[object] = []
        option = ""
        for index, inner in enumerate(value):
            place = f"{path}[{index}]"
            if not isinstance(inner, str):
                result.append(self._any(inner, place, "", depth + 1))
                continue
            result.append(self._note(place, inner, _redact_option(option, inner)))
            option = inner if inner.startswith("-") and "=" not in inner else ""
        return result

    def _text(self, path: str, key: str, value: str) -> str:
        if path == f"metadata.annotations[{LAST_APPLIED}]":
            return "<redacted:last-applied-configuration>"
        if self._kind == "Secret" and path.startswith("metadata.annotations"):
            return "<redacted:annotation-of-a-secret>"
        if self._kind == "ConfigMap" and path.startswith(("data", "binaryData")):
            return _redact_data(path, key, value)
        if self._kind == "OAuthClient" and path.startswith(("secret", "additionalSecrets[")):
            return "<redacted:oauth-client-secret>"
        if _HINT.search(value) and any(pattern.search(value) for _, pattern in _QUIET):
            return redact_text("", value)
        return value

    def _note(self, path: str, before: str, after: str) -> str:
        if before != after:
            self.paths.append(path)
        return after


def _redact_data(path: str, key: str, value: str) -> str:
    """Return one value of a ConfigMap; what is packed cannot be looked into, so it goes."""
    if path.startswith("binaryData"):
        return "<redacted:binary-data>"
    if path == "data.release":
        return "<redacted:packed-release>"
    return redact_text(key, value)


def _redact_option(option: str, value: str) -> str:
    """Return one word of a command, given the option before it (empty when none)."""
    if option and not value.startswith("-"):
        return redact_text(option.lstrip("-"), value)
    match = _OPTION.fullmatch(value)
    if match is None or not match[2]:
        return redact_text("", value)
    return f"{match[1]}={redact_text(match[1].lstrip('-'), match[3])}"


def _join(path: str, key: str) -> str:
    if not path:
        return key
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key}]"


def _names_a_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name) if not word.isdigit()]
    if words[-2:] == ["secret", "id"]:
        return True  # half of an AppRole login, unlike any other id
    if not words or words[-1] in _HARMLESS_ENDINGS:
        return False
    return not _SECRET_WORDS.isdisjoint(words) or any(
        first in _BEFORE_KEY and second == "key" for first, second in itertools.pairwise(words)
    )
