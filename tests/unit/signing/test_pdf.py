import io
import logging
import re
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from ojkaudit.errors import RenderError
from ojkaudit.signing import SEAL, pades, sign_pdf
from ojkaudit.signing.attachment import embedded_result
from ojkaudit.signing.check_pdf import check_pdf
from ojkaudit.signing.refusal import Refusal, guarded
from tests.support import pki
from tests.support.needs import need_program
from tests.support.pki import NOW

RESULT = b'{"assessment_id":"x"}'


def _unsigned(rows: int = 12) -> bytes:
    return pki.report_pdf(RESULT, rows)


def _sign(pdf: bytes) -> bytes:
    return sign_pdf(pdf, pki.leaf().signing_key, signing_time=NOW, reason="Laporan kepatuhan")


def _signed() -> bytes:
    return pki.sealed_files()["report.pdf"]


def _refusal(pdf: bytes) -> str:
    found = guarded(lambda: check_pdf(pdf, [SEAL]))
    return found.detail.en if isinstance(found, Refusal) else ""


def test_signed_pdf_holds_and_names_its_signer() -> None:
    (found,) = check_pdf(_signed(), [SEAL])
    assert found.signing_time == NOW
    assert found.signature.certificate == pki.leaf().certificate
    assert found.signature.signing_time is None
    assert found.role is SEAL


def test_pdfsig_says_valid_and_total(tmp_path: Path) -> None:
    pdfsig = need_program("pdfsig", "poppler-utils")
    (tmp_path / "report.pdf").write_bytes(_signed())
    done = subprocess.run(
        [pdfsig, "report.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout
    assert "ETSI.CAdES.detached" in done.stdout
    assert "Segel PT Dana Contoh Nusantara" in done.stdout


def test_pdfdetach_gives_the_result_back(tmp_path: Path) -> None:
    pdfdetach = need_program("pdfdetach", "poppler-utils")
    (tmp_path / "report.pdf").write_bytes(_signed())
    subprocess.run(
        [pdfdetach, "-savefile", "result.json", "-o", "out.json", "report.pdf"],
        cwd=tmp_path,
        check=True,
    )
    assert (tmp_path / "out.json").read_bytes() == pki.sealed_files()["result.json"]


def test_field_is_tagged_and_keeps_the_standards_shape() -> None:
    with pikepdf.open(io.BytesIO(_signed())) as pdf:
        page = pdf.pages[0].obj
        (widget,) = [a for a in page.Annots if a.get("/FT") == pikepdf.Name.Sig]
        assert widget.T == "OJKAuditSeal"
        assert str(widget.TU)
        assert widget.F == 132
        assert "/N" in widget.AP
        assert page.Tabs == pikepdf.Name.S
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        element = parents[int(widget.StructParent)]
        assert pikepdf.Name.Form == element.S
        assert element.K.Type == pikepdf.Name.OBJR
        assert element.K.Obj.objgen == widget.objgen
        assert pdf.Root.StructTreeRoot.ParentTreeNextKey == max(parents.keys()) + 1
        metadata = pdf.Root.Metadata.read_bytes()
        assert b"pdfaid" in metadata
    with pikepdf.open(io.BytesIO(pki.report_pdf(pki.sealed_files()["result.json"]))) as before:
        assert before.Root.Metadata.read_bytes() == metadata


def test_untagged_pdf_can_be_signed_too() -> None:
    with pikepdf.open(io.BytesIO(_unsigned())) as pdf:
        del pdf.Root.StructTreeRoot
        output = io.BytesIO()
        pdf.save(output)
    assert _refusal(_sign(output.getvalue())) == ""


def test_elliptic_curve_and_long_chain_fit_into_the_room() -> None:
    issuer = pki.intermediate()
    for number in range(5):
        middle = pki.Profile(
            name=f"Penerbit {number}", authority=True, key_usage=("key_cert_sign",), purposes=()
        )
        issuer = pki.issue(middle, pki.rsa_key(3), issuer)
    issued = pki.issue(pki.Profile(), ec.generate_private_key(ec.SECP384R1()), issuer)
    pdf = sign_pdf(_unsigned(), issued.signing_key, signing_time=NOW, reason="Laporan")
    (found,) = check_pdf(pdf, [SEAL])
    assert len(found.signature.others) == 6


def test_signing_leaves_the_metadata_of_the_renderer() -> None:
    with pikepdf.open(io.BytesIO(_signed())) as pdf:
        assert "pyHanko" not in str(pdf.docinfo)
        assert b"pyHanko" not in pdf.Root.Metadata.read_bytes()


def test_naming_no_role_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no role"):
        sign_pdf(_unsigned(), pki.leaf().signing_key, signing_time=NOW, field="X", reason="r")


def test_pdf_signed_already_is_not_signed_again() -> None:
    with pytest.raises(RenderError, match="already carries a signature"):
        _sign(_signed())


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"garbage"])
def test_broken_pdf_is_not_signed(pdf: bytes) -> None:
    with pytest.raises(RenderError):
        _sign(pdf)


def _reworked(change: Callable[[pikepdf.Pdf], None], source: bytes | None = None) -> bytes:
    with pikepdf.open(io.BytesIO(_unsigned() if source is None else source)) as pdf:
        change(pdf)
        output = io.BytesIO()
        pdf.save(output)
    return output.getvalue()


def _drop_attachment(pdf: pikepdf.Pdf) -> None:
    del pdf.attachments["result.json"]


def _second_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["catatan.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="catatan.txt")


def _hidden_attachment(pdf: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(pdf, b"{}", filename="result.json")
    pdf.pages[0].obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.FileAttachment,
                Rect=[0, 0, 1, 1],
                FS=spec.obj,
            )
        ]
    )


def _other_name(pdf: pikepdf.Pdf) -> None:
    for spec in pdf.Root.AF:
        spec.UF = pikepdf.String("hasil.json")


def _two_streams(pdf: pikepdf.Pdf) -> None:
    for spec in pdf.Root.AF:
        spec.EF.UF = pdf.make_stream(b"{}")


@pytest.mark.parametrize(
    "change",
    [_drop_attachment, _second_attachment, _hidden_attachment, _other_name, _two_streams],
)
def test_anything_but_one_result_is_not_signed(change: Callable[[pikepdf.Pdf], None]) -> None:
    with pytest.raises(RenderError, match="attachment"):
        _sign(_reworked(change))


def test_attachment_bomb_is_not_unpacked() -> None:
    def swell(pdf: pikepdf.Pdf) -> None:
        packed = zlib.compress(bytes(50_000_000), 9)
        stream = pdf.Root.AF[0].EF.F
        stream.write(packed, filter=pikepdf.Name.FlateDecode)

    pdf = _reworked(swell)
    found = guarded(lambda: embedded_result(pdf, max_bytes=len(RESULT)))
    assert isinstance(found, Refusal)
    assert "not the result.json of this folder" in found.detail.en


def test_unusual_encoding_of_the_attachment_is_refused() -> None:
    def encode(pdf: pikepdf.Pdf) -> None:
        packed = bytes([len(RESULT) - 1]) + RESULT + b"\x80"
        pdf.Root.AF[0].EF.F.write(packed, filter=pikepdf.Name.RunLengthDecode)

    found = guarded(lambda: embedded_result(_reworked(encode), max_bytes=100))
    assert isinstance(found, Refusal)
    assert "encoding" in found.detail.en


def _flip(place: Callable[[bytes], int]) -> Callable[[bytes], bytes]:
    def attack(pdf: bytes) -> bytes:
        changed = bytearray(pdf)
        changed[place(pdf)] ^= 1
        return bytes(changed)

    return attack


def _incremental(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def attack(pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        change(writer)
        output = io.BytesIO()
        writer.write(output)
        return output.getvalue()

    return attack


def _new_title(writer: Any) -> None:
    info = writer.trailer["/Info"]
    info["/Title"] = generic.pdf_string("Semua lulus")
    writer.update_container(info)


def _new_info(writer: Any) -> None:
    info = generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Lulus")})
    writer.set_info(writer.add_object(info))


def _new_xmp(writer: Any) -> None:
    stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()


def _new_content(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def _new_annotation(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    stamp = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Stamp"),
        }
    )
    page["/Annots"].append(writer.add_object(stamp))
    writer.update_container(page["/Annots"])


def _new_attachment(writer: Any) -> None:
    spec = writer.root["/AF"][0]
    spec["/EF"]["/F"] = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    writer.update_container(spec)


def _zeroed(pdf: bytes) -> bytes:
    return re.sub(
        rb"/Contents <[0-9A-F]+>", lambda m: b"/Contents <" + b"0" * (len(m[0]) - 12) + b">", pdf
    )


def _widened(pdf: bytes) -> bytes:
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", pdf)
    assert found
    smaller = str(int(found[3]) - 9).encode().rjust(len(found[3]), b"0")
    return pdf[: found.start(3)] + smaller + pdf[found.end(3) :]


def _stripped(pdf: bytes) -> bytes:
    def strip(document: pikepdf.Pdf) -> None:
        del document.Root.AcroForm
        del document.Root.Perms
        del document.pages[0].obj.Annots

    return _reworked(strip, pdf)


def _first_revision(pdf: bytes) -> bytes:
    return pdf[: pdf.index(b"%%EOF") + 6]


def _in_padding(pdf: bytes) -> int:
    return pdf.rindex(b"0000>") + 3


def _in_signature(pdf: bytes) -> int:
    return pdf.index(b"/Contents <") + 2000


ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "bit in the first page": _flip(lambda pdf: 900),
    "bit in the signature": _flip(_in_signature),
    "bit in the room left over": _flip(_in_padding),
    "bit in the last line": _flip(lambda pdf: len(pdf) - 3),
    "bytes after the end": lambda pdf: pdf + b"\n% catatan\n",
    "one newline after the end": lambda pdf: pdf + b"\n",
    "bytes before the start": lambda pdf: b"\n" + pdf,
    "signature zeroed": _zeroed,
    "byte range edited": _widened,
    "written anew": lambda pdf: _reworked(lambda _: None, pdf),
    "signature stripped": _stripped,
    "rolled back to before signing": _first_revision,
    "title rewritten": _incremental(_new_title),
    "title dictionary replaced": _incremental(_new_info),
    "XMP replaced": _incremental(_new_xmp),
    "page replaced": _incremental(_new_content),
    "stamp added": _incremental(_new_annotation),
    "attachment swapped": _incremental(_new_attachment),
    "cut short": lambda pdf: pdf[:-100],
    "empty": lambda pdf: b"",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_tampered_pdf_is_refused(attack: str, caplog: pytest.LogCaptureFixture) -> None:
    genuine = _signed()
    tampered = ATTACKS[attack](genuine)
    assert tampered != genuine
    with caplog.at_level(logging.DEBUG):
        assert _refusal(tampered)
    assert caplog.text == ""
    assert _refusal(genuine) == ""


def _resigned(change: Callable[[Any], None] | None, field: str) -> bytes:
    """Return the sealed PDF, changed, with a genuine second signature that covers it all."""
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

    writer = IncrementalPdfFileWriter(io.BytesIO(_signed()))
    pades._leave_metadata_alone(writer)
    if change is not None:
        change(writer)
    issued = pki.leaf()
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def parsed(certificate: Any) -> Any:
        return x509.Certificate.load(certificate.public_bytes(Encoding.DER))

    private = issued.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore.from_certs([parsed(pki.intermediate().certificate)])
    signer = SimpleSigner(
        signing_cert=parsed(issued.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    output: io.BytesIO = PdfSigner(metadata, signer=signer).sign_pdf(writer)
    return output.getvalue()


@pytest.mark.parametrize("change", [None, _new_title, _new_content])
def test_signature_by_nobody_known_is_refused(change: Callable[[Any], None] | None) -> None:
    assert "the signature field 'Lain' is not known" in _refusal(_resigned(change, "Lain"))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (None, ""),
        (_new_title, "title or metadata of the PDF differ"),
        (_new_info, "title or metadata of the PDF differ"),
        (_new_xmp, "title or metadata of the PDF differ"),
        (_new_content, "changed after it was signed"),
        (_new_annotation, "changed after it was signed"),
        (_new_attachment, "changed after it was signed"),
    ],
)
def test_only_a_signature_may_come_under_a_later_genuine_signature(
    change: Callable[[Any], None] | None, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A role for the second field: as if more people had signed, which later releases allow.
    from dataclasses import replace

    from ojkaudit.signing import roles

    second = replace(SEAL, name="second", field="Lain", certifies=False)
    monkeypatch.setattr(roles, "ROLES", {"seal": SEAL, "second": second})
    found = _refusal(_resigned(change, "Lain"))
    assert text in found
    assert bool(text) == bool(found)


def test_required_role_must_have_signed() -> None:
    from dataclasses import replace

    director = replace(SEAL, name="director", field="OJKAuditDirector")
    found = guarded(lambda: check_pdf(_signed(), [SEAL, director]))
    assert isinstance(found, Refusal)
    assert "lacks the signature of role 'director'" in found.detail.en


def test_unsigned_pdf_is_refused_even_when_no_role_is_required() -> None:
    assert isinstance(guarded(lambda: check_pdf(_unsigned(), [])), Refusal)


def test_ten_pages_take_seconds() -> None:
    pdf = _sign(_unsigned(rows=400))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) >= 10
    started = time.process_time()
    assert _refusal(pdf) == ""
    embedded_result(pdf, max_bytes=1000)
    assert time.process_time() - started < 5
