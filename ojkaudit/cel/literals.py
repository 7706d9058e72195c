"""Literals: what a string, bytes or number token stands for."""

from __future__ import annotations

import string as characters

from ojkaudit.cel.errors import Fault
from ojkaudit.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt

_SIMPLE = {
    "a": 7,
    "b": 8,
    "f": 12,
    "n": 10,
    "r": 13,
    "t": 9,
    "v": 11,
    "\\": 92,
    "?": 63,
    '"': 34,
    "'": 39,
    "`": 96,
}
_MAX_DIGITS = 100
"""Leading zeros included; reading longer ones takes the time of their square."""
_HEX_LENGTHS = {"x": 2, "X": 2, "u": 4, "U": 8}
_OCTAL_FIRST = frozenset("0123")
_HEX = frozenset(characters.hexdigits)
_OCTAL = frozenset(characters.octdigits)


def parse_string(token: str) -> str | bytes:
    """Return the value of a string or bytes token, prefix and quotes included.

    Raises:
        Fault: An escape is unknown, cut short, or names no character.
    """
    quote = min(position for position in (token.find("'"), token.find('"')) if position >= 0)
    prefix = token[:quote].lower()
    width = 3 if token[quote : quote + 3] in ("'''", '"""') else 1
    body = token[quote + width : len(token) - width]
    if "b" in prefix:
        return body.encode() if "r" in prefix else _unescape_bytes(body)
    return body if "r" in prefix else _unescape_text(body)


def _unescape_text(body: str) -> str:
    if "\\" not in body:
        return body
    parts: list[str] = []
    position = 0
    while position < len(body):
        if body[position] != "\\":
            parts.append(body[position])
            position += 1
            continue
        code, position = _escape(body, position + 1)
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            raise Fault(f"escape names no character: code point {code:#x}")
        parts.append(chr(code))
    return "".join(parts)


def _unescape_bytes(body: str) -> bytes:
    parts = bytearray()
    position = 0
    while position < len(body):
        if body[position] != "\\":
            parts += body[position].encode()
            position += 1
            continue
        if body[position + 1 : position + 2] in ("u", "U"):
            raise Fault("a \\u escape is not allowed in bytes")
        code, position = _escape(body, position + 1)
        parts.append(code)
    return bytes(parts)


def _escape(body: str, position: int) -> tuple[int, int]:
    """Return the code of the escape whose letter stands at `position`, and the offset behind it."""
    letter = body[position : position + 1]
    if letter in _SIMPLE:
        return _SIMPLE[letter], position + 1
    if letter in _HEX_LENGTHS:
        end = position + 1 + _HEX_LENGTHS[letter]
        digits = body[position + 1 : end]
        if len(digits) == _HEX_LENGTHS[letter] and _HEX.issuperset(digits):
            return int(digits, 16), end
    if letter in _OCTAL_FIRST:
        digits = body[position : position + 3]
        if len(digits) == 3 and _OCTAL.issuperset(digits):
            return int(digits, 8), position + 3
    raise Fault(f"unknown or incomplete escape \\{letter}")


def parse_number(token: str, *, is_negative: bool = False) -> int | float | UInt:
    """Return the value of a number token, with the sign that stands before it.

    Raises:
        Fault: The number does not fit into 64 bits.
    """
    lowered = token.lower()
    is_hex = lowered.startswith("0x")
    if not is_hex and any(mark in lowered for mark in ".e"):
        value = float(token)
        return -value if is_negative else value
    digits = lowered.removesuffix("u")
    if len(digits) > _MAX_DIGITS:
        raise Fault("integer literal is too long")
    number = int(digits, 16) if is_hex else int(digits)
    if lowered.endswith("u"):
        if number > UINT_MAX or is_negative:
            raise Fault("an unsigned integer literal is 0 to 18446744073709551615")
        return UInt(number)
    number = -number if is_negative else number
    if not INT_MIN <= number <= INT_MAX:
        raise Fault("an integer literal is -9223372036854775808 to 9223372036854775807")
    return number
