"""Where things are: by the register and the tables, or not at all."""

from __future__ import annotations

import pytest

from ojkaudit.engine.functions.location import Places
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import HostPattern, Region
from tests.support.judging import BUKIT_TENANG, CIKASO

REGIONS = (
    Region(provider="aws", region="ap-southeast-1", country="SG"),
    Region(provider="aws", region="ap-southeast-3", country="ID"),
    Region(provider="alibaba", region="ap-southeast-3", country="MY"),
    Region(provider="alibaba", region="ap-southeast-5", country="ID"),
    Region(provider="huawei", region="ap-southeast-3", country="SG"),
    Region(provider="gcp", region="asia-southeast2", country="ID"),
    Region(provider="azure", region="indonesiacentral", country="ID"),
    Region(provider="tencent", region="ap-jakarta", country="ID"),
    Region(provider="linode", region="id-cgk", country="ID"),
)
PATTERNS = (
    HostPattern(
        pattern=r"(?:.+\.)?s3[.-]([a-z0-9-]+)\.amazonaws\.com", provider="aws", region_group=1
    ),
    HostPattern(pattern=r"(?:.+\.)?contoh-cloud\.test", country="ID"),
    HostPattern(pattern=r"sg\.contoh-cloud\.test", country="SG"),
)
SITES = (
    {**CIKASO, "cidrs": ["10.1.0.0/16", "2001:db8:1::/48"]},
    BUKIT_TENANG,
    {"id": "kantor", "country": "SG", "cidrs": ["10.1.9.0/24", "203.0.113.0/24"]},
)
PLACES = Places(SITES, REGIONS, PATTERNS)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("10.1.2.3", "cikaso"),
        (" 10.1.2.3 ", "cikaso"),
        ("10.2.255.255", "bukit-tenang"),
        ("10.3.0.1", ""),
        ("10.1.0.0/16", "cikaso"),
        ("10.1.4.7/24", "cikaso"),
        ("10.0.0.0/8", ""),
        ("0.0.0.0/0", ""),
        ("10.1.9.4", "kantor"),
        ("10.1.8.0/23", "cikaso"),
        ("2001:db8:1::5", "cikaso"),
        ("[2001:db8:1::5]", "cikaso"),
        ("::ffff:10.1.2.3", "cikaso"),
        ("2001:db8:2::5", ""),
        ("127.0.0.1", ""),
        ("cikaso", ""),
        ("10.1.2", ""),
        ("10.1.2.3.4", ""),
        ("", ""),
    ],
)
def test_an_address_or_whole_network_belongs_to_the_site_that_declares_it(
    text: str, site: str
) -> None:
    assert PLACES.site_of(text) == site


def test_a_network_two_sites_claim_belongs_to_neither() -> None:
    twins = Places((CIKASO, {**BUKIT_TENANG, "cidrs": ["10.1.0.0/16"]}), (), ())
    assert twins.site_of("10.1.2.3") == ""
    assert twins.country_of("10.1.2.3") == ""


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "8.0.0.0/5", "::/0", "2000::/3"])
def test_a_network_of_half_the_world_is_no_place(cidr: str) -> None:
    places = Places(({**CIKASO, "cidrs": [cidr]},), (), ())
    assert places.site_of("8.8.8.8") == ""
    assert places.site_of("2001:db8::1") == ""
    assert places.country_of("8.8.8.8") == ""


def test_a_malformed_network_in_the_register_is_an_error_not_a_miss() -> None:
    places = Places((CIKASO, {**BUKIT_TENANG, "cidrs": ["10.2.0.0/99"]}), (), ())
    with pytest.raises(ValueError, match="bukit-tenang"):
        places.site_of("10.1.2.3")
    with pytest.raises(ValueError, match="bukit-tenang"):
        places.country_of("http://10.1.2.3/")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("aws:ap-southeast-3", "ID"),
        ("alibaba:ap-southeast-3", "MY"),
        ("huawei:ap-southeast-3", "SG"),
        ("AWS:AP-SOUTHEAST-3", "ID"),
        ("ap-southeast-3", ""),
        (":ap-southeast-3", ""),
        ("aws:", ""),
        ("unheardof:ap-southeast-3", ""),
        ("aws:ap-southeast-9", ""),
        # Zones are the region's token with one suffix.
        ("aws:ap-southeast-3a", "ID"),
        ("gcp:asia-southeast2-b", "ID"),
        ("azure:indonesiacentral-1", "ID"),
        ("tencent:ap-jakarta-2", "ID"),
        ("linode:id-cgk-1", "ID"),
        ("aws:ap-southeast-1a", "SG"),
        # A local zone may lie in another country than the region it belongs to.
        ("aws:ap-southeast-1-mnl-1a", ""),
        ("aws:ap-southeast-31", ""),
        ("gcp:asia-southeast21", ""),
    ],
)
def test_a_region_is_looked_up_with_its_provider(text: str, country: str) -> None:
    assert PLACES.country_of(text) == country


@pytest.mark.parametrize(
    "text",
    [
        "localhost",
        "localhost:5432",
        "db.localhost",
        "127.0.0.1",
        "http://127.8.9.1:9200/x",
        "[::1]:5432",
        "0.0.0.0",  # noqa: S104 - an address to look up, nothing listens
        "::",
        "postgres.pay.svc",
        "postgres.pay.svc.cluster.local",
        "postgres.pay.svc.cluster.local.",
        "https://user:pw@postgres.pay.svc:5432/db?sslmode=verify-full",
        "jdbc:postgresql://postgres.pay.svc:5432/core",
        "pod-0.postgres.pay.svc.cluster.local",
        "*.pay.svc.cluster.local",
    ],
)
def test_names_inside_the_cluster_are_local(text: str) -> None:
    assert PLACES.country_of(text) == "LOCAL"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("s3.ap-southeast-3.amazonaws.com", "ID"),
        ("bucket.s3.ap-southeast-3.amazonaws.com", "ID"),
        ("https://s3.ap-southeast-1.amazonaws.com/bucket", "SG"),
        ("S3.AP-SOUTHEAST-3.AMAZONAWS.COM:443", "ID"),
        ("*.s3.ap-southeast-3.amazonaws.com", "ID"),
        ("s3.amazonaws.com", ""),
        ("s3.ap-southeast-9.amazonaws.com", ""),
        ("s3.ap-southeast-3.amazonaws.com.evil.test", ""),
        ("bank.contoh-cloud.test", "ID"),
        # Two patterns that disagree say nothing.
        ("sg.contoh-cloud.test", ""),
        ("contoh-cloud.test.example", ""),
        ("10.1.2.3", "ID"),
        ("10.1.2.3:5432", "ID"),
        ("postgresql://app@10.1.2.3:5432/core", "ID"),
        ("[2001:db8:1::5]:5432", "ID"),
        ("203.0.113.7", "SG"),
        ("10.1.0.0/16", "ID"),
        ("0.0.0.0/0", ""),
        ("127.0.0.0/8", ""),
        ("postgresql://10.1.2.3,10.2.0.1:5433/core", "ID"),
        ("postgresql://10.1.2.3,203.0.113.7/core", ""),
        ("postgresql://10.1.2.3,elsewhere.test/core", ""),
    ],
)
def test_hosts_are_known_by_register_and_patterns(text: str, country: str) -> None:
    assert PLACES.country_of(text) == country


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgres",
        "svc",
        "pay.svc",
        "svc.cluster.local",
        "evil.svc.cluster.local.example.test",
        "db.id",
        "bank.co.id",
        "8.8.8.8",
        "192.168.1.1",
        "10.99.0.1",
        "169.254.169.254",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "0x7f000001",
        "http://",
        "https:///etc/passwd",
        "host=10.1.2.3 dbname=core",
        "https://10.1.2.3@evil.test/",
        "https://evil.test\\@10.1.2.3/",
        "evil.test#@10.1.2.3",
        "evil.test/10.1.2.3",
        "10.1.2.3 evil.test",
        "l\u043ecalhost",
        "\uff4c\uff4fcalhost",
        "[::1",
        "::1]",
        "aws:///ap-southeast-3a/i-0abc",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    assert PLACES.country_of(text) == ""


def test_a_host_pattern_that_is_none_is_named() -> None:
    with pytest.raises(ContentError, match="host pattern"):
        Places((), (), (HostPattern(pattern="(", country="ID"),))


def test_sites_without_networks_are_no_fault() -> None:
    assert Places(({"id": "x"}, {"id": "y", "cidrs": None}), (), ()).site_of("10.1.2.3") == ""
