"""Where foreign servers and subscriptions lead: the host, and nothing else of their options."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from ojkaudit.collectors.postgresql.conninfo import hosts, parse_conninfo
from ojkaudit.collectors.postgresql.rows import Row, flag, text, texts

_HOST_OPTIONS = ("hostaddr", "host", "servername", "address", "server")
_LIBPQ_WRAPPERS = frozenset({"postgres_fdw", "dblink_fdw"})
_LOCAL_WRAPPERS = frozenset({"file_fdw"})
_ORACLE_EASY_CONNECT = re.compile(r"^(?://)?([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?/")


def foreign_servers(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return one entry per foreign server and host; `host` is absent where none can be told."""
    entries: list[dict[str, object]] = []
    for row in rows:
        options = dict(_option(item) for item in texts(row, "options"))
        name, wrapper = text(row, "name"), text(row, "fdw")
        entries.extend(
            {"name": name, "fdw": wrapper, **_host(host)}
            for host in foreign_hosts(wrapper, options) or ("",)
        )
    return entries


def foreign_hosts(wrapper: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the hosts a foreign server leads to; empty where they cannot be told.

    A server of a libpq wrapper without a host takes the server process's own default, which no
    option shows, so it is not taken for local.
    """
    if wrapper in _LOCAL_WRAPPERS:
        return ("localhost",)
    if wrapper in _LIBPQ_WRAPPERS:
        return hosts(options)
    for name in _HOST_OPTIONS:
        if options.get(name):
            return hosts({"host": options[name]})
    if options.get("url"):
        return _url_host(options["url"])
    oracle = _ORACLE_EASY_CONNECT.match(options.get("dbserver", ""))
    return (oracle[1].strip("[]"),) if oracle else ()


def subscriptions(
    rows: Sequence[Row], conninfos: Sequence[Row] | None
) -> Mapping[str, list[dict[str, object]]]:
    """Return the subscriptions of each database, one entry per host they may connect to.

    Args:
        rows: What any role may see of them.
        conninfos: Their connection strings; None when those are hidden, and `host` is absent then.
    """
    known = {
        (text(row, "database"), text(row, "name")): text(row, "conninfo") for row in conninfos or ()
    }
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        database, name = text(row, "database"), text(row, "name")
        for host in _conninfo_hosts(known.get((database, name), "")) or ("",):
            found[database].append({"name": name, "enabled": flag(row, "enabled"), **_host(host)})
    return found


def _conninfo_hosts(conninfo: str) -> tuple[str, ...]:
    try:
        options = parse_conninfo(conninfo)
    except ValueError:
        return ()
    return hosts(options)


def _host(host: str) -> dict[str, object]:
    return {"host": host} if host else {}


def _option(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name.lower(), value


def _url_host(url: str) -> tuple[str, ...]:
    # jdbc:postgresql://host/db: the scheme that counts is the second one.
    try:
        host = urlsplit(re.sub(r"^jdbc:", "", url)).hostname
    except ValueError:
        return ()
    return (host,) if host else ()
