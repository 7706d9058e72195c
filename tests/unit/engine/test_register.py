"""The register of certificates as the report lists it."""

from __future__ import annotations

from datetime import date

import pytest

from ojkaudit.model.result import RegisterEntry
from tests.support.judging import World, assessed, named, only, parameter, rule

KIND = "register/Attestation"


def entries(*payloads: dict[str, object], **given: object) -> tuple[RegisterEntry, ...]:
    world = World().nodes(named("a", ok=True)).read("register", KIND, *payloads)
    return assessed(world, rule(), **given).register


@pytest.mark.parametrize(
    ("until", "left", "state"),
    [
        ("2027-11-20", 365, "valid"),
        ("2027-01-19", 60, "expiring"),
        ("2026-11-20", 0, "expiring"),
        ("2026-11-19", -1, "expired"),
        (None, None, "undated"),
        ("soon", None, "undated"),
        (20270101, None, "undated"),
    ],
)
def test_an_entry_tells_how_long_it_is_valid(until: object, left: int | None, state: str) -> None:
    entry = only(entries({"id": "c", "type": "iso27001", "valid_until": until}))
    assert (entry.days_left, entry.state) == (left, state)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "withdrawn"}, "withdrawn"),
        ({"status": "suspended"}, "suspended"),
        ({"status": "valid"}, "valid"),
        ({"issued": "2026-11-21"}, "not_yet"),
        ({"issued": "2026-11-20"}, "valid"),
    ],
)
def test_a_document_that_is_not_in_force_is_not_called_valid(
    fields: dict[str, object], state: str
) -> None:
    document = {"id": "c", "type": "iso27001", "valid_until": "2028-01-01", **fields}
    assert only(entries(document)).state == state


def test_an_entry_tells_sites_and_file() -> None:
    entry = only(
        entries(
            {
                "id": "c",
                "type": "uptime_tier",
                "holder": "PT Gedung Contoh",
                "number": 17,
                "site": "cikaso",
                "sites": ["bukit-tenang", "cikaso"],
                "valid_until": "2028-01-01",
                "file": "c.pdf",
                "file_ok": True,
            }
        )
    )
    assert entry.sites == ("cikaso", "bukit-tenang")
    assert (entry.number, entry.file, entry.file_matches) == ("17", "c.pdf", True)
    assert entry.valid_until == date(2028, 1, 1)


def test_a_file_matches_only_when_the_collector_said_so() -> None:
    assert only(entries({"id": "c"})).file_matches is None
    assert only(entries({"id": "c", "file": "c.pdf"})).file_matches is False
    assert only(entries({"id": "c", "file": "c.pdf", "file_ok": "true"})).file_matches is False


def test_entries_come_by_id_and_the_warning_time_is_a_parameter() -> None:
    found = entries(
        {"id": "b", "valid_until": "2026-12-20"},
        {"id": "a", "valid_until": "2026-12-01"},
        parameters=(parameter("attestation_warn_days", 15),),
    )
    assert [(e.id, e.state) for e in found] == [("a", "expiring"), ("b", "valid")]
