"""`findings.jsonl.zst`: every rule x subject, one canonical JSON object a line, compressed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ojkaudit import canonical, compression
from ojkaudit.errors import ContentError
from ojkaudit.model import codec
from ojkaudit.model.result import Finding
from ojkaudit.reports import strict_json

NAME = "findings.jsonl.zst"
_MAX_LINE_BYTES = 1 << 20  # a finding holds some kilobytes; a longer line is no finding of ours


def render_findings(findings: Iterable[Finding]) -> Iterator[bytes]:
    """Yield the file's bytes in chunks; the same findings in the same order give the same bytes."""
    return compression.compress_stream(
        canonical.dumps(codec.encode(finding)) for finding in findings
    )


def write_findings(path: Path, findings: Iterable[Finding]) -> str:
    """Write `findings` to `path` and return the SHA-256 of the bytes written."""
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for chunk in render_findings(findings):
            digest.update(chunk)
            stream.write(chunk)
    return digest.hexdigest()


def read_findings(path: Path) -> Iterator[Finding]:
    """Yield the findings in `path`, holding little of it in memory at a time.

    A fault may lie behind findings already yielded: a caller must not act on them before the
    iterator has ended without an error.

    Raises:
        ContentError: No such file, cut off, damaged, bytes after its end, or a line that is not
            the canonical JSON of one finding; the message names the line.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _fault(path, f"cannot be read: {error.strerror}") from None
    with stream:
        for number, line in enumerate(_lines(stream, path), start=1):
            yield _parse_line(line, number, path)


def _lines(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        yield from compression.decompress_stream(stream, max_line_bytes=_MAX_LINE_BYTES)
    except ValueError as error:
        raise _fault(path, str(error)) from None


def _parse_line(line: bytes, number: int, path: Path) -> Finding:
    try:
        finding = codec.decode(Finding, strict_json.loads(line))
    except ValueError as error:
        raise _fault(path, f"line {number}: {error}") from None
    if canonical.dumps(codec.encode(finding)) != line:
        raise _fault(path, f"line {number} is not in canonical form")
    return finding


def _fault(path: Path, message: str) -> ContentError:
    return ContentError(
        f"{path}: {message}",
        hint="Take the file from the original run folder; 'ojkaudit verify' names altered files.",
    )
