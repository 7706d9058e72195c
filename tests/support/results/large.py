"""A result as large and as wordy as a badly drifted platform gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ojkaudit.model.evidence import Coverage, ResourceRef
from ojkaudit.model.outcome import (
    ControlStatus,
    Corroboration,
    CoverageStatus,
    EvidenceGrade,
    Outcome,
    ReasonCode,
    Severity,
)
from ojkaudit.model.result import (
    AssessmentResult,
    ControlResult,
    Finding,
    RegisterEntry,
    RuleResult,
)
from ojkaudit.model.text import Text
from tests.support.results.parts import COLLECTED_AT, counts, finding, text
from tests.support.results.rich import rich_result

_LONG = text(
    "Pernyataan panjang nomor {n} tentang keadaan yang harus dipenuhi oleh setiap objek pada "
    "setiap lokasi, ditulis sepanjang yang mungkin dipakai penulis aturan",
    "Long statement number {n} about what every object at every site has to meet, written as "
    "long as the author of a rule may make it, and a little longer than that",
)
_REASONS = (
    ReasonCode.DENIED,
    ReasonCode.NO_TARGET,
    ReasonCode.NO_COLLECTOR,
    ReasonCode.WEAK_EVIDENCE,
    ReasonCode.PARTIAL,
    ReasonCode.STALE,
    ReasonCode.ERROR,
)


def _words(number: int) -> Text:
    return Text(id=_LONG.id.format(n=number), en=_LONG.en.format(n=number))


def _findings(rule: int, failing: int, unknown: int) -> list[Finding]:
    severity = list(Severity)[rule % 4]
    name = f"BIG-{rule:03d}"
    found = [
        finding(
            name,
            Outcome.FAIL,
            severity,
            ResourceRef(
                target=f"klaster-dengan-nama-panjang-{n % 4}",
                kind="kubernetes/apps/v1/Deployment",
                namespace=f"ruang-nama-yang-panjang-{n % 7}",
                name="layanan-dengan-nama-tanpa-jeda-" * 3 + str(n),
            ),
            _words(rule),
            observed=f"nilai-{n}-" + "x" * 120,
        )
        for n in range(failing)
    ]
    found += [
        finding(
            name,
            Outcome.UNKNOWN,
            severity,
            ResourceRef(
                target=f"klaster-dengan-nama-panjang-{n % 4}",
                kind=f"kubernetes/example.internal/v1/SumberDayaKhusus{n}",
            ),
            _words(1000 + n),
            reason=_REASONS[n % len(_REASONS)],
            missing_right=f"list sumberdayakhusus{n}.example.internal",
        )
        for n in range(unknown)
    ]
    return found


def _rule(number: int, found: list[Finding]) -> RuleResult:
    table = counts(**{"pass": 100})
    for item in found:
        table[item.outcome.value] += 1
    return RuleResult(
        id=f"BIG-{number:03d}",
        title=_words(number),
        theme="big",
        severity=list(Severity)[number % 4],
        evidence_grade=EvidenceGrade.CONFIGURED,
        controls=("POJK-40-2024/P162", "ISO-27001-2022/A.5.9"),
        expected=_words(number),
        remediation=_words(number),
        outcome=Outcome.FAIL,
        counts=table,
        waived=1,
        corroboration=Corroboration.NOT_CORROBORATED,
        corroborated_by=(),
    )


def _control(number: int) -> ControlResult:
    return ControlResult(
        id=f"ISO-27001-2022/A.{number}",
        document="ISO-27001-2022",
        title=_words(number),
        citation=f"ISO/IEC 27001:2022, A.{number}",
        citable=True,
        status=ControlStatus.UNDETERMINED,
        rules=tuple(f"BIG-{n:03d}" for n in range(number % 6)),
        not_corroborated=False,
    )


def _coverage(target: int, kind: int) -> Coverage:
    return Coverage(
        target=f"klaster-dengan-nama-panjang-{target}",
        kind=f"kubernetes/example.internal/v1/SumberDayaKhusus{kind}",
        status=list(CoverageStatus)[kind % 6],
        verb="LIST",
        count=1234 * kind,
        read_at=COLLECTED_AT,
        http_status=200,
        missing_right="list sumberdayakhusus.example.internal" if kind % 6 == 1 else "",
        detail="keterangan " * (kind % 5),
    )


def _entry(number: int) -> RegisterEntry:
    return RegisterEntry(
        id=f"sertifikat-dengan-nama-panjang-{number}",
        type="uptime_tier",
        holder="PT Pemegang Sertifikat Bernama Panjang Sekali",
        number=f"NOMOR/PANJANG/{number}/2026",
        sites=("cikaso", "bukit-tenang", "kantor-pusat"),
        valid_until=date(2026, 11, 1 + number),
        days_left=number - 19,
        state="expired" if number < 19 else "expiring",
        file=f"bukti/{number}.pdf",
        file_matches=True,
    )


def large_result(*, rules: int = 40, failing: int = 30, unknown: int = 8) -> AssessmentResult:
    """Return a result in which every rule fails on `failing` subjects and cannot judge `unknown`."""
    found = [_findings(number, failing, unknown) for number in range(rules)]
    judged = tuple(_rule(number, items) for number, items in enumerate(found))
    base = rich_result()
    return replace(
        base,
        institution=replace(
            base.institution,
            name="PT Penyelenggara Layanan Pendanaan Bersama "
            "Berbasis Teknologi Informasi Contoh Nusantara",
        ),
        verdict=replace(base.verdict, rules_selected=rules, rules_judged=0, allow_incomplete=True),
        counts=counts(**{o.value: sum(rule.counts[o.value] for rule in judged) for o in Outcome}),
        rules=judged,
        findings=tuple(
            sorted((f for items in found for f in items), key=lambda f: (f.rule, f.subject))
        ),
        controls=tuple(_control(number) for number in range(93)),
        coverage=tuple(_coverage(target, kind) for target in range(4) for kind in range(40)),
        waivers=tuple(replace(waiver, state="expired") for waiver in base.waivers),
        register=tuple(_entry(number) for number in range(24)),
    )
