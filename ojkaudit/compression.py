"""The one door to Zstandard: JSON lines in independent frames, bounded when read back.

Zstandard is in the standard library from Python 3.14; before that its backport is used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

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


def compress_stream(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a single checksummed frame that holds `lines`, a newline after each.

    Unlike a row of frames, one frame cannot lose its tail unnoticed. Same lines, same chunks.
    """
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    compressor = zstd.ZstdCompressor(options=options)
    buffer = bytearray()
    for line in lines:
        buffer += line + b"\n"
        if len(buffer) >= FRAME_BYTES:
            chunk = compressor.compress(bytes(buffer))
            buffer.clear()
            yield chunk
    yield compressor.compress(bytes(buffer)) + compressor.flush()


def decompress_stream(stream: BinaryIO, *, max_line_bytes: int) -> Iterator[bytes]:
    """Yield the lines that `compress_stream` wrote to `stream`, without their newline.

    Holds one chunk and one line in memory, however far the data expands.

    Raises:
        ValueError: The data is no single complete Zstandard frame, a line is longer than
            `max_line_bytes`, or the last line has no newline.
    """
    rest = b""
    for chunk in _one_frame(stream):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        if len(rest) > max_line_bytes:
            raise ValueError(f"a line is longer than {max_line_bytes} bytes")
        yield from parts
    if rest:
        raise ValueError("the last line is cut short")


def _one_frame(stream: BinaryIO) -> Iterator[bytes]:
    decompressor = zstd.ZstdDecompressor()
    while not decompressor.eof:
        block = stream.read(_CHUNK) if decompressor.needs_input else b""
        if decompressor.needs_input and not block:
            raise ValueError("the stream is cut short")
        try:
            chunk = decompressor.decompress(block, max_length=_CHUNK)
        except zstd.ZstdError as error:
            raise ValueError(f"not a Zstandard stream: {error}") from error
        yield chunk
    if decompressor.unused_data or stream.read(1):
        raise ValueError("bytes follow the end of the stream")
