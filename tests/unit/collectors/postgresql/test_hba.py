"""Client authentication rules."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.hba import address_family, hba_rules, prefix_length


@pytest.mark.parametrize(
    ("address", "netmask", "expected"),
    [
        ("10.20.0.0", "255.255.0.0", 16),
        ("10.20.0.7", "255.255.255.255", 32),
        ("0.0.0.0", "0.0.0.0", 0),  # noqa: S104 - an address in a rule
        ("::", "::", 0),
        ("2001:db8::", "ffff:ffff::", 32),
        ("all", "", 0),
        ("samehost", "", None),
        ("samenet", "", None),
        (".dana.example", "", None),
        ("", "", None),
        ("10.0.0.0", "255.0.255.0", None),
        ("10.0.0.0", "garbage", None),
    ],
)
def test_prefix_length(address: str, netmask: str, expected: int | None) -> None:
    assert prefix_length(address, netmask) == expected


def test_address_family() -> None:
    assert address_family("10.0.0.1") == 4
    assert address_family("2001:db8::1") == 6
    assert address_family("all") is None


def test_null_is_an_absent_key_and_prefix_is_added() -> None:
    rules, redactions = hba_rules(
        [
            {
                "rule_number": 1,
                "line_number": 3,
                "type": "hostssl",
                "database": ["all"],
                "user_name": ["app"],
                "address": "10.20.0.0",
                "netmask": "255.255.0.0",
                "auth_method": "scram-sha-256",
                "options": None,
                "error": None,
            }
        ]
    )
    assert rules[0]["prefix"] == 16
    assert "error" not in rules[0]
    assert "options" not in rules[0]
    assert redactions == []


def test_unmeasurable_network_has_no_prefix() -> None:
    rules, _ = hba_rules([{"type": "host", "address": "samenet"}])
    assert "prefix" not in rules[0]


def test_passwords_in_options_are_not_kept() -> None:
    rules, redactions = hba_rules(
        [
            {"options": ["ldapserver=ldap", "ldapbindpasswd=rahasia"]},
            {"options": ["radiussecrets=rahasia", "clientcert=verify-full"]},
        ]
    )
    assert "rahasia" not in str(rules)
    assert rules[0]["options"] == ["ldapserver=ldap", "ldapbindpasswd=<not kept>"]
    assert redactions == ["hba[0].options", "hba[1].options"]


def test_an_error_stays_but_not_what_it_quotes() -> None:
    rules, _ = hba_rules([{"error": 'option not in name=value format: "rahasia"'}])
    assert rules[0]["error"] == 'option not in name=value format: "…"'
