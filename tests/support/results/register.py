"""Register and comparison of the hand-made result."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ojkaudit.model.evidence import ResourceRef
from ojkaudit.model.result import (
    Change,
    Comparison,
    RegisterEntry,
)
from tests.support.results.parts import (
    deployment,
    instance,
    node,
    text,
)


def register() -> tuple[RegisterEntry, ...]:
    def entry(
        entry_id: str,
        kind: str,
        number: str,
        until: date | None,
        days: int | None,
        state: str,
        matches: bool | None,
        sites: tuple[str, ...] = ("cikaso",),
    ) -> RegisterEntry:
        return RegisterEntry(
            id=entry_id,
            type=kind,
            holder="PT Dana Contoh Nusantara" if kind != "uptime_tier" else "PT Gardu Data Contoh",
            number=number,
            sites=sites,
            valid_until=until,
            days_left=days,
            state=state,
            file=f"bukti/{entry_id}.pdf" if matches is not None else "",
            file_matches=matches,
        )

    return (
        entry("afpi-2026", "afpi", "AFPI/0421/2026", date(2026, 12, 31), 42, "expiring", None, ()),
        entry("iso27001-cikaso", "iso27001", "IS 700123", date(2026, 10, 31), -20, "expired", True),
        entry("pci-aoc", "pci_aoc", "AOC-2026-18", date(2027, 6, 30), 223, "valid", False),
        entry("pse-komdigi", "pse", "00421.01/DJAI.PSE/2022", None, None, "undated", None, ()),
        entry(
            "tier3-desain",
            "uptime_tier",
            "TCDD-3391",
            date(2028, 3, 14),
            481,
            "valid",
            True,
            ("cikaso", "bukit-tenang"),
        ),
    )


def comparison() -> Comparison:
    return Comparison(
        previous_id="20261020T020000Z-5d0c1a9e",
        previous_assessed_at=datetime(2026, 10, 20, 2, 0, tzinfo=UTC),
        counts={
            "new": 1,
            "fixed": 1,
            "still_failing": 2,
            "newly_blind": 1,
            "no_longer_seen": 1,
        },
        changes=(
            Change(
                rule="RES-003", subject=node("pekerja-4"), change="new", before="pass", after="fail"
            ),
            Change(
                rule="PG-031",
                subject=instance("pg-utama"),
                change="fixed",
                before="fail",
                after="pass",
            ),
            Change(
                rule="CRT-002",
                subject=ResourceRef(
                    target="register", kind="register/Attestation", name="iso27001-cikaso"
                ),
                change="still_failing",
                before="fail",
                after="fail",
            ),
            Change(
                rule="PG-010",
                subject=instance("pg-utama"),
                change="still_failing",
                before="fail",
                after="fail",
            ),
            Change(
                rule="PG-010",
                subject=instance("pg-pulih"),
                change="newly_blind",
                before="pass",
                after="unknown",
            ),
            Change(
                rule="DEP-004",
                subject=deployment("pinjaman", "layanan-lama"),
                change="no_longer_seen",
                before="fail",
                after="",
            ),
        ),
        coverage_lost=("okd-pulih kubernetes/apps/v1/Deployment",),
        comparable=text(
            "Katalog berubah dari 0.1.0 ke 0.2.0; dua aturan baru tidak ada pada penilaian lalu.",
            "The catalog changed from 0.1.0 to 0.2.0; two new rules were not judged before.",
        ),
    )
