"""The hand-made result put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ojkaudit.model.evidence import TargetInfo
from ojkaudit.model.outcome import (
    CoverageStatus,
    Outcome,
    Severity,
    VerdictStatus,
)
from ojkaudit.model.result import (
    SCHEMA_VERSION,
    AssessmentResult,
    Digests,
    InstitutionInfo,
    Verdict,
    WaiverResult,
)
from tests.support.results.controls import controls, coverage, parameters
from tests.support.results.findings import findings, rules
from tests.support.results.parts import (
    ASSESSED_AT,
    COLLECTED_AT,
    counts,
    finding,
    instance,
    text,
)
from tests.support.results.register import comparison, register


def rich_result() -> AssessmentResult:
    """Return a result with failing, unknown, waived, expired and compared things."""
    found = findings()
    judged = rules(found)
    total = counts(**{o.value: sum(r.counts[o.value] for r in judged) for o in Outcome})
    return AssessmentResult(
        schema_version=SCHEMA_VERSION,
        assessment_id="20261120T020000Z-9f3b27c4",
        tool_version="0.1.0",
        assessed_at=ASSESSED_AT,
        collected_at=COLLECTED_AT,
        institution=InstitutionInfo(
            name="PT Dana Contoh Nusantara",
            licence_number="KEP-17/D.05/2021",
            licence_date=date(2021, 5, 17),
            afpi_member="AFPI-0421",
            pse_registration="00421.01/DJAI.PSE/2022",
            total_assets_idr=1_250_000_000_000,
            business_mostly_by_it=True,
        ),
        period_from=date(2026, 10, 1),
        period_to=date(2026, 10, 31),
        profile="lpbbti",
        profile_title=text("Penyelenggara LPBBTI", "Fintech lending operator"),
        demonstration=False,
        time_given=False,
        verdict=Verdict(
            status=VerdictStatus.NON_COMPLIANT,
            exit_code=1,
            fail_on=Severity.HIGH,
            allow_incomplete=False,
            rules_selected=8,
            rules_judged=3,
        ),
        counts=total,
        digests=Digests(
            **{
                name: f"{number:x}" * 64
                for number, name in enumerate(
                    (
                        "catalog",
                        "profile",
                        "snapshot",
                        "inputs",
                        "evidence_file",
                        "findings_file",
                        "verdict",
                    ),
                    start=1,
                )
            }
        ),
        targets=(
            TargetInfo(
                id="okd-pulih",
                family="kubernetes",
                address="https://api.okd-pulih.contoh.internal:6443",
                site="bukit-tenang",
                version="v1.29.6 (OKD 4.16)",
            ),
            TargetInfo(
                id="okd-utama",
                family="kubernetes",
                address="https://api.okd-utama.contoh.internal:6443",
                site="cikaso",
                version="v1.29.6 (OKD 4.16)",
            ),
            TargetInfo(
                id="pg-pulih",
                family="postgresql",
                address="pg-pulih.contoh.internal:5432",
                site="bukit-tenang",
                version="15.8",
            ),
            TargetInfo(
                id="pg-utama",
                family="postgresql",
                address="pg-utama.contoh.internal:5432",
                site="cikaso",
                version="15.8",
            ),
            TargetInfo(id="register", family="register", address="ojkaudit.yaml"),
        ),
        rules=judged,
        controls=controls(),
        findings=found,
        coverage=coverage(),
        parameters=parameters(),
        register=register(),
        waivers=(
            WaiverResult(
                id="W-2026-03", rule="SEC-009", state="unused", until=date(2027, 1, 31), matched=0
            ),
            WaiverResult(
                id="W-2026-07",
                rule="CRT-002",
                state="expiring",
                until=date(2026, 11, 30),
                matched=1,
            ),
        ),
        required_signatures=("seal", "compliance_officer"),
        comparison=comparison(),
    )


def passing_result(*, unknown: int = 0) -> AssessmentResult:
    """Return a compliant result of one rule, with `unknown` findings that could not be judged."""
    base = rich_result()
    rule = next(rule for rule in base.rules if rule.id == "PG-031")
    table = counts(**{"pass": 2, "unknown": unknown})
    blind = finding(
        rule.id,
        Outcome.UNKNOWN,
        rule.severity,
        instance("pg-pulih"),
        text("Akses ditolak.", "Access refused."),
        missing_right="GRANT pg_monitor TO auditor",
    )
    return replace(
        base,
        verdict=replace(
            base.verdict,
            status=VerdictStatus.COMPLIANT,
            exit_code=0,
            rules_selected=1,
            rules_judged=0 if unknown else 1,
        ),
        counts=table,
        rules=(replace(rule, counts=table, waived=0),),
        controls=(),
        findings=(blind,) * unknown,
        coverage=tuple(c for c in base.coverage if c.status is CoverageStatus.COMPLETE),
        register=(),
        waivers=(),
        comparison=None,
    )
