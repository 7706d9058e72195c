"""Find the one file that is embedded in a report, whatever way it hangs in the PDF."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

from ojkaudit.signing.layout import RESULT
from ojkaudit.signing.refusal import RefusedError


def embedded_result(pdf: bytes, *, max_bytes: int) -> bytes:
    """Return the bytes of the attachment `result.json`.

    Looks at every object of the file, not at one list of attachments, since viewers differ in
    which list they show.

    Args:
        pdf: The PDF.
        max_bytes: Longest attachment to unpack; guards against decompression bombs.

    Raises:
        RefusedError: There is no attachment, more than one, or one by another name, or the PDF
            cannot be read.
    """
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(pdf), attempt_recovery=False)
    except pikepdf.PdfError:
        raise RefusedError("PDF rusak", "the PDF is damaged") from None
    with document:
        return _only_attachment(document, max_bytes)


def _only_attachment(document: Any, max_bytes: int) -> bytes:
    specs = list(_file_specifications(document))
    listed = list(document.attachments)
    if len(specs) != 1 or listed != [RESULT]:
        raise RefusedError(
            f"PDF harus memuat tepat satu lampiran {RESULT}; ditemukan {len(specs)}",
            f"the PDF must hold exactly one attachment, {RESULT}; found {len(specs)}",
        )
    spec = specs[0]
    names = {str(spec[key]) for key in ("/F", "/UF") if key in spec}
    streams = list(spec.EF.values())
    one = bool(streams) and all(s.objgen == streams[0].objgen for s in streams)
    if names != {RESULT} or not one:
        raise RefusedError(
            f"lampiran PDF bukan satu berkas bernama {RESULT}",
            f"the PDF's attachment is not one file named {RESULT}",
        )
    return _decoded(streams[0], max_bytes)


def _file_specifications(document: Any) -> Iterator[Any]:
    """Yield every dictionary that embeds a file, each once."""
    import pikepdf

    for top in document.objects:
        pending = [top]
        while pending:
            item = pending.pop()
            if isinstance(item, pikepdf.Array):
                children = list(item)
            elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                if "/EF" in item:
                    yield item
                children = [child for _, child in item.items()]
            else:
                continue
            # What is indirect is an object of its own and comes up in the outer loop.
            pending.extend(
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            )


def _decoded(stream: Any, max_bytes: int) -> bytes:
    raw = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter")
    if filters is None:
        return raw
    plain = str(filters) == "/FlateDecode" and "/DecodeParms" not in stream
    if not plain:
        raise RefusedError(
            "lampiran PDF memakai penyandian yang tidak dikenal",
            "the PDF's attachment uses an encoding that is not accepted",
        )
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(raw, max_bytes + 1)
    if len(data) > max_bytes or not unpacker.eof:
        raise RefusedError(
            f"lampiran PDF bukan {RESULT} di folder ini",
            f"the PDF's attachment is not the {RESULT} of this folder",
        )
    return data
