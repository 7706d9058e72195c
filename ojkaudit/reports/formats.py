"""Dates, times, numbers and foreign text as the reports print them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from ojkaudit.model.catalog import ParameterValue
from ojkaudit.model.dates import JAKARTA
from ojkaudit.model.outcome import Language

DASH = "\u2013"
"""Stands where a value is missing, and between two values."""

_MONTHS = {
    Language.ID: (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    Language.EN: (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SEPARATORS = {Language.ID: (".", ","), Language.EN: (",", ".")}
_YES_NO = {Language.ID: ("ya", "tidak"), Language.EN: ("yes", "no")}


def format_date(value: date, language: Language) -> str:
    """Return `20 November 2026`."""
    return f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"


def format_time(value: datetime, language: Language) -> str:
    """Return `20 November 2026, 09.00 WIB` (`09:00` in English), in the time of Jakarta."""
    local = value.astimezone(JAKARTA)
    clock = f"{local:%H.%M}" if language is Language.ID else f"{local:%H:%M}"
    return f"{format_date(local.date(), language)}, {clock} WIB"


def format_number(value: int | float, language: Language) -> str:
    """Return the number with the language's separators, without trailing zeros after the comma."""
    thousands, decimal = _SEPARATORS[language]
    whole, _, rest = (f"{value:,}" if isinstance(value, int) else f"{value:,.6f}").partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", thousands) + (decimal + rest if rest else "")


def format_value(value: ParameterValue, language: Language) -> str:
    """Return a parameter's value for people; a list is joined with commas."""
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, int | float):
        return format_number(value, language)
    if isinstance(value, str):
        return printable(value) or DASH
    return ", ".join(format_value(item, language) for item in value) or DASH


def printable(text: str) -> str:
    r"""Return `text` with everything invisible or disruptive made visible, as `\u202e`.

    Names come from the audited platform. Control characters would drive a terminal, marks of
    direction would reorder what is read, and lone surrogates have no bytes at all. Line breaks
    and tabs become a space.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char in "\n\r\t":
        return " "
    # Cc control, Cf format (bidi, zero width), Cs surrogate, Co private, Cn unassigned, Zl/Zp.
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        code = ord(char)
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return char


def shorten(text: str, limit: int) -> str:
    """Return `text` on one line in at most `limit` characters, cut at a word where possible."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:.") + "…"
