"""From text to tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto

from ojkaudit.cel.errors import CelSyntaxError

MAX_SOURCE_LENGTH = 10_000
"""Code points; longer than any rule a person can review, short enough to parse at once."""


class TokenKind(Enum):
    """What a token is."""

    IDENT = auto()
    NUMBER = auto()
    STRING = auto()
    OPERATOR = auto()
    END = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token with its place."""

    kind: TokenKind
    text: str
    start: int
    """Offset of the first character."""
    end: int
    """Offset behind the last character."""
    line: int
    """1-based."""
    column: int
    """1-based, in code points."""


# Every alternative is linear: no nested repetition, no two ways to match one text.
_TRIPLE = r'[rRbB]{0,2}(?:"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*''')"
_RAW_TRIPLE = r'(?:[bB]?[rR][bB]?)(?:"""(?:[^"]|"(?!""))*"""|' + r"'''(?:[^']|'(?!''))*''')"
_RAW = r'(?:[bB]?[rR][bB]?)(?:"[^"\r\n]*"|' + r"'[^'\r\n]*')"
_PLAIN = r'[bB]?(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|' + r"'(?:[^'\\\r\n]|\\[^\r\n])*')"
_PATTERN = re.compile(
    "|".join(
        (
            r"(?P<space>[ \t\r\n\f]+|//[^\n]*)",
            rf"(?P<string>{_RAW_TRIPLE}|{_TRIPLE}|{_RAW}|{_PLAIN})",
            r"(?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?"
            r"|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?)",
            r"(?P<ident>[A-Za-z_][A-Za-z0-9_]*)",
            r"(?P<operator>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])",
        )
    ),
    re.DOTALL,
)
_KINDS = {
    "string": TokenKind.STRING,
    "number": TokenKind.NUMBER,
    "ident": TokenKind.IDENT,
    "operator": TokenKind.OPERATOR,
}


def tokenize(source: str) -> list[Token]:
    """Return the tokens of a text, closed by one of kind `END`.

    Raises:
        CelSyntaxError: The text is too long, or holds a character no token begins with.
    """
    if len(source) > MAX_SOURCE_LENGTH:
        raise CelSyntaxError(
            f"expression has {len(source)} characters, at most {MAX_SOURCE_LENGTH} are allowed",
            1,
            1,
        )
    lines = [0, *(match.end() for match in re.finditer("\n", source))]
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        match = _PATTERN.match(source, position)
        if match is None:
            raise _unexpected(source, position, lines)
        position = match.end()
        group = match.lastgroup or ""
        if group != "space":
            tokens.append(_token(_KINDS[group], match.group(), match.start(), lines))
    tokens.append(_token(TokenKind.END, "", len(source), lines))
    return tokens


def _token(kind: TokenKind, text: str, start: int, lines: list[int]) -> Token:
    line = bisect_right(lines, start)
    column = start - lines[line - 1] + 1
    return Token(kind=kind, text=text, start=start, end=start + len(text), line=line, column=column)


def _unexpected(source: str, position: int, lines: list[int]) -> CelSyntaxError:
    place = _token(TokenKind.END, "", position, lines)
    if source[position] in "'\"":
        message = "string is not closed"
    else:
        message = f"unexpected character {source[position]!r}"
    return CelSyntaxError(message, place.line, place.column)
