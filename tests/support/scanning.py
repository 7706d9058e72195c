"""Looks for words in everything a run wrote, however it is packed."""

from __future__ import annotations

import base64
import io
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ojkaudit.compression import decompress_lines
from tests.support.needs import need_program

_LIMIT = 1 << 30


def texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every layer of a file, or of each file below a folder, with the name of the layer."""
    if path.is_dir():
        for entry in sorted(path.rglob("*")):
            if entry.is_file():
                yield from texts(entry)
        return
    yield from _layers(path.name, path.read_bytes())
    if path.suffix == ".pdf":
        program = need_program("pdftotext", "poppler-utils")
        shown = subprocess.run(
            [program, "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
        ).stdout
        # A long word is broken over lines: what the eye joins, the search joins too.
        yield f"{path.name} as text", shown
        yield f"{path.name} as text without spaces", b"".join(shown.split())


def _layers(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if name.endswith(".zst"):
        yield f"{name} unpacked", b"\n".join(decompress_lines(data, max_bytes=_LIMIT))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _layers(f"{name}/{member}", archive.read(member))
    elif name.endswith(".pdf"):
        yield from _pdf_streams(name, data)


def _pdf_streams(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    from pikepdf import Pdf, Stream

    with Pdf.open(io.BytesIO(data)) as pdf:
        for number, item in enumerate(pdf.objects):
            if isinstance(item, Stream):
                yield f"{name} stream {number}", bytes(item.read_bytes())
            else:
                yield f"{name} object {number}", item.unparse()


def found(words: Iterable[str], layers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return each of `words` that occurs, plain, reversed in case or in base64, with its place."""
    forms = {word: _forms(word) for word in words}
    places = {}
    for name, data in layers:
        lower = data.lower()
        for word, variants in forms.items():
            if any(form in lower for form in variants):
                places[word] = name
    return places


def _forms(word: str) -> tuple[bytes, ...]:
    plain = word.encode()
    # Of the three phases of base64 only the inner characters do not depend on what is beside.
    phases = (base64.b64encode(b"\0" * pad + plain)[4 if pad else 0 : -4] for pad in range(3))
    utf16 = plain.decode().encode("utf-16-be")
    return tuple(form.lower() for form in (plain, utf16, *phases))
