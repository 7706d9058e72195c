"""Findings of the hand-made result, and the counts per rule."""

from __future__ import annotations

from ojkaudit.model.evidence import ResourceRef
from ojkaudit.model.outcome import (
    Corroboration,
    Outcome,
    ReasonCode,
    Severity,
)
from ojkaudit.model.result import (
    FailedTerm,
    Finding,
    RuleResult,
)
from tests.support.results.parts import (
    HOSTILE_NAME,
    counts,
    deployment,
    finding,
    instance,
    node,
    text,
)
from tests.support.results.rules import RULES


def findings() -> tuple[Finding, ...]:
    term_images = FailedTerm(
        text="allContainers.all(c, c.image.contains('@sha256:'))",
        line=1,
        column=1,
        detail="allContainers[0].image == 'registry.internal/pinjaman/api:1.8'",
    )
    found = [
        finding(
            "RES-003",
            Outcome.FAIL,
            Severity.CRITICAL,
            node("pekerja-4"),
            text("Alamat di luar jaringan lokasi.", "Address outside the site's network."),
            observed="10.99.4.17; label lokasi cikaso",
            term=FailedTerm(
                text="siteOf(a.address) == object.metadata.labels['site']",
                line=2,
                column=5,
                detail="siteOf('10.99.4.17') == ''",
            ),
        ),
        finding(
            "PG-010",
            Outcome.FAIL,
            Severity.CRITICAL,
            instance("pg-utama"),
            text("2 sesi tanpa TLS.", "2 sessions without TLS."),
            observed="lapor_bi@10.20.1.14, etl@10.20.1.15: ssl=false",
            term=FailedTerm(
                text="object.sessions.all(s, s.ssl)",
                line=1,
                column=1,
                detail="object.sessions[3].ssl == false",
            ),
        ),
        finding(
            "PG-010",
            Outcome.UNKNOWN,
            Severity.CRITICAL,
            instance("pg-pulih"),
            text(
                "Sesi pengguna lain tidak terlihat oleh peran auditor.",
                "Sessions of other users are hidden from the auditor's role.",
            ),
            reason=ReasonCode.WEAK_EVIDENCE,
            missing_right="GRANT pg_read_all_stats TO auditor",
        ),
        finding(
            "SEC-021",
            Outcome.FAIL,
            Severity.MEDIUM,
            deployment("pinjaman", HOSTILE_NAME),
            text("Nilai rahasia tertulis.", "A secret value is written out."),
            observed="env DB_PASSWORD (nilai tidak disimpan)",
        ),
        finding(
            "SEC-021",
            Outcome.UNKNOWN,
            Severity.MEDIUM,
            ResourceRef(target="okd-pulih", kind="kubernetes/apps/v1/Deployment"),
            text(
                "Daftar Deployment di okd-pulih ditolak (403).",
                "Listing Deployments on okd-pulih was refused (403).",
            ),
            missing_right="list deployments.apps",
        ),
        finding(
            "DEP-004",
            Outcome.UNKNOWN,
            Severity.HIGH,
            ResourceRef(target="okd-pulih", kind="kubernetes/apps/v1/Deployment"),
            text(
                "Daftar Deployment di okd-pulih ditolak (403).",
                "Listing Deployments on okd-pulih was refused (403).",
            ),
            missing_right="list deployments.apps",
        ),
        finding(
            "CRT-002",
            Outcome.FAIL,
            Severity.HIGH,
            ResourceRef(target="register", kind="register/Attestation", name="iso27001-cikaso"),
            text(
                "Sertifikat berakhir 31 Oktober 2026.",
                "The certificate expired on 31 October 2026.",
            ),
            observed="berlaku sampai 2026-10-31",
            waiver="W-2026-07",
        ),
        finding(
            "LOG-005",
            Outcome.UNKNOWN,
            Severity.MEDIUM,
            ResourceRef(target="", kind="elasticsearch/Index"),
            text(
                "Rilis ini belum dapat membaca Elasticsearch.",
                "This release cannot read Elasticsearch yet.",
            ),
            reason=ReasonCode.NO_COLLECTOR,
        ),
        finding(
            "PG-031",
            Outcome.NOT_APPLICABLE,
            Severity.HIGH,
            instance("pg-pulih"),
            text("Bukan server utama.", "Not the primary server."),
        ),
        finding(
            "K8S-012",
            Outcome.MANUAL,
            Severity.LOW,
            node("pekerja-2"),
            text(
                "Periksa catatan pemeliharaan terjadwal.",
                "Check the record of planned maintenance.",
            ),
        ),
    ]
    found += [
        finding(
            "DEP-004",
            Outcome.FAIL,
            Severity.HIGH,
            deployment("pinjaman", f"layanan-{number:02d}"),
            text("Citra memakai tag.", "The image uses a tag."),
            observed=f"registry.internal/pinjaman/layanan-{number:02d}:1.8",
            term=term_images,
        )
        for number in range(1, 31)
    ]
    return tuple(sorted(found, key=lambda f: (f.rule, f.subject, f.outcome)))


_PASSES = {"RES-003": 6, "PG-010": 0, "DEP-004": 12, "SEC-021": 41, "PG-031": 1, "K8S-012": 6}


def rules(found: tuple[Finding, ...]) -> tuple[RuleResult, ...]:
    order = [Outcome.FAIL, Outcome.UNKNOWN, Outcome.MANUAL, Outcome.PASS, Outcome.NOT_APPLICABLE]
    results = []
    for rule_id, title, theme, severity, grade, controls, expected, remediation in RULES:
        mine = [f for f in found if f.rule == rule_id]
        table = counts(**{"pass": _PASSES.get(rule_id, 0)})
        for item in mine:
            table[item.outcome.value] += 1
        weak = not grade.stands_alone
        results.append(
            RuleResult(
                id=rule_id,
                title=title,
                theme=theme,
                severity=severity,
                evidence_grade=grade,
                controls=controls,
                expected=expected,
                remediation=remediation,
                outcome=next(o for o in order if table[o.value]),
                counts=table,
                waived=sum(1 for f in mine if f.waiver),
                corroboration=(
                    Corroboration.NOT_CORROBORATED if weak else Corroboration.NOT_NEEDED
                ),
                corroborated_by=("DEP-009",) if rule_id == "DEP-004" else (),
            )
        )
    return tuple(sorted(results, key=lambda r: r.id))
