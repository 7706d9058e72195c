"""The one door to Zstandard: JSON lines in independent frames, bounded when read back.

Zstandard is in the standard library from Python 3.14; before that its backport is used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
FRAME_BYTES = 1 << 20
"""Lines are gathered to about this size before a frame is closed, so that readers can seek."""
_CHUNK = 1 << 16


def compress_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield one Zstandard frame per about 1 MiB of newline-ended lines.

    Same lines, same frames. Nothing is yielded for no lines.
    """
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line + b"\n")
        size += len(line) + 1
        if size >= FRAME_BYTES:
            yield zstd.compress(b"".join(batch), level=LEVEL)
            batch, size = [], 0
    if batch:
        yield zstd.compress(b"".join(batch), level=LEVEL)


def decompress_lines(data: bytes, *, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of frames made by `compress_lines`, without their newline.

    Raises:
        ValueError: The data is no Zstandard stream, is cut short, does not end in a newline, or
            grows beyond `max_bytes`.
    """
    rest = b""
    for chunk in _decompressed(data, max_bytes):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        yield from parts
    if rest:
        raise ValueError("the last line is cut short")


def _decompressed(data: bytes, max_bytes: int) -> Iterator[bytes]:
    produced = 0
    while data:
        decompressor = zstd.ZstdDecompressor()
        feed = data
        while not decompressor.eof:
            try:
                chunk = decompressor.decompress(feed, max_length=_CHUNK)
            except zstd.ZstdError as error:
                raise ValueError(f"not a Zstandard stream: {error}") from error
            feed = b""
            produced += len(chunk)
            if produced > max_bytes:
                raise ValueError(f"grows beyond {max_bytes} bytes")
            yield chunk
            if not chunk and _starved(decompressor):
                raise ValueError("the stream is cut short")
        data = decompressor.unused_data


def _starved(decompressor: zstd.ZstdDecompressor) -> bool:
    return decompressor.needs_input and not decompressor.eof
