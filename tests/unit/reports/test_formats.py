"""Dates, numbers and foreign text in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ojkaudit.model.outcome import Language
from ojkaudit.reports.formats import (
    format_date,
    format_number,
    format_time,
    format_value,
    printable,
    shorten,
)

ID, EN = Language.ID, Language.EN


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (date(2026, 11, 20), "20 November 2026", "20 November 2026"),
        (date(2026, 8, 1), "1 Agustus 2026", "1 August 2026"),
        (date(2026, 5, 31), "31 Mei 2026", "31 May 2026"),
    ],
)
def test_dates_are_spelled_out(value: date, indonesian: str, english: str) -> None:
    assert format_date(value, ID) == indonesian
    assert format_date(value, EN) == english


def test_times_are_those_of_jakarta_even_across_midnight() -> None:
    at = datetime(2026, 12, 31, 18, 5, tzinfo=UTC)
    assert format_time(at, ID) == "1 Januari 2027, 01.05 WIB"
    assert format_time(at, EN) == "1 January 2027, 01:05 WIB"


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "0", "0"),
        (1234567, "1.234.567", "1,234,567"),
        (-20, "-20", "-20"),
        (3.0, "3", "3"),
        (1234.25, "1.234,25", "1,234.25"),
        (True, "ya", "yes"),
        (False, "tidak", "no"),
        (("ID", "SG"), "ID, SG", "ID, SG"),
        ((), "\u2013", "\u2013"),
        ("", "\u2013", "\u2013"),
        ((5432, 3306), "5.432, 3.306", "5,432, 3,306"),
    ],
)
def test_values_use_the_separators_of_the_language(
    value: object, indonesian: str, english: str
) -> None:
    assert format_value(value, ID) == indonesian  # type: ignore[arg-type]
    assert format_value(value, EN) == english  # type: ignore[arg-type]


def test_whole_numbers_have_no_decimals() -> None:
    assert format_number(1000, ID) == "1.000"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("Café 東京", "Café 東京"),
        ("a\x1b[31mred", "a\\u001b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\x00b", "a\\u0000b"),
        ("a\udc80b", "a\\udc80b"),
        ("line\nbreak\tand tab", "line break and tab"),
        ("\U000f0000", "\\U000f0000"),
        ("\u2028", "\\u2028"),
    ],
)
def test_what_is_invisible_or_disruptive_is_made_visible(raw: str, shown: str) -> None:
    assert printable(raw) == shown
    printable(raw).encode("utf-8")


def test_long_text_is_cut_at_a_word_within_the_limit() -> None:
    text = "Ganti entri host dengan hostssl pada pg_hba.conf"
    assert shorten(text, 100) == text
    assert shorten(text, 20) == "Ganti entri host…"
    assert shorten("x" * 50, 20) == "x" * 19 + "…"
    assert all(len(shorten(text, limit)) <= limit for limit in range(5, 60))
