"""Controls, coverage and parameters of the hand-made result."""

from __future__ import annotations

from dataclasses import replace

from ojkaudit.model.catalog import Parameter
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import (
    ControlStatus,
    CoverageStatus,
    ParameterOrigin,
)
from ojkaudit.model.result import (
    ControlResult,
)
from ojkaudit.model.text import Text
from tests.support.results.parts import (
    COLLECTED_AT,
    text,
)


def controls() -> tuple[ControlResult, ...]:
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


def coverage() -> tuple[Coverage, ...]:
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


def parameters() -> tuple[Parameter, ...]:
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
