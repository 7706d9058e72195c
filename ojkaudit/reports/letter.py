"""The letter that goes with a submission, to be completed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from ojkaudit import canonical
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports import templates
from ojkaudit.reports.formats import printable
from ojkaudit.reports.result_json import render_json
from ojkaudit.reports.view.language import Speaker
from ojkaudit.reports.view.shapes import Fact
from ojkaudit.reports.view.summary import verdict_badge, verdict_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    institution: str
    period: str
    facts: tuple[Fact, ...]
    verdict: str
    sentence: str
    run_id: str
    result_sha256: str
    stamp: str


def cover_letter(result: AssessmentResult, language: Language) -> bytes:
    """Return the letter as UTF-8 text; what only people know stands in [brackets].

    Raises:
        RenderError: The shipped template is broken.
        ContentError: The shipped words lack an entry.
    """
    speak = Speaker(language)
    who = result.institution
    values = {
        "licence": who.licence_number,
        "afpi": who.afpi_member,
        "pse": who.pse_registration,
    }
    letter = _Letter(
        institution=printable(who.name),
        period=speak.period(result.period_from, result.period_to),
        facts=tuple(
            Fact(label=speak.words(f"fact.{key}"), value=printable(value))
            for key, value in values.items()
            if value
        ),
        verdict=verdict_badge(result, speak).word,
        sentence=verdict_sentence(result, speak),
        run_id=printable(result.assessment_id),
        result_sha256=canonical.sha256(render_json(result)),
        stamp=speak.words("report.demonstration") if result.demonstration else "",
    )
    text = templates.fill(f"letter.{language.value}.txt.j2", {"letter": letter}, markup=False)
    return text.encode("utf-8")
