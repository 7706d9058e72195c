"""Put the parts of the view together."""

from __future__ import annotations

from ojkaudit.model.codec import encode_time
from ojkaudit.model.outcome import EvidenceGrade, Language, Outcome
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports.formats import DASH, printable
from ojkaudit.reports.view.annex import (
    build_documents,
    build_parameters,
    build_rules,
    build_targets,
)
from ojkaudit.reports.view.changes import build_comparison
from ojkaudit.reports.view.failures import build_failures, subjects_per_rule
from ojkaudit.reports.view.language import OUTCOME_TONES, Speaker
from ojkaudit.reports.view.register import build_register, build_waivers
from ojkaudit.reports.view.sections import ReportView
from ojkaudit.reports.view.shapes import Fact
from ojkaudit.reports.view.summary import build_summary
from ojkaudit.reports.view.unseen import build_skipped, build_unseen

_PREFIX = 16
_GLOSSARY = ("target", "rule", "control", "finding", "coverage", "corroboration", "waiver")
_VERIFY_STEPS = 4


def build_view(result: AssessmentResult, language: Language, result_sha256: str) -> ReportView:
    """Return the view of `result`.

    Args:
        result: What to show.
        language: Language of every string.
        result_sha256: SHA-256 of the exact bytes of `result.json`, which the report prints.

    Raises:
        ContentError: The shipped words lack an entry.
    """
    speak = Speaker(language)
    institution = printable(result.institution.name)
    return ReportView(
        language=language.value,
        title=f"{speak.words('report.title')} {DASH} {institution}",
        institution=institution,
        facts=_facts(result, speak),
        demonstration=result.demonstration,
        created=encode_time(result.assessed_at),
        generator=f"ojkaudit {printable(result.tool_version)}",
        run_id=printable(result.assessment_id),
        digest_prefix=result_sha256[:_PREFIX],
        summary=build_summary(result, speak),
        documents=build_documents(result, speak),
        failures=build_failures(result, speak),
        subjects_per_rule=speak.number(subjects_per_rule(result)),
        unseen=build_unseen(result, speak),
        skipped=build_skipped(result, speak),
        targets=build_targets(result, speak),
        register=build_register(result, speak),
        waivers=build_waivers(result, speak),
        comparison=build_comparison(result, speak),
        parameters=build_parameters(result, speak),
        rules=build_rules(result, speak),
        outcomes=_outcomes(speak),
        grades=_grades(speak),
        verify_steps=tuple(
            speak.words(f"verify.step_{n}", id=printable(result.assessment_id))
            for n in range(1, _VERIFY_STEPS + 1)
        ),
        digests=_digests(result, result_sha256, speak),
        glossary=tuple(
            Fact(label=speak.words(f"glossary.{name}"), value=speak.words(f"glossary_means.{name}"))
            for name in _GLOSSARY
        ),
    )


def _facts(result: AssessmentResult, speak: Speaker) -> tuple[Fact, ...]:
    who = result.institution
    licence = printable(who.licence_number)
    if who.licence_date:
        licence = speak.words("fact.licence_of", number=licence, date=speak.day(who.licence_date))
    values = {
        "licence": licence,
        "period": speak.period(result.period_from, result.period_to),
        "assessed_at": speak.time(result.assessed_at),
        "collected_at": speak.time(result.collected_at),
        "profile": f"{speak.text(result.profile_title)} ({printable(result.profile)})",
        "assessment_id": printable(result.assessment_id),
    }
    return tuple(
        Fact(label=speak.words(f"fact.{key}"), value=value, code=key == "assessment_id")
        for key, value in values.items()
        if value
    )


def _outcomes(speak: Speaker) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            label=speak.words(f"outcome.{outcome.value}"),
            value=speak.words(f"outcome_means.{outcome.value}"),
            tone=OUTCOME_TONES[outcome],
        )
        for outcome in Outcome
    )


def _grades(speak: Speaker) -> tuple[Fact, ...]:
    return tuple(
        Fact(label=speak.grade(grade), value=speak.words(f"grade_means.{grade.value}"))
        for grade in EvidenceGrade
    )


def _digests(result: AssessmentResult, result_sha256: str, speak: Speaker) -> tuple[Fact, ...]:
    digests = result.digests
    values = {
        "result_json": result_sha256,
        "evidence_file": digests.evidence_file,
        "findings_file": digests.findings_file,
        "snapshot": digests.snapshot,
        "inputs": digests.inputs,
        "catalog": digests.catalog,
        "profile": digests.profile,
        "verdict": digests.verdict,
    }
    return tuple(
        Fact(label=speak.words(f"digest.{key}"), value=printable(value), code=True)
        for key, value in values.items()
    )
