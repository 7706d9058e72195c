"""Where an address, host or region lies: by the site register and the catalog's tables alone.

What neither names is the empty string. Nothing is guessed from a name, a top-level domain or a
public address block: those say who registered something, not where it stands.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import re2

from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import HostPattern, Region
from ojkaudit.model.evidence import Payload

LOCAL = "LOCAL"
"""Stands for the cluster or machine that asks."""

MIN_PREFIX = {4: 8, 6: 16}
"""Shorter prefixes in the site register are ignored: a network of half the world is no place."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED_PREFIX = 96
"""Of ::ffff:0:0/96, where IPv6 holds the IPv4 addresses; RFC 4291."""

_PAIR = re.compile(r"([a-z0-9][a-z0-9_-]*):([a-z0-9_-]*)", re.ASCII)
_ZONE_SUFFIX = re.compile(r"(?:-?[a-z]|-[0-9])$", re.ASCII)
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)*//", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"[a-z0-9_*](?:[a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_PORT = re.compile(r":[0-9]*$", re.ASCII)
_SERVICE = re.compile(r"(?:[a-z0-9_-]+\.){2,}svc(?:\.cluster\.local)?", re.ASCII)
_AMBIGUOUS = re.compile(r"[\s\\\x00-\x1f\x7f]")
_STAND_IN = "any"
"""Takes the place of a wildcard label: what holds for it must hold for any name below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNetwork:
    """One network of one declared site."""

    network: _Network
    site: str
    country: str


class Places:
    """Answers for one snapshot: its site register and the catalog's tables."""

    def __init__(
        self,
        sites: Iterable[Payload],
        regions: Sequence[Region],
        host_patterns: Sequence[HostPattern],
    ) -> None:
        """Index the tables; a malformed network is kept as a fault, raised when asked.

        Raises:
            ContentError: A host pattern is no RE2 expression.
        """
        self._fault = ""
        self._networks: list[SiteNetwork] = []
        for site in sites:
            self._add(site)
        self._countries: dict[tuple[str, str], set[str]] = {}
        for region in regions:
            key = (region.provider.lower(), region.region.lower())
            self._countries.setdefault(key, set()).add(region.country.upper())
        self._patterns = tuple((_compiled(p.pattern), p) for p in host_patterns)
        self._answers: dict[str, str] = {}

    def site_of(self, text: str) -> str:
        """Return the id of the site that declares an address or the whole of a network, else ''.

        Raises:
            ValueError: The site register holds a malformed network.
        """
        network = _network(_unbracketed(text.strip()))
        found = self._narrowest(network) if network is not None else None
        return found.site if found else ""

    def country_of(self, text: str) -> str:
        """Return the ISO country of a URL, host, address or `provider:region`, `LOCAL`, or ''.

        Raises:
            ValueError: The site register holds a malformed network.
        """
        answer = self._answers.get(text)
        if answer is None:
            answer = self._answers[text] = self._country(text.strip().lower())
        return answer

    def _add(self, site: Payload) -> None:
        cidrs = site.get("cidrs", [])
        for cidr in cidrs if isinstance(cidrs, list | tuple) else ():
            network = _network(str(cidr))
            if network is None:
                self._fault = f"site {site.get('id')} declares a malformed network"
            elif network.prefixlen >= MIN_PREFIX[network.version]:
                self._networks.append(
                    SiteNetwork(
                        network=network,
                        site=str(site.get("id", "")),
                        country=str(site.get("country", "")).upper(),
                    )
                )

    def _narrowest(self, network: _Network) -> SiteNetwork | None:
        """Return the narrowest declared network around another; none when two sites claim it."""
        if self._fault:
            raise ValueError(self._fault)
        around = [n for n in self._networks if _is_within(network, n.network)]
        longest = max((n.network.prefixlen for n in around), default=0)
        narrowest = [n for n in around if n.network.prefixlen == longest]
        return narrowest[0] if len({(n.site, n.country) for n in narrowest}) == 1 else None

    def _country(self, text: str) -> str:
        network = _network(text)
        if network is not None:
            return self._country_of_network(network)
        pair = _PAIR.fullmatch(text)
        if pair and not pair[2].isdecimal():
            return self._country_of_region(pair[1], pair[2])
        countries = {self._country_of_host(host) for host in _hosts(text)}
        # Hosts of one address in several countries have no one country.
        return countries.pop() if len(countries) == 1 else ""

    def _country_of_region(self, provider: str, token: str) -> str:
        """Return the country of a region, or of a zone: the region's token with one suffix."""
        countries = self._countries.get((provider, token))
        if countries is None:
            region = _ZONE_SUFFIX.sub("", token, count=1)
            countries = self._countries.get((provider, region), set())
        return next(iter(countries)) if len(countries) == 1 else ""

    def _country_of_host(self, host: str) -> str:
        network = _network(host)
        if network is not None:
            return self._country_of_network(network)
        if not _HOST.fullmatch(host):
            return ""
        name = host.replace("*", _STAND_IN)
        if name == "localhost" or name.endswith(".localhost") or _SERVICE.fullmatch(name):
            return LOCAL
        return self._country_by_pattern(name)

    def _country_of_network(self, network: _Network) -> str:
        address = network.network_address
        if network.num_addresses == 1 and (address.is_loopback or address.is_unspecified):
            return LOCAL
        found = self._narrowest(network)
        return found.country if found else ""

    def _country_by_pattern(self, name: str) -> str:
        """Return the country on which all patterns that match the whole name agree, else ''."""
        countries = set()
        for compiled, pattern in self._patterns:
            match = compiled.fullmatch(name)
            if match is None:
                continue
            token = match.group(pattern.region_group) if pattern.region_group else ""
            found = (
                self._country_of_region(pattern.provider.lower(), token or "")
                if pattern.region_group
                else pattern.country.upper()
            )
            countries.add(found)
        return countries.pop() if len(countries) == 1 else ""


def _compiled(pattern: str) -> re2._Regexp:
    try:
        return re2.compile(pattern)
    except re2.error as error:
        raise ContentError(f"host pattern {pattern!r} is no RE2 expression") from error


def _hosts(text: str) -> tuple[str, ...]:
    """Return the hosts of a URL or of `host[:port]`, several separated by commas."""
    # Clients disagree on where the host ends at these: such an address names no host.
    if _AMBIGUOUS.search(text):
        return ()
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return tuple(_host(part) for part in authority.split(","))


def _host(part: str) -> str:
    if _network(part) is not None:
        return part
    if part.startswith("["):
        return _unbracketed(part)
    return _PORT.sub("", part).removesuffix(".")


def _unbracketed(text: str) -> str:
    """Return what `[…]` or `[…]:port` encloses."""
    inner, bracket, port = text[1:].partition("]")
    return (
        inner if text.startswith("[") and bracket and (not port or _PORT.fullmatch(port)) else text
    )


def _network(text: str) -> _Network | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    address = network.network_address
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None and network.prefixlen >= _MAPPED_PREFIX:
        return ipaddress.ip_network((mapped, network.prefixlen - _MAPPED_PREFIX))
    return network


def _is_within(inner: _Network, outer: _Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
