"""The summary on the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ojkaudit.model.outcome import Language
from ojkaudit.reports import summary_table
from tests.support.results import large_result, passing_result, rich_result

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("language", list(Language))
def test_colours_add_nothing_to_the_words(language: Language) -> None:
    plain = summary_table(rich_result(), language, colour=False)
    coloured = summary_table(rich_result(), language, colour=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert ESCAPE.sub("", coloured) == plain


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("result", [rich_result(), large_result()], ids=["rich", "large"])
def test_lines_fit_a_terminal_of_eighty_columns(result: object, language: Language) -> None:
    text = summary_table(result, language, colour=False)  # type: ignore[arg-type]
    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_it_tells_verdict_counts_unseen_failures_and_deadlines() -> None:
    text = summary_table(rich_result(), Language.ID, colour=False)
    for words in (
        "TIDAK MEMENUHI",
        "3 dari 8 aturan dinilai lengkap",
        "Gagal 34",
        "Akses ditolak: 2",
        "PG-010",
        "31 Oktober 2026",
        "dispensasi W-2026-07",
        "Baru gagal: 1",
    ):
        assert words in text


def test_a_compliant_result_says_that_everything_was_read() -> None:
    text = summary_table(passing_result(), Language.EN, colour=False)
    assert "COMPLIANT" in text
    assert "everything needed was read" in text


def test_names_cannot_drive_the_terminal() -> None:
    result = rich_result()
    hostile = replace(
        result,
        register=tuple(replace(e, type="x\x1b[2J\x07") for e in result.register),
    )
    text = summary_table(hostile, Language.ID, colour=False)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\\u001b[2J" in text


def test_a_demonstration_says_so_first() -> None:
    text = summary_table(replace(rich_result(), demonstration=True), Language.ID, colour=False)
    assert text.startswith("DEMONSTRASI")
