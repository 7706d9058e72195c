"""Check the signatures of a PDF by strict rules; any exception means that they do not hold.

Viewers accept more than is safe: a rewritten title, bytes after the end, a rolled-back revision.
Numbered as `check_pdf` goes through them:

1. The file is readable without repair, not encrypted, not a hybrid of two cross-reference forms.
2. Each signature field is one that a role owns; every required role has signed, each once.
3. Each signature is a PAdES signature whose byte range leaves out nothing but the signature's own
   digits, and whose room is filled up with zeros.
4. Each signature holds (see `check_cms`).
5. What was added after a signature is at most another signature, as DocMDP allows; the seal
   certifies the document.
6. The last signature covers the entire file.
7. Title dictionary and XMP are the same in every revision.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ojkaudit.signing.check_cms import CheckedSignature, check_cms
from ojkaudit.signing.der import der_length
from ojkaudit.signing.refusal import RefusedError
from ojkaudit.signing.roles import Role, role_of_field

MAX_REVISIONS = 32
"""Each signature adds one or two; a file with more was not made by this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPdfSignature:
    """One signature of the PDF that holds under the certificate it carries."""

    role: Role
    signature: CheckedSignature
    signing_time: datetime
    """As claimed in the signature dictionary."""


def check_pdf(pdf: bytes, required_roles: Sequence[Role]) -> tuple[CheckedPdfSignature, ...]:
    """Return the signatures of `pdf`, in the order they were made.

    Raises:
        RefusedError: A rule is broken. Any other exception means the same.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)  # 1
    if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
        raise RefusedError(
            "PDF terenkripsi atau bersusunan ganda", "the PDF is encrypted or of hybrid form"
        )
    embedded = _signatures(reader, required_roles)  # 2
    checked = tuple(_check_signature(pdf, role, item) for role, item in embedded)  # 3, 4, 5
    _check_certification(reader, embedded)  # 5
    _check_covers_all(embedded)  # 6
    _check_metadata(reader)  # 7
    return checked


def _signatures(reader: Any, required_roles: Sequence[Role]) -> list[tuple[Role, Any]]:
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation import EmbeddedPdfSignature

    signed: dict[str, tuple[Role, Any]] = {}
    for name, value, field in enumerate_sig_fields(reader):
        role = role_of_field(name)
        if role is None or name in signed:
            raise RefusedError(
                f"bidang tanda tangan '{name}' tidak dikenal",
                f"the signature field '{name}' is not known",
            )
        if value is not None:
            signed[name] = role, EmbeddedPdfSignature(reader, field, name)
    for role in required_roles:
        if role.field not in signed:
            raise RefusedError(
                f"tanda tangan '{role.name}' tidak ada di PDF",
                f"the PDF lacks the signature of role '{role.name}'",
            )
    return sorted(signed.values(), key=lambda pair: pair[1].signed_revision)


def _check_signature(pdf: bytes, role: Role, item: Any) -> CheckedPdfSignature:
    if (
        item.sig_object_type != "/Sig"
        or item.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached"
    ):
        raise RefusedError("tanda tangan bukan PAdES", "the signature is not PAdES")
    cms = _cms_in_its_place(pdf, item)
    signature = check_cms(cms, item.compute_digest)
    item.compute_integrity_info()
    _check_changes(item)
    time = item.self_reported_timestamp
    if time is None or time.tzinfo is None:
        raise RefusedError("PDF tidak memuat waktu tanda tangan", "the PDF holds no signing time")
    return CheckedPdfSignature(role=role, signature=signature, signing_time=time)


def _cms_in_its_place(pdf: bytes, item: Any) -> bytes:
    """Return the signature object, once it is sure that the byte range leaves out it alone."""
    stored = bytes(item.pkcs7_content)
    start, before, after, rest = (int(n) for n in item.byte_range)
    gap = pdf[before:after]
    digits = gap[1:-1]
    framed = start == 0 and rest > 0 and gap[:1] == b"<" and gap[-1:] == b">"
    if not framed or bytes.fromhex(digits.decode("ascii")) != stored or b" " in digits:
        raise RefusedError(
            "rentang tanda tangan menyisakan bagian lain dari PDF",
            "the signature's byte range leaves out other parts of the PDF",
        )
    length = der_length(stored)
    if any(stored[length:]):
        raise RefusedError(
            "ada isi lain sesudah tanda tangan", "something else follows the signature value"
        )
    return stored[:length]


def _check_changes(item: Any) -> None:
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    found = item.summarise_integrity_info()
    result = found["diff_result"]
    harmless = (
        isinstance(result, DiffResult)
        and result.modification_level <= ModificationLevel.FORM_FILLING
    )
    if not harmless or not found["docmdp_ok"]:
        raise RefusedError(
            "PDF diubah sesudah ditandatangani", "the PDF was changed after it was signed"
        )


def _check_certification(reader: Any, embedded: Sequence[tuple[Role, Any]]) -> None:
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import read_certification_data

    certification = read_certification_data(reader)
    certified = [item for role, item in embedded if role.certifies]
    fits = (
        certification is not None
        and len(certified) == 1
        and embedded[0][1] is certified[0]
        and certification.author_sig.get_object() is certified[0].sig_object
        and certification.permission == MDPPerm.FILL_FORMS
    )
    if not fits:
        raise RefusedError(
            "segel tidak mengesahkan dokumen (DocMDP)",
            "the seal does not certify the document (DocMDP)",
        )


def _check_covers_all(embedded: Sequence[tuple[Role, Any]]) -> None:
    from pyhanko.sign.validation import SignatureCoverageLevel

    if embedded[-1][1].coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise RefusedError(
            "tanda tangan terakhir tidak mencakup seluruh berkas",
            "the last signature does not cover the entire file",
        )


def _check_metadata(reader: Any) -> None:
    if reader.total_revisions > MAX_REVISIONS:
        raise RefusedError("PDF terlalu banyak revisi", "the PDF has too many revisions")
    facts = [_metadata(reader, revision) for revision in range(reader.total_revisions)]
    if any(fact != facts[0] for fact in facts):
        raise RefusedError(
            "judul atau metadata PDF berbeda antar revisi",
            "title or metadata of the PDF differ between its revisions",
        )


def _metadata(reader: Any, revision: int) -> tuple[dict[str, bytes], bytes]:
    """Return title dictionary and XMP as they were in `revision`.

    Every reference is followed within the revision. Read in the ordinary way, each revision would
    show the objects of the last one.
    """

    def follow(value: Any) -> Any:
        reference = getattr(value, "reference", None)
        return value if reference is None else reader.get_object(reference, revision=revision)

    trailer = reader.trailer.flatten(revision)
    title: dict[str, bytes] = {}
    if "/Info" in trailer:
        info = follow(trailer.raw_get("/Info"))
        title = {str(key): _written(follow(info.raw_get(key))) for key in info}
    root = follow(trailer.raw_get("/Root"))
    xmp = bytes(follow(root.raw_get("/Metadata")).data) if "/Metadata" in root else b""
    return title, xmp


def _written(value: Any) -> bytes:
    output = io.BytesIO()
    value.write_to_stream(output, None)
    return output.getvalue()
