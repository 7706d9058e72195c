"""The reports people read, as golden files to open in a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ojkaudit.model.outcome import Language
from ojkaudit.reports import cover_letter, render_html, render_json, summary_table
from tests.support.golden import FOLDER, check_golden
from tests.support.results import passing_result, rich_result


@pytest.mark.parametrize("language", list(Language))
def test_the_page_of_a_failing_result(language: Language) -> None:
    check_golden(f"report.{language.value}.html", render_html(rich_result(), language))


def test_the_page_of_a_compliant_demonstration() -> None:
    result = replace(passing_result(), demonstration=True)
    check_golden("report-demonstration.id.html", render_html(result, Language.ID))


@pytest.mark.parametrize("language", list(Language))
def test_the_summary_on_the_terminal(language: Language) -> None:
    text = summary_table(rich_result(), language, colour=False)
    check_golden(f"summary.{language.value}.txt", text.encode())


@pytest.mark.parametrize("language", list(Language))
def test_the_cover_letter(language: Language) -> None:
    check_golden(f"letter.{language.value}.txt", cover_letter(rich_result(), language))


def test_the_result_itself() -> None:
    check_golden("result.json", render_json(rich_result()))


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        "letter.en.txt",
        "letter.id.txt",
        "report-demonstration.id.html",
        "report.en.html",
        "report.id.html",
        "result.json",
        "summary.en.txt",
        "summary.id.txt",
    }
