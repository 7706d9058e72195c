"""The numbered steps of a verification, their titles, and how one is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from ojkaudit.model.text import Text
from ojkaudit.signing.folder import Fault, FolderReading
from ojkaudit.signing.refusal import Refusal, guarded
from ojkaudit.signing.report import StepStatus, VerificationStep

T = TypeVar("T")


class StepCode(StrEnum):
    """The steps, in order; the number of a step is its place here, from 1."""

    FOLDER_LAYOUT = "folder_layout"
    SUMS_SIGNATURE = "sums_signature"
    SUMS_NAMES = "sums_names"
    SUMS_DIGESTS = "sums_digests"
    RESULT_SIGNATURE = "result_signature"
    RESULT_SCHEMA = "result_schema"
    PDF_SIGNATURES = "pdf_signatures"
    PDF_ATTACHMENT = "pdf_attachment"
    RESULT_DIGESTS = "result_digests"
    SAME_SIGNER = "same_signer"
    TRUST = "trust"


TITLES: Mapping[StepCode, Text] = {
    StepCode.FOLDER_LAYOUT: Text(
        id="Isi folder lengkap, tanpa tambahan", en="The folder holds every file and nothing else"
    ),
    StepCode.SUMS_SIGNATURE: Text(
        id="Tanda tangan daftar SHA256SUMS", en="Signature of the list SHA256SUMS"
    ),
    StepCode.SUMS_NAMES: Text(
        id="SHA256SUMS menyebut tepat berkas yang diwajibkan",
        en="SHA256SUMS lists exactly the files required",
    ),
    StepCode.SUMS_DIGESTS: Text(
        id="Isi berkas sesuai dengan SHA256SUMS", en="The file is the one SHA256SUMS lists"
    ),
    StepCode.RESULT_SIGNATURE: Text(id="Tanda tangan result.json", en="Signature of result.json"),
    StepCode.RESULT_SCHEMA: Text(
        id="Bentuk result.json dikenal", en="The form of result.json is known"
    ),
    StepCode.PDF_SIGNATURES: Text(
        id="Tanda tangan PDF mencakup seluruh berkas, tanpa perubahan sesudahnya",
        en="The PDF's signatures cover the entire file, unchanged since",
    ),
    StepCode.PDF_ATTACHMENT: Text(
        id="Lampiran PDF sama dengan result.json", en="The PDF embeds this very result.json"
    ),
    StepCode.RESULT_DIGESTS: Text(
        id="Berkas adalah yang disebut result.json", en="The file is the one result.json names"
    ),
    StepCode.SAME_SIGNER: Text(
        id="Semua tanda tangan oleh sertifikat yang sama",
        en="All signatures are by the same certificate",
    ),
    StepCode.TRUST: Text(id="Penanda tangan tepercaya", en="The signer is trusted"),
}

FAULTS: Mapping[Fault, Text] = {
    Fault.MISSING: Text(id="berkas tidak ada", en="the file is missing"),
    Fault.ADDED: Text(id="berkas ini tidak seharusnya ada", en="this file does not belong here"),
    Fault.NOT_A_FILE: Text(
        id="bukan berkas biasa (tautan atau folder)", en="not a plain file (a link or a folder)"
    ),
    Fault.OVERSIZED: Text(id="berkas terlalu besar", en="the file is too large"),
    Fault.UNREADABLE: Text(
        id="berkas tidak dapat dibaca oleh pemeriksa", en="the verifier may not read the file"
    ),
}


def make_step(
    code: StepCode, status: StepStatus, subject: str, detail: Text, reason: str = ""
) -> VerificationStep:
    """Return one step, numbered and titled."""
    return VerificationStep(
        number=list(StepCode).index(code) + 1,
        code=code.value,
        status=status,
        subject=subject,
        title=TITLES[code],
        detail=detail,
        reason=reason,
    )


def run_step(
    code: StepCode,
    subject: str,
    check: Callable[[], tuple[T, Text]],
    *,
    reading: FolderReading,
    needs: Sequence[str],
) -> tuple[VerificationStep, T | None]:
    """Return the step that `check` makes, and what it found when it passed.

    Args:
        code: Which step.
        subject: The file it is about.
        check: Returns what it found and says so in words; refuses or raises to fail the step.
        reading: The folder.
        needs: Files without which the check cannot be made: one that may not be read leaves the
            step undecided, any other fault fails it.
    """
    for name in needs:
        fault = reading.faults.get(name)
        if fault is not None:
            unread = fault is Fault.UNREADABLE
            status = StepStatus.UNDECIDED if unread else StepStatus.FAILED
            text = FAULTS[fault]
            detail = Text(id=f"{name}: {text.id}", en=f"{name}: {text.en}")
            return make_step(code, status, subject, detail, fault.value), None
    found = guarded(check)
    if isinstance(found, Refusal):
        return make_step(code, StepStatus.FAILED, subject, found.detail, "refused"), None
    value, detail = found
    return make_step(code, StepStatus.OK, subject, detail), value
