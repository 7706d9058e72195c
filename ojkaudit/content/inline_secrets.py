"""Find secrets written into a file, so that they are refused and never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ojkaudit.content.marked import Marked
from ojkaudit.errors import Problem

_SECRET_WORDS = (
    "password",
    "passphrase",
    "passwd",
    "pwd",
    "token",
    "secret",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "secret_key",
    "credential",
    "credentials",
    "pin",
)
_URL_CREDENTIALS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@]*:([^\s/?#@]+)@")
_BARE_CREDENTIALS = re.compile(r"^[^\s/:@]+:([^\s@]+)@")
_DSN_PASSWORD = re.compile(
    r"(?i)(?:^|[\s;&?])(?:password|passwd|pwd|sslpassword)\s*=\s*('[^']*'|[^\s;&]+)"
)
_PEM_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_ADDRESS_KEYS = frozenset({"host", "hosts", "server", "proxy", "url", "dsn", "address", "uri"})
_MIN_SCRUBBED = 4
"""Shorter values would scrub ordinary words out of messages."""


def is_secret_key(key: str) -> bool:
    """Return whether the value under this key would be a secret."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower().replace("-", "_").replace(" ", "_")
    if name.endswith(("_env", "_file")):
        return False
    return any(name == word or name.endswith("_" + word) for word in _SECRET_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSecrets:
    """What was found in one document."""

    problems: tuple[Problem, ...] = ()
    paths: frozenset[tuple[str | int, ...]] = frozenset()
    """Where the secrets stand."""
    values: tuple[str, ...] = field(default=(), repr=False)
    """The secrets, longest first: for `scrub` only, they must not travel further."""


def find(document: Marked) -> InlineSecrets:
    """Return a problem for each secret written into the document."""
    problems: list[Problem] = []
    paths: set[tuple[str | int, ...]] = set()
    values: set[str] = set()
    for path, value in _texts(document.data):
        message, secret = _judge(path, value)
        if message:
            problems.append(document.problem(path, message))
            paths.add(path)
            values.update(part for part in (secret, value) if part)
    return InlineSecrets(
        problems=tuple(problems),
        paths=frozenset(paths),
        values=tuple(sorted(values, key=len, reverse=True)),
    )


def scrub(problems: Iterable[Problem], values: Iterable[str]) -> tuple[Problem, ...]:
    """Return the problems with every secret value in their messages replaced."""
    hidden = [value for value in values if len(value) >= _MIN_SCRUBBED]
    return tuple(replace(p, message=_scrubbed(p.message, hidden)) for p in problems)


def _scrubbed(message: str, hidden: Iterable[str]) -> str:
    for value in hidden:
        message = message.replace(value, "***")
    return message


def _texts(data: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every scalar with its path, as text."""
    pending: list[tuple[tuple[str | int, ...], object]] = [((), data)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, Mapping):
            pending.extend(((*path, str(key)), item) for key, item in value.items())
        elif isinstance(value, list):
            pending.extend(((*path, index), item) for index, item in enumerate(value))
        else:
            yield path, "" if value is None else str(value)


def _judge(path: tuple[str | int, ...], value: str) -> tuple[str, str]:
    """Return what is wrong (empty: nothing) and the secret part of the value."""
    keys = [step for step in path if isinstance(step, str)]
    holder = next((key for key in reversed(keys) if is_secret_key(key)), "")
    if holder:
        return (
            f"'{holder}' may not stand in this file; name an environment variable with "
            f"'{holder}_env' or a file with '{holder}_file'",
            value,
        )
    if _PEM_KEY.search(value):
        return "a private key may not stand in this file; name its file instead", value
    found = _URL_CREDENTIALS.search(value)
    if found is None and keys and keys[-1] in _ADDRESS_KEYS:
        found = _BARE_CREDENTIALS.search(value)
    if found is None:
        found = _DSN_PASSWORD.search(value)
    if found is None:
        return "", ""
    return (
        "credentials may not stand in an address or connection string; "
        "use the keys ending in '_env' or '_file'",
        found.group(1),
    )
