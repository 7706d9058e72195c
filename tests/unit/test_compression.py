from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ojkaudit.compression import FRAME_BYTES, compress_lines, decompress_lines


@given(st.lists(st.binary(max_size=50).filter(lambda line: b"\n" not in line), max_size=20))
def test_lines_come_back(lines: list[bytes]) -> None:
    data = b"".join(compress_lines(lines))
    assert list(decompress_lines(data, max_bytes=10_000)) == lines


def test_many_lines_make_several_frames() -> None:
    lines = [bytes([65 + i % 26]) * 1000 for i in range(3 * (FRAME_BYTES // 1001 + 1))]
    assert len(list(compress_lines(lines))) == 3
    data = b"".join(compress_lines(lines))
    assert list(decompress_lines(data, max_bytes=4 * FRAME_BYTES)) == lines


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_cut_stream_is_refused(cut: int) -> None:
    data = b"".join(compress_lines([b"a" * 40, b"b" * 40]))
    with pytest.raises(ValueError, match=r"cut short|Zstandard"):
        list(decompress_lines(data[:-cut], max_bytes=1000))


def test_a_bomb_is_stopped() -> None:
    data = b"".join(compress_lines([b"0" * 5_000_000]))
    with pytest.raises(ValueError, match="beyond"):
        list(decompress_lines(data, max_bytes=1_000_000))


def test_a_last_line_without_newline_is_refused() -> None:
    from ojkaudit.compression import zstd

    with pytest.raises(ValueError, match="cut short"):
        list(decompress_lines(zstd.compress(b"a\nb"), max_bytes=100))
