"""Sign a PDF: PAdES B-B, a certification signature over the entire file."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import Any

from ojkaudit.errors import RenderError
from ojkaudit.signing.attachment import embedded_result
from ojkaudit.signing.cms import build_cms, digest_name, external_signer, require_aware
from ojkaudit.signing.interface import SigningKey
from ojkaudit.signing.layout import MAX_BYTES, RESULT
from ojkaudit.signing.quiet import quiet_libraries
from ojkaudit.signing.refusal import Refusal, guarded
from ojkaudit.signing.roles import Role, role_of_field

SPARE_CMS_BYTES = 8192
"""Room in the signature beside its certificates: signed attributes and an RSA-4096 signature take
under 2 kB; the rest is for a timestamp token that may be put in later."""


def sign_pdf(
    pdf: bytes,
    key: SigningKey,
    *,
    signing_time: datetime,
    field: str = "OJKAuditSeal",
    reason: str,
    location: str = "",
) -> bytes:
    """Return `pdf` with a certification signature (DocMDP: only further signatures may follow).

    The PDF is rewritten first, with a signature field added, into object streams of moderate
    size: the renderer puts everything into one, which makes verifying quadratic.

    Args:
        pdf: Unsigned, with `result.json` embedded.
        key: Who signs.
        signing_time: Aware; recorded as the signer's claim.
        field: Name of the signature field; a role must own it.
        reason: Printed by viewers as the reason for signing.
        location: Printed by viewers as the place; empty for none.

    Raises:
        RenderError: The PDF is unreadable, already signed, or does not hold exactly one
            attachment `result.json`.
        KeyMaterialError: The key cannot be used.
        ValueError: `signing_time` is naive, or no role owns `field`.
    """
    require_aware(signing_time)
    role = role_of_field(field)
    if role is None:
        raise ValueError(f"no role signs in a field called '{field}'")
    found = guarded(lambda: embedded_result(pdf, max_bytes=MAX_BYTES[RESULT]))
    if isinstance(found, Refusal):
        raise RenderError(
            f"the report cannot be signed: {found.detail.en}",
            hint="Render the report again; it must embed result.json and nothing else.",
        )
    prepared = _with_field(pdf, role)
    signing_time = signing_time.replace(microsecond=0)
    with quiet_libraries():
        return _sign(prepared, key, role, signing_time, reason, location)


def _with_field(pdf: bytes, role: Role) -> bytes:
    import pikepdf

    from ojkaudit.signing.signature_field import add_signature_field

    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if "/AcroForm" in document.Root and document.Root.AcroForm.get("/SigFlags", 0):
            raise RenderError(
                "the report already carries a signature",
                hint="Sign the report as it was rendered.",
            )
        add_signature_field(document, role)
        document.save(
            output,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            # Else the XMP is written anew, without what the renderer put there for PDF/UA.
            fix_metadata_version=False,
        )
    return output.getvalue()


def _sign(
    pdf: bytes, key: SigningKey, role: Role, signing_time: datetime, reason: str, location: str
) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTBSDocument

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _leave_metadata_alone(writer)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=role.field,
            md_algorithm=digest_name(key),
            reason=reason,
            location=location or None,
            certify=role.certifies,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
        ),
        signer=external_signer(key),
    )
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = signing_time
    validation = asyncio.run(session.perform_presign_validation(writer))
    document = session.prepare_tbs_document(validation, bytes_reserved=_reserved_digits(key))
    prepared, output = document.digest_tbs_document()
    cms = build_cms(prepared.document_digest, key, signing_time=None)
    PdfTBSDocument.finish_signing(output, prepared, cms)
    return bytes(output.getvalue())


def _reserved_digits(key: SigningKey) -> int:
    certificates = [key.certificate_pem, *key.chain_pem]
    # PEM is a third longer than the DER that is stored; each byte takes two hex digits.
    return 2 * (sum(map(len, certificates)) + SPARE_CMS_BYTES)


def _leave_metadata_alone(writer: Any) -> None:
    """Keep pyHanko from rewriting title dictionary and XMP at every signing.

    It would put the machine's clock and its own name there. Left alone, both are the same in all
    revisions, and the verifier can demand exactly that.
    """
    writer._update_meta = lambda: None
