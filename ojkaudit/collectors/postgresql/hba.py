"""Client authentication rules as the server reports them, measured and stripped of secrets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from ojkaudit.collectors.postgresql.rows import Row, present, text, texts

NOT_KEPT = "<not kept>"

_SECRET_OPTION = re.compile(r"(passwd|password|secret)", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


def hba_rules(rows: Sequence[Row]) -> tuple[list[dict[str, object]], list[str]]:
    """Return the rules for the evidence and the paths of what was left out of them.

    Each rule gains `prefix` (mask length) and `address_family` (4 or 6) where they can be told.
    """
    rules = []
    redactions = []
    for index, row in enumerate(rows):
        rule = present(row)
        prefix = prefix_length(text(row, "address"), text(row, "netmask"))
        if prefix is not None:
            rule["prefix"] = prefix
        family = address_family(text(row, "address"))
        if family is not None:
            rule["address_family"] = family
        options, changed = _safe_options(texts(row, "options"))
        if options:
            rule["options"] = options
        if changed:
            redactions.append(f"hba[{index}].options")
        if "error" in rule:
            # The message quotes what stands in the file, which may be a misplaced secret.
            rule["error"] = _QUOTED.sub('"…"', text(row, "error"))
        rules.append(rule)
    return rules, redactions


def prefix_length(address: str, netmask: str) -> int | None:
    """Return how many leading bits of the address must match; 0 admits every address.

    None where the rule names no measurable network: a Unix socket, `samehost`, `samenet`, a host
    name, or a mask with holes.
    """
    if address == "all":
        return 0
    if not netmask:
        return None
    try:
        mask = ipaddress.ip_address(netmask)
    except ValueError:
        return None
    bits = f"{int(mask):0{mask.max_prefixlen}b}"
    ones = bits.rstrip("0")
    return None if "0" in ones else len(ones)


def address_family(address: str) -> int | None:
    """Return 4 or 6 for a numeric address, else None."""
    try:
        return ipaddress.ip_address(address).version
    except ValueError:
        return None


def _safe_options(options: Sequence[str]) -> tuple[list[str], bool]:
    safe = []
    changed = False
    for option in options:
        name, equals, _ = option.partition("=")
        if equals and _SECRET_OPTION.search(name):
            safe.append(f"{name}={NOT_KEPT}")
            changed = True
        else:
            safe.append(option)
    return safe, changed
