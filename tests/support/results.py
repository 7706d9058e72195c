"""A hand-made assessment result with everything a report can show, and a large one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from ojkaudit.model.catalog import Parameter
from ojkaudit.model.evidence import Coverage, ResourceRef, TargetInfo
from ojkaudit.model.outcome import (
    ControlStatus,
    Corroboration,
    CoverageStatus,
    EvidenceGrade,
    Outcome,
    ParameterOrigin,
    ReasonCode,
    Severity,
    VerdictStatus,
)
from ojkaudit.model.result import (
    SCHEMA_VERSION,
    AssessmentResult,
    Change,
    Comparison,
    ControlResult,
    Digests,
    FailedTerm,
    Finding,
    InstitutionInfo,
    RegisterEntry,
    RuleResult,
    Verdict,
    WaiverResult,
)
from ojkaudit.model.text import Text

ASSESSED_AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
COLLECTED_AT = datetime(2026, 11, 20, 1, 42, 7, tzinfo=UTC)
HOSTILE_NAME = "<b>x</b>{{7*7}}"
"""A name that would become markup or a template expression if it were not escaped."""


def text(indonesian: str, english: str) -> Text:
    """Return a text in both languages."""
    return Text(id=indonesian, en=english)


def finding(
    rule: str,
    outcome: Outcome,
    severity: Severity,
    subject: ResourceRef,
    message: Text,
    *,
    reason: ReasonCode | None = None,
    observed: str = "",
    term: FailedTerm | None = None,
    missing_right: str = "",
    waiver: str = "",
) -> Finding:
    """Return a finding with the reason that goes with its outcome."""
    reasons = {
        Outcome.FAIL: ReasonCode.FAILED,
        Outcome.PASS: ReasonCode.PASSED,
        Outcome.NOT_APPLICABLE: ReasonCode.NOT_APPLICABLE,
        Outcome.MANUAL: ReasonCode.MANUAL,
        Outcome.UNKNOWN: ReasonCode.DENIED,
    }
    return Finding(
        rule=rule,
        outcome=outcome,
        severity=severity,
        subject=subject,
        reason=reason or reasons[outcome],
        message=message,
        observed=observed,
        failed_terms=(term,) if term else (),
        missing_right=missing_right,
        waiver=waiver,
    )


def counts(**given: int) -> dict[str, int]:
    """Return a count for every outcome, zero where none is given."""
    return {outcome.value: given.get(outcome.value, 0) for outcome in Outcome}


def node(name: str) -> ResourceRef:
    """Return a node of the cluster."""
    return ResourceRef(target="okd-utama", kind="kubernetes/v1/Node", name=name)


def deployment(namespace: str, name: str) -> ResourceRef:
    """Return a deployment of the cluster."""
    return ResourceRef(
        target="okd-utama", kind="kubernetes/apps/v1/Deployment", namespace=namespace, name=name
    )


def instance(name: str) -> ResourceRef:
    """Return a PostgreSQL instance, which is a target of its own."""
    return ResourceRef(target=name, kind="postgresql/Instance", name=name)


_RULES: tuple[tuple[str, Text, str, Severity, EvidenceGrade, tuple[str, ...], Text, Text], ...] = (
    (
        "RES-003",
        text(
            "Alamat node berada di jaringan lokasi yang dinyatakan",
            "Node address lies in the network of its declared site",
        ),
        "residency",
        Severity.CRITICAL,
        EvidenceGrade.OBSERVED,
        ("POJK-40-2024/P162", "ISO-27001-2022/A.5.9"),
        text(
            "Setiap alamat internal node termasuk dalam CIDR lokasi yang dinyatakan pada labelnya.",
            "Every internal address of a node lies in a CIDR of the site its label declares.",
        ),
        text(
            "Perbaiki label lokasi node, atau pindahkan node ke jaringan lokasi yang terdaftar.",
            "Correct the node's site label, or move the node into a registered network.",
        ),
    ),
    (
        "PG-010",
        text(
            "Sesi jaringan PostgreSQL memakai TLS",
            "PostgreSQL network sessions use TLS",
        ),
        "database",
        Severity.CRITICAL,
        EvidenceGrade.OBSERVED,
        ("SEOJK-19-2023/ENKRIPSI", "PCI-DSS-4.0.1/4.2.1"),
        text(
            "Tidak ada sesi jaringan tanpa TLS 1.2 atau lebih baru.",
            "No network session without TLS 1.2 or newer.",
        ),
        text(
            "Ganti entri 'host' dengan 'hostssl' pada pg_hba.conf, muat ulang, lalu putuskan sesi "
            "yang masih tanpa TLS.",
            "Replace 'host' entries by 'hostssl' in pg_hba.conf, reload, then end the sessions "
            "that still run without TLS.",
        ),
    ),
    (
        "DEP-004",
        text(
            "Citra kontainer dipatok dengan digest",
            "Container images are pinned by digest",
        ),
        "deployment",
        Severity.HIGH,
        EvidenceGrade.CONFIGURED,
        ("POJK-40-2024/P162", "ISO-27001-2022/A.8.32"),
        text(
            "Setiap citra ditulis dengan '@sha256:'.",
            "Every image is written with '@sha256:'.",
        ),
        text(
            "Tulis digest citra pada manifes; jangan memakai tag yang dapat berpindah.",
            "Write the image digest into the manifest; do not use tags that can move.",
        ),
    ),
    (
        "SEC-021",
        text(
            "Rahasia tidak ditulis sebagai nilai variabel lingkungan",
            "Secrets are not written as environment values",
        ),
        "secrets",
        Severity.MEDIUM,
        EvidenceGrade.OBSERVED,
        ("ISO-27001-2022/A.8.24",),
        text(
            "Variabel lingkungan mengacu ke Secret; nilainya tidak tertulis.",
            "Environment variables refer to a Secret; the value is not written out.",
        ),
        text(
            "Pindahkan nilainya ke Secret dan acu dengan valueFrom.secretKeyRef.",
            "Move the value into a Secret and refer to it by valueFrom.secretKeyRef.",
        ),
    ),
    (
        "CRT-002",
        text(
            "Sertifikat ISO/IEC 27001 berlaku dan mencakup lokasi utama",
            "The ISO/IEC 27001 certificate is valid and covers the primary site",
        ),
        "certificates",
        Severity.HIGH,
        EvidenceGrade.ATTESTED,
        ("POJK-40-2024/P153",),
        text(
            "Sertifikat belum berakhir dan berkasnya cocok dengan digest terdaftar.",
            "The certificate has not expired and its file matches the registered digest.",
        ),
        text(
            "Perbarui sertifikat, daftarkan nomor, tanggal, dan digest berkasnya.",
            "Renew the certificate; register its number, dates and file digest.",
        ),
    ),
    (
        "PG-031",
        text("Jeda replika dalam batas RPO", "Replica lag stays within the RPO"),
        "continuity",
        Severity.HIGH,
        EvidenceGrade.OBSERVED,
        ("SEOJK-19-2023/DRC",),
        text(
            "Jeda pemutaran ulang di lokasi pemulihan tidak melebihi RPO.",
            "Replay lag at the recovery site does not exceed the RPO.",
        ),
        text("Perbaiki jalur replikasi atau sesuaikan RPO.", "Mend replication or revise the RPO."),
    ),
    (
        "LOG-005",
        text("Log disimpan sedikitnya satu tahun", "Logs are kept for at least one year"),
        "logging",
        Severity.MEDIUM,
        EvidenceGrade.TESTED,
        ("PCI-DSS-4.0.1/10.5.1",),
        text(
            "Dokumen tertua berumur sedikitnya 365 hari.",
            "The oldest document is at least 365 days old.",
        ),
        text("Perpanjang retensi indeks.", "Extend the retention of the indices."),
    ),
    (
        "K8S-012",
        text("Node siap dan tidak tertekan", "Nodes are ready and under no pressure"),
        "platform",
        Severity.LOW,
        EvidenceGrade.OBSERVED,
        ("ISO-27001-2022/A.8.6",),
        text("Kondisi Ready bernilai True.", "Condition Ready is True."),
        text("Pulihkan node.", "Restore the node."),
    ),
)


def _findings() -> tuple[Finding, ...]:
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


def _rules(found: tuple[Finding, ...]) -> tuple[RuleResult, ...]:
    order = [Outcome.FAIL, Outcome.UNKNOWN, Outcome.MANUAL, Outcome.PASS, Outcome.NOT_APPLICABLE]
    results = []
    for rule_id, title, theme, severity, grade, controls, expected, remediation in _RULES:
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


def _controls() -> tuple[ControlResult, ...]:
    def control(
        control_id: str,
        title: Text,
        citation: str,
        status: ControlStatus,
        rules: tuple[str, ...],
        *,
        citable: bool = False,
        not_corroborated: bool = False,
    ) -> ControlResult:
        return ControlResult(
            id=control_id,
            document=control_id.split("/", 1)[0],
            title=title,
            citation=citation,
            citable=citable,
            status=status,
            rules=rules,
            not_corroborated=not_corroborated,
        )

    return (
        control(
            "ISO-27001-2022/A.5.9",
            text("Inventaris aset", "Inventory of assets"),
            "ISO/IEC 27001:2022, A.5.9",
            ControlStatus.NOT_SATISFIED,
            ("RES-003",),
            citable=True,
        ),
        control(
            "ISO-27001-2022/A.8.6",
            text("Pengelolaan kapasitas", "Capacity management"),
            "ISO/IEC 27001:2022, A.8.6",
            ControlStatus.UNDETERMINED,
            ("K8S-012",),
            citable=True,
        ),
        control(
            "PCI-DSS-4.0.1/4.2.1",
            text("Kriptografi kuat saat transmisi", "Strong cryptography in transmission"),
            "PCI DSS 4.0.1",
            ControlStatus.NOT_SATISFIED,
            ("PG-010",),
        ),
        control(
            "POJK-40-2024/P153",
            text("Sertifikasi keamanan informasi", "Information security certification"),
            "POJK 40/2024, Pasal 153",
            ControlStatus.NOT_SATISFIED,
            ("CRT-002",),
            citable=True,
        ),
        control(
            "POJK-40-2024/P162",
            text(
                "Pusat data dan pusat pemulihan bencana di Indonesia",
                "Data centre and disaster recovery centre in Indonesia",
            ),
            "POJK 40/2024, Pasal 162",
            ControlStatus.NOT_SATISFIED,
            ("RES-003", "DEP-004"),
            citable=True,
        ),
        control(
            "SEOJK-19-2023/DRC",
            text("Pusat pemulihan bencana", "Disaster recovery centre"),
            "SEOJK 19/2023",
            ControlStatus.SATISFIED,
            ("PG-031",),
            not_corroborated=True,
        ),
        control(
            "SEOJK-19-2023/SUBKON",
            text("Subkontrak ke luar negeri", "Subcontracting abroad"),
            "SEOJK 19/2023",
            ControlStatus.NOT_APPLICABLE,
            ("LOG-005",),
        ),
    )


def _coverage() -> tuple[Coverage, ...]:
    def read(
        target: str,
        kind: str,
        count: int,
        status: CoverageStatus = CoverageStatus.COMPLETE,
        **more: object,
    ) -> Coverage:
        entry = Coverage(
            target=target,
            kind=kind,
            status=status,
            verb="SELECT" if kind.startswith("postgresql") else "LIST",
            count=count,
            read_at=COLLECTED_AT,
            http_status=200 if kind.startswith("kubernetes") else 0,
            requests=1,
        )
        return replace(entry, **more)  # type: ignore[arg-type]

    return (
        read(
            "okd-pulih",
            "kubernetes/apps/v1/Deployment",
            0,
            CoverageStatus.DENIED,
            http_status=403,
            missing_right="list deployments.apps",
            detail="akun 'auditor' tidak boleh mendaftar",
        ),
        read("okd-pulih", "kubernetes/v1/Node", 3),
        read("okd-utama", "kubernetes/apps/v1/Deployment", 42),
        read(
            "okd-utama",
            "kubernetes/security.istio.io/v1/PeerAuthentication",
            0,
            CoverageStatus.ABSENT,
            http_status=404,
        ),
        read("okd-utama", "kubernetes/v1/Node", 7),
        read(
            "okd-utama",
            "kubernetes/v1/Pod",
            480,
            CoverageStatus.PARTIAL,
            detail="halaman 2 dari 5 gagal: waktu habis",
            retries=4,
            requests=9,
        ),
        read("pg-pulih", "postgresql/Instance", 1),
        read("pg-utama", "postgresql/Instance", 1),
        read("register", "register/Attestation", 5),
        read("register", "register/Site", 2),
    )


def _register() -> tuple[RegisterEntry, ...]:
    def entry(
        entry_id: str,
        kind: str,
        number: str,
        until: date | None,
        days: int | None,
        state: str,
        matches: bool | None,
        sites: tuple[str, ...] = ("cikaso",),
    ) -> RegisterEntry:
        return RegisterEntry(
            id=entry_id,
            type=kind,
            holder="PT Dana Contoh Nusantara" if kind != "uptime_tier" else "PT Gardu Data Contoh",
            number=number,
            sites=sites,
            valid_until=until,
            days_left=days,
            state=state,
            file=f"bukti/{entry_id}.pdf" if matches is not None else "",
            file_matches=matches,
        )

    return (
        entry("afpi-2026", "afpi", "AFPI/0421/2026", date(2026, 12, 31), 42, "expiring", None, ()),
        entry("iso27001-cikaso", "iso27001", "IS 700123", date(2026, 10, 31), -20, "expired", True),
        entry("pci-aoc", "pci_aoc", "AOC-2026-18", date(2027, 6, 30), 223, "valid", False),
        entry("pse-komdigi", "pse", "00421.01/DJAI.PSE/2022", None, None, "undated", None, ()),
        entry(
            "tier3-desain",
            "uptime_tier",
            "TCDD-3391",
            date(2028, 3, 14),
            481,
            "valid",
            True,
            ("cikaso", "bukit-tenang"),
        ),
    )


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            name="allowed_countries",
            type="list(string)",
            value=("ID",),
            origin=ParameterOrigin.LAW,
            citation="POJK-40-2024/P162",
            description=text("Negara tempat data boleh berada", "Countries where data may lie"),
        ),
        Parameter(
            name="max_rtt_ms_per_100km",
            type="double",
            value=3.0,
            origin=ParameterOrigin.POLICY,
            citation="ADR-0007",
            description=text(
                "Waktu tempuh terbesar per 100 km, ms", "Longest travel per 100 km, ms"
            ),
        ),
        Parameter(
            name="personal_data_min_retention_days",
            type="int",
            value=1826,
            origin=ParameterOrigin.PROFILE,
            citation="Kebijakan retensi 2026",
            description=text("Retensi data pribadi terpendek, hari", "Shortest retention, days"),
        ),
        Parameter(
            name="require_drill",
            type="bool",
            value=True,
            origin=ParameterOrigin.POLICY,
            citation="ADR-0007",
            description=text("Uji pemulihan wajib", "A recovery drill is required"),
        ),
    )


def _comparison() -> Comparison:
    return Comparison(
        previous_id="20261020T020000Z-5d0c1a9e",
        previous_assessed_at=datetime(2026, 10, 20, 2, 0, tzinfo=UTC),
        counts={
            "new": 1,
            "fixed": 1,
            "still_failing": 2,
            "newly_blind": 1,
            "no_longer_seen": 1,
        },
        changes=(
            Change(
                rule="RES-003", subject=node("pekerja-4"), change="new", before="pass", after="fail"
            ),
            Change(
                rule="PG-031",
                subject=instance("pg-utama"),
                change="fixed",
                before="fail",
                after="pass",
            ),
            Change(
                rule="CRT-002",
                subject=ResourceRef(
                    target="register", kind="register/Attestation", name="iso27001-cikaso"
                ),
                change="still_failing",
                before="fail",
                after="fail",
            ),
            Change(
                rule="PG-010",
                subject=instance("pg-utama"),
                change="still_failing",
                before="fail",
                after="fail",
            ),
            Change(
                rule="PG-010",
                subject=instance("pg-pulih"),
                change="newly_blind",
                before="pass",
                after="unknown",
            ),
            Change(
                rule="DEP-004",
                subject=deployment("pinjaman", "layanan-lama"),
                change="no_longer_seen",
                before="fail",
                after="",
            ),
        ),
        coverage_lost=("okd-pulih kubernetes/apps/v1/Deployment",),
        comparable=text(
            "Katalog berubah dari 0.1.0 ke 0.2.0; dua aturan baru tidak ada pada penilaian lalu.",
            "The catalog changed from 0.1.0 to 0.2.0; two new rules were not judged before.",
        ),
    )


def rich_result() -> AssessmentResult:
    """Return a result with failing, unknown, waived, expired and compared things."""
    found = _findings()
    rules = _rules(found)
    total = counts(**{o.value: sum(r.counts[o.value] for r in rules) for o in Outcome})
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
        rules=rules,
        controls=_controls(),
        findings=found,
        coverage=_coverage(),
        parameters=_parameters(),
        register=_register(),
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
        required_signatures=("entity_seal", "compliance_officer"),
        comparison=_comparison(),
    )
