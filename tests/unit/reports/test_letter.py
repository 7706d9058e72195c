"""The cover letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ojkaudit import canonical
from ojkaudit.model.outcome import Language
from ojkaudit.reports import cover_letter, render_json
from tests.support.results import rich_result


@pytest.mark.parametrize("language", list(Language))
def test_it_names_institution_period_verdict_and_digest(language: Language) -> None:
    result = rich_result()
    letter = cover_letter(result, language).decode("utf-8")
    for words in (
        "PT Dana Contoh Nusantara",
        "KEP-17/D.05/2021",
        result.assessment_id,
        canonical.sha256(render_json(result)),
        {Language.ID: "TIDAK MEMENUHI", Language.EN: "NOT COMPLIANT"}[language],
        {Language.ID: "31 Oktober 2026", Language.EN: "31 October 2026"}[language],
        {Language.ID: "[Jabatan]", Language.EN: "[Position]"}[language],
    ):
        assert words in letter


def test_names_are_printed_as_they_are_without_escapes() -> None:
    result = rich_result()
    named = replace(result, institution=replace(result.institution, name="PT A & B {{7*7}}"))
    letter = cover_letter(named, Language.ID).decode("utf-8")
    assert "PT A & B {{7*7}}" in letter


def test_the_letter_of_a_demonstration_is_marked() -> None:
    plain = cover_letter(rich_result(), Language.ID)
    marked = cover_letter(replace(rich_result(), demonstration=True), Language.ID)
    assert b"BUKAN LAPORAN RESMI" not in plain
    assert b"BUKAN LAPORAN RESMI" in marked
