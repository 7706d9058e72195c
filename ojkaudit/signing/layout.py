"""The files of a run folder, by name."""

from __future__ import annotations

from collections.abc import Mapping

RESULT = "result.json"
FINDINGS = "findings.jsonl.zst"
EVIDENCE = "evidence.zip"
REPORT_PDF = "report.pdf"
REPORT_HTML = "report.html"
RESULT_SIGNATURE = "result.json.p7s"
GUIDE = "VERIFIKASI.txt"
SUMS = "SHA256SUMS"
SUMS_SIGNATURE = "SHA256SUMS.p7s"

SUMMED_FILES: tuple[str, ...] = tuple(
    sorted(
        (RESULT, FINDINGS, EVIDENCE, REPORT_PDF, REPORT_HTML, RESULT_SIGNATURE, GUIDE),
    )
)
"""The files `SHA256SUMS` lists: every one but itself and its own signature."""

REQUIRED_FILES: frozenset[str] = frozenset((*SUMMED_FILES, SUMS, SUMS_SIGNATURE))
"""A run folder holds exactly these."""

_MIB = 1024 * 1024

MAX_BYTES: Mapping[str, int] = {
    RESULT: 512 * _MIB,
    FINDINGS: 16 * 1024 * _MIB,
    EVIDENCE: 64 * 1024 * _MIB,
    REPORT_PDF: 256 * _MIB,
    REPORT_HTML: 1024 * _MIB,
    RESULT_SIGNATURE: _MIB,
    GUIDE: _MIB,
    SUMS: _MIB,
    SUMS_SIGNATURE: _MIB,
}
"""Larger than any of ours; keeps a hostile folder from filling the memory of who checks it."""

HELD_IN_MEMORY: frozenset[str] = frozenset(
    (RESULT, REPORT_PDF, RESULT_SIGNATURE, SUMS, SUMS_SIGNATURE)
)
"""Files whose content is checked; of the others only the digest is taken."""
