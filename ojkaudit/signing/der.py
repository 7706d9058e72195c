"""Walk the tags and lengths of a DER object, so that two encodings of one thing are not both taken."""

from __future__ import annotations

MAX_DEPTH = 64
"""A signature nests about 15 deep; the bound keeps a hostile one from costing much."""

_CONSTRUCTED = 0x20
_LONG_FORM = 0x80
_HIGH_TAG = 0x1F


def der_length(data: bytes, start: int = 0) -> int:
    """Return the length in bytes, header included, of the object that begins at `start`.

    Raises:
        ValueError: The header is cut off, of indefinite length, or not in its shortest form.
    """
    header, length = _header(data, start)
    return header + length


def check_der(data: bytes) -> None:
    """Check that `data` is one DER object and that every length in it is in its shortest form.

    Raises:
        ValueError: It is not, or it nests deeper than `MAX_DEPTH`.
    """
    if not data or der_length(data) != len(data):
        raise ValueError("not one DER object")
    pending = [(0, len(data), 0)]
    while pending:
        start, end, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ValueError("nested too deep")
        while start < end:
            header, length = _header(data, start)
            if start + header + length > end:
                raise ValueError("a DER object overruns the one that holds it")
            if data[start] & _CONSTRUCTED:
                pending.append((start + header, start + header + length, depth + 1))
            start += header + length


def _header(data: bytes, start: int) -> tuple[int, int]:
    """Return the lengths of header and content of the object at `start`."""
    if start + 2 > len(data):
        raise ValueError("a DER header is cut off")
    if data[start] & _HIGH_TAG == _HIGH_TAG:
        raise ValueError("a DER tag of several bytes is not used in signatures")
    first = data[start + 1]
    if first < _LONG_FORM:
        return 2, first
    count = first & ~_LONG_FORM
    digits = data[start + 2 : start + 2 + count]
    length = int.from_bytes(digits, "big")
    if not 0 < len(digits) == count <= 4 or digits[0] == 0 or length < _LONG_FORM:
        raise ValueError("a DER length is not in its shortest form")
    return 2 + count, length
