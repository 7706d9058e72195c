"""`findings.jsonl.zst`: same findings, same bytes; anything else than the whole file is refused."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from ojkaudit import compression
from ojkaudit.errors import ContentError
from ojkaudit.model.result import Finding
from ojkaudit.reports import read_findings, render_findings, write_findings
from tests.support.results import large_result, rich_result


def test_what_is_written_is_read_back_in_order(tmp_path: Path) -> None:
    findings = large_result(rules=20, failing=20).findings
    path = tmp_path / "findings.jsonl.zst"
    digest = write_findings(path, findings)
    assert tuple(read_findings(path)) == findings
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_findings_give_the_same_bytes() -> None:
    findings = rich_result().findings
    assert b"".join(render_findings(findings)) == b"".join(render_findings(iter(findings)))


def test_no_findings_make_a_readable_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_findings(path, [])
    assert path.stat().st_size > 0
    assert list(read_findings(path)) == []


def test_findings_are_streamed_not_gathered() -> None:
    endless = itertools.cycle(rich_result().findings)
    assert next(render_findings(endless)) is not None


def _written(path: Path) -> bytes:
    write_findings(path, rich_result().findings[:3])
    return path.read_bytes()


def test_every_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    data = _written(path)
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(ContentError):
            list(read_findings(path))


def test_every_flipped_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    data = _written(path)
    for position in range(len(data)):
        altered = bytearray(data)
        altered[position] ^= 0xFF
        path.write_bytes(altered)
        with pytest.raises(ContentError):
            list(read_findings(path))


def test_bytes_after_the_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    data = _written(path)
    for tail in (b"\0", data):
        path.write_bytes(data + tail)
        with pytest.raises(ContentError, match="bytes follow the end"):
            list(read_findings(path))


def _file_of(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(compression.compress_stream(lines)))
    return path


def _line() -> bytes:
    packed = b"".join(render_findings(rich_result().findings[:1]))
    path_lines = compression.decompress_lines(packed, max_bytes=1 << 20)
    return next(iter(path_lines))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "line 2: "),
        (b"{}", "line 2: .*missing field"),
        (b"[1]", "line 2: .*expected an object"),
        (b'{"rule":NaN}', "line 2: NaN"),
    ],
)
def test_a_line_that_is_no_finding_is_refused_by_number(
    tmp_path: Path, line: bytes, message: str
) -> None:
    with pytest.raises(ContentError, match=message):
        list(read_findings(_file_of(tmp_path / "f", _line(), line)))


def test_a_line_in_another_form_is_refused(tmp_path: Path) -> None:
    spaced = _line().replace(b":", b": ", 1)
    with pytest.raises(ContentError, match="line 1 is not in canonical form"):
        list(read_findings(_file_of(tmp_path / "f", spaced)))


def test_an_endless_line_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = _file_of(tmp_path / "f", b'"' + b"a" * (64 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(ContentError, match="longer than"):
        list(read_findings(path))


def test_what_is_not_compressed_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(_line() + b"\n")
    with pytest.raises(ContentError, match="not a Zstandard stream"):
        list(read_findings(path))
    with pytest.raises(ContentError, match="cannot be read"):
        list(read_findings(tmp_path / "missing"))


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_findings(path, rich_result().findings)
    first: Iterator[Finding] = read_findings(path)
    assert next(first) == rich_result().findings[0]
