"""Reads hosts and TLS mode out of a libpq connection string; the string itself is never kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

_URI = re.compile(r"^postgres(?:ql)?://", re.IGNORECASE)
_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)")
_NETLOC = re.compile(r"^(?:(?P<user>[^@]*)@)?(?P<hosts>.*)$")


def parse_conninfo(conninfo: str) -> dict[str, str]:
    """Return the options of a connection string, in `key=value` form or as a URI.

    Raises:
        ValueError: The string has neither form; the message holds nothing of it.
    """
    if _URI.match(conninfo):
        return _parse_uri(conninfo)
    options = {}
    position = 0
    while conninfo[position:].strip():
        match = _PAIR.match(conninfo, position)
        if match is None:
            raise ValueError("not a connection string")
        raw = match[2] if match[2] is not None else match[3]
        options[match[1]] = re.sub(r"\\(.)", r"\1", raw, flags=re.DOTALL)
        position = match.end()
    return options


def hosts(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return every host the options may lead to; empty when they name none.

    An address given as `hostaddr` is where libpq connects, so it counts before `host`. A path is
    a Unix socket, hence `localhost`.
    """
    named = options.get("hostaddr") or options.get("host", "")
    found = []
    for host in named.split(","):
        item = host.strip()
        if item.startswith(("/", "@")):
            found.append("localhost")
        elif item:
            found.append(item)
    return tuple(found)


def sslmode(options: Mapping[str, str]) -> str:
    """Return the TLS mode libpq would use; `prefer`, libpq's default, when none is named."""
    return options.get("sslmode") or "prefer"


def _parse_uri(uri: str) -> dict[str, str]:
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise ValueError("not a connection string") from None
    options: dict[str, str] = {}
    netloc = _NETLOC.match(parts.netloc)
    # Several hosts are allowed, so urlsplit's own hostname and port do not serve.
    for host in (netloc["hosts"] if netloc else "").split(","):
        name = host[: host.index("]") + 1] if host.startswith("[") else host.rsplit(":", 1)[0]
        name = unquote(name.strip("[]"))
        options["host"] = f"{options['host']},{name}" if "host" in options else name
    if not options.get("host"):
        options.pop("host", None)
    if parts.path.lstrip("/"):
        options["dbname"] = unquote(parts.path.lstrip("/"))
    if netloc and netloc["user"]:
        user, _, password = netloc["user"].partition(":")
        options["user"] = unquote(user)
        if password:
            options["password"] = unquote(password)
    options.update(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
    return options
