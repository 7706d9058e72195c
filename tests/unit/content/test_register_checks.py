"""The register: ids used once, references that lead somewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ojkaudit.content import load_config
from ojkaudit.content.register_checks import COLLECTIONS
from ojkaudit.content.schema import validator
from ojkaudit.errors import ConfigurationError
from tests.support.content_files import CONFIG, changed, write

REGISTER: dict[str, list[dict[str, Any]]] = {
    "attestations": [
        {
            "id": "iso",
            "type": "iso27001",
            "holder": "PT Dana Contoh Nusantara",
            "number": "IS 1",
            "issuer": "Lembaga Contoh",
            "issued": "2025-01-01",
            "valid_until": "2027-12-31",
            "sites": ["cikaso"],
            "scope_systems": ["inti"],
            "file": "iso.pdf",
            "sha256": "0" * 64,
        }
    ],
    "systems": [
        {
            "id": "inti",
            "critical": True,
            "owner": "TI",
            "rpo_minutes": 15,
            "rto_minutes": 240,
            "vendors": ["awan"],
        }
    ],
    "dr_tests": [
        {
            "id": "uji",
            "system": "inti",
            "date": "2026-05-01",
            "type": "full_switchover",
            "result": "success",
        }
    ],
    "restore_tests": [
        {
            "id": "pulih",
            "system": "inti",
            "date": "2026-05-01",
            "source": "harian",
            "result": "success",
            "data_checked": True,
        }
    ],
    "assessments": [
        {
            "id": "pen",
            "type": "pentest_external",
            "date": "2026-05-01",
            "assessor": "Penguji",
            "independent": True,
        }
    ],
    "access_reviews": [
        {
            "id": "tinjau",
            "system": "inti",
            "date": "2026-05-01",
            "reviewer": "Kepatuhan",
            "accounts_reviewed": 10,
            "accounts_total": 10,
        }
    ],
    "key_escrow": [
        {
            "id": "kunci",
            "key": "pgbackrest",
            "site": "bukit-tenang",
            "custodians": ["a", "b"],
            "last_checked": "2026-05-01",
        }
    ],
    "vendors": [{"id": "awan", "name": "PT Awan Contoh", "country": "ID", "hosts": ["a.example"]}],
    "approved_hosts": [
        {
            "id": "h",
            "host": "api.jauh.example",
            "country": "SG",
            "basis": "Persetujuan",
            "approved_by": "Direksi",
            "review_date": "2026-05-01",
        }
    ],
    "privacy": [{"id": "p", "dpo": "Budi Contoh"}],
    "ropa": [
        {
            "id": "r",
            "activity": "Penilaian kredit",
            "purpose": "Pendanaan",
            "legal_basis": "Perjanjian",
            "processors": ["awan"],
            "columns": [
                {"database": "d", "schema": "s", "table": "t", "column": "nik", "personal": True}
            ],
        }
    ],
}


def faults(tmp_path: Path, *changes: tuple[tuple[str | int, ...], object]) -> str:
    data = changed(CONFIG, (("register",), changed(REGISTER, *changes)))
    with pytest.raises(ConfigurationError) as caught:
        load_config(write(tmp_path / "ojkaudit.yaml", data))
    return str(caught.value)


def test_a_full_register_is_kept_as_it_is(tmp_path: Path) -> None:
    data = changed(CONFIG, (("register",), REGISTER))
    config = load_config(write(tmp_path / "ojkaudit.yaml", data))
    assert {name: list(r) for name, r in config.register.records.items()} == REGISTER


def test_the_schema_and_the_checks_know_the_same_sections() -> None:
    assert set(validator("register").schema["properties"]) == set(COLLECTIONS) == set(REGISTER)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("attestations", 0, "sites"), ["nope"], "no site has the id 'nope'"),
        (("attestations", 0, "site"), "nope", "no site has the id 'nope'"),
        (("attestations", 0, "scope_systems"), ["nope"], "no system has the id 'nope'"),
        (("dr_tests", 0, "system"), "nope", "no system has the id 'nope'"),
        (("restore_tests", 0, "system"), "nope", "no system has the id 'nope'"),
        (("access_reviews", 0, "system"), "nope", "no system has the id 'nope'"),
        (("key_escrow", 0, "site"), "nope", "no site has the id 'nope'"),
        (("systems", 0, "vendors"), ["nope"], "no vendor has the id 'nope'"),
        (("ropa", 0, "processors"), ["nope"], "no vendor has the id 'nope'"),
        (
            ("attestations", 0, "valid_until"),
            "2024-12-31",
            "valid until a day before it was issued",
        ),
        (("attestations", 0, "file"), ..., "key 'sha256' needs 'file' beside it"),
        (("attestations", 0, "sha256"), "AB", "expected 64 lower-case hexadecimal digits"),
        (("attestations", 0, "award"), "TCX", "award: expected one of TCDD, TCCF, TCOS"),
        (("attestations", 0, "edition"), 2022, "put it in quotes"),
        (("attestations", 0, "validuntil"), "2027-01-01", "did you mean 'valid_until'?"),
        (("dr_tests", 0, "type"), "simulation", "type: expected one of tabletop, component"),
        (("dr_tests", 0, "date"), "2026-06-31", "date: the calendar has no such day"),
        (("approved_hosts", 0, "country"), "ZZ", "no country has this code"),
        (("approved_hosts", 0, "host"), "https://x/y", "host: expected a host name"),
        (("vendors", 0, "transfers"), [{"country": "SG"}], "key 'basis' is missing"),
        (("ropa", 0, "columns", 0, "personal"), "ya", "personal: expected true or false"),
        (("systems", 0, "critical"), "true", "write true or false without quotes"),
        (("privacy",), {"dpo": "x"}, "privacy: expected a list, found a mapping"),
        (("certificates",), [], "unknown key 'certificates'"),
    ],
)
def test_a_fault_of_the_register_is_named(
    tmp_path: Path, path: tuple[str | int, ...], value: object, message: str
) -> None:
    assert message in faults(tmp_path, (path, value))


def test_an_id_is_used_once_in_each_section(tmp_path: Path) -> None:
    twice = [REGISTER["dr_tests"][0], REGISTER["dr_tests"][0]]
    assert "id 'uji' is already used on line" in faults(tmp_path, (("dr_tests",), twice))


def test_references_lead_from_the_register_file_into_the_configuration(tmp_path: Path) -> None:
    write(tmp_path / "r.yaml", {"dr_tests": [{**REGISTER["dr_tests"][0], "system": "nope"}]})
    data = changed(
        CONFIG,
        (("register",), {"systems": REGISTER["systems"], "vendors": REGISTER["vendors"]}),
        (("register_file",), "r.yaml"),
    )
    with pytest.raises(ConfigurationError, match=r"r\.yaml:3:3: no system has the id 'nope'"):
        load_config(write(tmp_path / "ojkaudit.yaml", data))
