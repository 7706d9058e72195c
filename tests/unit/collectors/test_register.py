from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.register import (
    SECTIONS,
    RegisterCollector,
    record_payload,
    same_company,
)
from ojkaudit.model.config import Register, Site
from ojkaudit.model.outcome import CoverageStatus, SiteRole
from tests.support.sinks import ListSink

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SITE = Site(
    id="cikaso",
    role=SiteRole.PRIMARY,
    name="Cikaso",
    address="Jl. Contoh 1",
    city="Bekasi",
    province="Jawa Barat",
    postal_code="17530",
    country="ID",
    lat=-6.3,
    cidrs=("10.20.0.0/16",),
    extra={"utility": "gardu-timur"},
)


def collect(base: Path, records: dict[str, tuple[dict[str, object], ...]], *kinds: str) -> ListSink:
    sink = ListSink()
    context = CollectionContext(
        kinds=kinds,
        clock=lambda: NOW,
        read_secret=lambda _: "",
        progress=lambda *_: None,
        user_agent="test",
    )
    register = Register(base_dir=base, records=records)
    RegisterCollector(sites=(SITE,), register=register, address="o.yaml").collect(context, sink)
    return sink


def test_a_site_carries_its_declared_extras_and_no_null(tmp_path: Path) -> None:
    sink = collect(tmp_path, {}, "register/Site")
    payload = sink.resources[0].payload
    assert payload["utility"] == "gardu-timur"
    assert payload["role"] == "primary"
    assert payload["cidrs"] == ["10.20.0.0/16"]
    assert "lon" not in payload
    assert "extra" not in payload


@pytest.mark.parametrize("kind", sorted(SECTIONS))
def test_a_missing_section_is_absent_and_an_empty_one_is_complete(
    tmp_path: Path, kind: str
) -> None:
    assert collect(tmp_path, {}, kind).coverages[0].status is CoverageStatus.ABSENT
    empty = collect(tmp_path, {SECTIONS[kind]: ()}, kind).coverages[0]
    assert (empty.status, empty.count) == (CoverageStatus.COMPLETE, 0)


def test_an_unknown_kind_is_absent_not_empty(tmp_path: Path) -> None:
    assert collect(tmp_path, {}, "register/Dragon").coverages[0].status is CoverageStatus.ABSENT


def test_a_file_counts_only_with_the_declared_digest(tmp_path: Path) -> None:
    (tmp_path / "iso.pdf").write_bytes(b"certificate")
    digest = hashlib.sha256(b"certificate").hexdigest()
    right = record_payload({"id": "a", "file": "iso.pdf", "sha256": digest.upper()}, tmp_path)
    assert (right["file_ok"], right["file_sha256"]) == (True, digest)
    wrong = record_payload({"id": "a", "file": "iso.pdf", "sha256": "0" * 64}, tmp_path)
    assert wrong["file_ok"] is False
    undeclared = record_payload({"id": "a", "file": "iso.pdf"}, tmp_path)
    assert undeclared["evidence_ok"] is False


@pytest.mark.parametrize("record", [{"id": "a"}, {"id": "a", "file": "gone.pdf", "sha256": ""}])
def test_no_readable_file_is_never_ok(tmp_path: Path, record: dict[str, object]) -> None:
    payload = record_payload(record, tmp_path)
    assert payload["file_ok"] is False
    assert payload["file_sha256"] == ""


def test_a_record_cannot_vouch_for_itself(tmp_path: Path) -> None:
    forged = {"id": "a", "file": "gone.pdf", "sha256": "", "file_ok": True, "evidence_ok": True}
    assert record_payload(forged, tmp_path)["evidence_ok"] is False


def test_doctor_names_a_missing_and_an_altered_file(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"other")
    records = {
        "attestations": (
            {"id": "a", "file": "a.pdf", "sha256": "0" * 64},
            {"id": "b", "file": "b.pdf", "sha256": "0" * 64},
        )
    }
    register = Register(base_dir=tmp_path, records=records)
    context = CollectionContext(
        kinds=(),
        clock=lambda: NOW,
        read_secret=lambda _: "",
        progress=lambda *_: None,
        user_agent="test",
    )
    checks = RegisterCollector(sites=(), register=register, address="o").check(context)
    assert [
        "a.pdf is missing" in checks[0].detail,
        "b.pdf is not the file" in checks[1].detail,
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("holder", "same"),
    [
        ("PT Dana Contoh Nusantara", True),
        ("PT. DANA CONTOH NUSANTARA, Tbk.", True),
        ("Penyedia Contoh Satu", False),
        ("PT Dana Contoh Nusantara Indah", False),
        ("PT", False),
        ("", False),
    ],
)
def test_a_certificate_of_somebody_else_is_told_apart(
    tmp_path: Path, holder: str, same: bool
) -> None:
    record: dict[str, object] = {"id": "iso", "type": "iso27001", "holder": holder}
    sink = ListSink()
    context = CollectionContext(
        kinds=("register/Attestation",),
        clock=lambda: NOW,
        read_secret=lambda _: "",
        progress=lambda *_: None,
        user_agent="test",
    )
    RegisterCollector(
        sites=(),
        register=Register(base_dir=tmp_path, records={"attestations": (record,)}),
        address="o.yaml",
        institution="PT Dana Contoh Nusantara",
    ).collect(context, sink)
    assert sink.resources[0].payload["holder_is_institution"] is same


def test_two_names_of_nothing_but_a_legal_form_are_no_company() -> None:
    assert not same_company("PT", "PT Tbk")


def test_without_an_institution_no_holder_is_vouched_for(tmp_path: Path) -> None:
    record: dict[str, object] = {"id": "iso", "type": "iso27001", "holder": "PT A"}
    sink = collect(tmp_path, {"attestations": (record,)}, "register/Attestation")
    assert "holder_is_institution" not in sink.resources[0].payload
