"""What a schema cannot say of the site register: networks that are real, narrow and disjoint."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from ojkaudit.content.config_checks import duplicates
from ojkaudit.content.marked import Marked
from ojkaudit.content.views import records, text, texts
from ojkaudit.errors import Problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MIN_PREFIX = 8
"""A wider network is no site: with 0.0.0.0/0 every address in the world would lie in Indonesia."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    site: str
    network: Network
    path: tuple[str | int, ...]


def check_sites(document: Marked) -> Iterator[Problem]:
    """Yield every fault of the sites that their schema cannot find."""
    yield from duplicates(document, ("sites",))
    declared: list[_Declared] = []
    for index, site in records(document.data, "sites"):
        for position, cidr in texts(site, "cidrs"):
            path = ("sites", index, "cidrs", position)
            message, network = _parse(cidr)
            if network is None:
                yield document.problem(path, message)
            else:
                name = text(site, "id") or str(index)
                declared.append(_Declared(site=name, network=network, path=path))
    yield from _overlaps(document, declared)


def _parse(cidr: str) -> tuple[str, Network | None]:
    """Return what is wrong, or the network."""
    if "/" not in cidr:
        return "expected a network with its prefix length, such as 10.10.0.0/16", None
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return "not a network; expected one such as 10.10.0.0/16 or fd00:10::/48", None
    if str(network.network_address) != str(_address(cidr)):
        return f"bits are set behind the prefix; did you mean {network}?", None
    if network.prefixlen < MIN_PREFIX:
        return f"too wide for a site: at most /{MIN_PREFIX}", None
    return "", network


def _address(cidr: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(cidr.partition("/")[0])


def _overlaps(document: Marked, declared: list[_Declared]) -> Iterator[Problem]:
    # Sorted by where they begin, a network overlaps an earlier one only if it begins inside it;
    # networks never overlap in part, so the enclosing ones form a stack.
    order = sorted(
        declared,
        key=lambda d: (d.network.version, int(d.network.network_address), d.network.prefixlen),
    )
    open_ones: list[_Declared] = []
    for current in order:
        while open_ones and not _contains(open_ones[-1].network, current.network):
            open_ones.pop()
        clash = next((other for other in open_ones if other.site != current.site), None)
        if clash is not None:
            message = (
                f"{current.network} overlaps {clash.network} of site '{clash.site}' "
                f"(line {document.line(clash.path)}); an address must lie in one site only"
            )
            yield document.problem(current.path, message)
        open_ones.append(current)


def _contains(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and int(outer.network_address) <= int(
        inner.network_address
    ) <= int(outer.broadcast_address)
