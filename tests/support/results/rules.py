"""Rules of the hand-made result."""

from __future__ import annotations

from ojkaudit.model.outcome import (
    EvidenceGrade,
    Severity,
)
from ojkaudit.model.text import Text
from tests.support.results.parts import (
    text,
)

RULES: tuple[tuple[str, Text, str, Severity, EvidenceGrade, tuple[str, ...], Text, Text], ...] = (
    (
        "RES-003",
        text(
            "Alamat node berada di jaringan lokasi yang dinyatakan",
            "Node address lies in the network of its declared site",
        ),
        "residency",
        Severity.CRITICAL,
        EvidenceGrade.OBSERVED,
        ("POJK-40-2024/P162", "ISO-27001-2022/A.5.9"),
        text(
            "Setiap alamat internal node termasuk dalam CIDR lokasi yang dinyatakan pada labelnya.",
            "Every internal address of a node lies in a CIDR of the site its label declares.",
        ),
        text(
            "Perbaiki label lokasi node, atau pindahkan node ke jaringan lokasi yang terdaftar.",
            "Correct the node's site label, or move the node into a registered network.",
        ),
    ),
    (
        "PG-010",
        text(
            "Sesi jaringan PostgreSQL memakai TLS",
            "PostgreSQL network sessions use TLS",
        ),
        "database",
        Severity.CRITICAL,
        EvidenceGrade.OBSERVED,
        ("SEOJK-19-2023/ENKRIPSI", "PCI-DSS-4.0.1/4.2.1"),
        text(
            "Tidak ada sesi jaringan tanpa TLS 1.2 atau lebih baru.",
            "No network session without TLS 1.2 or newer.",
        ),
        text(
            "Ganti entri 'host' dengan 'hostssl' pada pg_hba.conf, muat ulang, lalu putuskan sesi "
            "yang masih tanpa TLS.",
            "Replace 'host' entries by 'hostssl' in pg_hba.conf, reload, then end the sessions "
            "that still run without TLS.",
        ),
    ),
    (
        "DEP-004",
        text(
            "Citra kontainer dipatok dengan digest",
            "Container images are pinned by digest",
        ),
        "deployment",
        Severity.HIGH,
        EvidenceGrade.CONFIGURED,
        ("POJK-40-2024/P162", "ISO-27001-2022/A.8.32"),
        text(
            "Setiap citra ditulis dengan '@sha256:'.",
            "Every image is written with '@sha256:'.",
        ),
        text(
            "Tulis digest citra pada manifes; jangan memakai tag yang dapat berpindah.",
            "Write the image digest into the manifest; do not use tags that can move.",
        ),
    ),
    (
        "SEC-021",
        text(
            "Rahasia tidak ditulis sebagai nilai variabel lingkungan",
            "Secrets are not written as environment values",
        ),
        "secrets",
        Severity.MEDIUM,
        EvidenceGrade.OBSERVED,
        ("ISO-27001-2022/A.8.24",),
        text(
            "Variabel lingkungan mengacu ke Secret; nilainya tidak tertulis.",
            "Environment variables refer to a Secret; the value is not written out.",
        ),
        text(
            "Pindahkan nilainya ke Secret dan acu dengan valueFrom.secretKeyRef.",
            "Move the value into a Secret and refer to it by valueFrom.secretKeyRef.",
        ),
    ),
    (
        "CRT-002",
        text(
            "Sertifikat ISO/IEC 27001 berlaku dan mencakup lokasi utama",
            "The ISO/IEC 27001 certificate is valid and covers the primary site",
        ),
        "certificates",
        Severity.HIGH,
        EvidenceGrade.ATTESTED,
        ("POJK-40-2024/P153",),
        text(
            "Sertifikat belum berakhir dan berkasnya cocok dengan digest terdaftar.",
            "The certificate has not expired and its file matches the registered digest.",
        ),
        text(
            "Perbarui sertifikat, daftarkan nomor, tanggal, dan digest berkasnya.",
            "Renew the certificate; register its number, dates and file digest.",
        ),
    ),
    (
        "PG-031",
        text("Jeda replika dalam batas RPO", "Replica lag stays within the RPO"),
        "continuity",
        Severity.HIGH,
        EvidenceGrade.OBSERVED,
        ("SEOJK-19-2023/DRC",),
        text(
            "Jeda pemutaran ulang di lokasi pemulihan tidak melebihi RPO.",
            "Replay lag at the recovery site does not exceed the RPO.",
        ),
        text("Perbaiki jalur replikasi atau sesuaikan RPO.", "Mend replication or revise the RPO."),
    ),
    (
        "LOG-005",
        text("Log disimpan sedikitnya satu tahun", "Logs are kept for at least one year"),
        "logging",
        Severity.MEDIUM,
        EvidenceGrade.TESTED,
        ("PCI-DSS-4.0.1/10.5.1",),
        text(
            "Dokumen tertua berumur sedikitnya 365 hari.",
            "The oldest document is at least 365 days old.",
        ),
        text("Perpanjang retensi indeks.", "Extend the retention of the indices."),
    ),
    (
        "K8S-012",
        text("Node siap dan tidak tertekan", "Nodes are ready and under no pressure"),
        "platform",
        Severity.LOW,
        EvidenceGrade.OBSERVED,
        ("ISO-27001-2022/A.8.6",),
        text("Kondisi Ready bernilai True.", "Condition Ready is True."),
        text("Pulihkan node.", "Restore the node."),
    ),
)
