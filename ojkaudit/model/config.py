"""`ojkaudit.yaml` after checking: who is audited, what, by which profile, signed with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ojkaudit.model.evidence import Payload
from ojkaudit.model.outcome import Language, Severity, SiteRole
from ojkaudit.model.result import InstitutionInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """Where a secret is to be found; the secret itself is never in the configuration."""

    env: str = ""
    """Name of an environment variable."""
    file: Path | None = None
    """File holding the secret, its last newline dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where data is kept or people work."""

    id: str
    role: SiteRole
    name: str
    address: str
    city: str
    province: str
    postal_code: str
    country: str
    """ISO 3166-1 alpha-2."""
    lat: float | None = None
    """Degrees, WGS 84."""
    lon: float | None = None
    operator: str = ""
    cidrs: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """Node labels that mark a node as lying in this site."""
    extra: Payload = field(default_factory=dict)
    """Further declared facts: utility, flood_zone, seismic_zone, carriers, stretched_l2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesTarget:
    """A cluster."""

    id: str
    site: str = ""
    kubeconfig: Path | None = None
    """None: `KUBECONFIG` or the default file; ignored when `in_cluster`."""
    context: str = ""
    in_cluster: bool = False
    server: str = ""
    """With `token` and `ca_file`: no kubeconfig is read."""
    token: SecretRef | None = None
    ca_file: Path | None = None
    proxy: str = ""
    allow_secrets: bool = False
    timeout_seconds: float = 30.0
    page_size: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresqlTarget:
    """One PostgreSQL server."""

    id: str
    host: str
    port: int = 5432
    dbname: str = "postgres"
    user: str
    password: SecretRef | None = None
    site: str = ""
    sslmode: str = "verify-full"
    sslrootcert: Path | None = None
    sslcert: Path | None = None
    sslkey: Path | None = None
    connect_timeout_seconds: int = 10
    statement_timeout_seconds: int = 30
    environment: str = "production"
    volume_encryption: Payload = field(default_factory=dict)
    """Declared storage facts no SQL can show; used only by rules of grade attested or declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Records kept by people, by collection: `attestations`, `systems`, `dr_tests` and so on.

    Each record is plain JSON data as checked by the register's schema; `base_dir` resolves files.
    """

    base_dir: Path
    records: Mapping[str, tuple[Payload, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Dated, approved acceptance of a failing finding; it annotates, it never changes the outcome."""

    id: str
    rule: str
    subject: str
    """Glob over `target/namespace/name`; `*` for every subject."""
    reason: str
    owner: str
    approver: str
    """Never the owner."""
    ticket: str
    issued: date
    until: date
    """Last valid day, Asia/Jakarta."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The key that seals the reports."""

    kind: str
    """`pkcs12` or `pem`."""
    key_file: Path
    certificate_file: Path | None = None
    chain_files: tuple[Path, ...] = ()
    passphrase: SecretRef | None = None
    trust_roots: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What stops a run and how long it may be."""

    fail_on: Severity = Severity.HIGH
    allow_incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration."""

    file: Path
    institution: InstitutionInfo
    period_from: date
    period_to: date
    language: Language
    profile: str
    """Id of a shipped profile, or a path to a profile file."""
    sites: tuple[Site, ...]
    kubernetes: tuple[KubernetesTarget, ...]
    postgresql: tuple[PostgresqlTarget, ...]
    register: Register
    waivers: tuple[Waiver, ...]
    signing: Signing | None
    output: Output
    rules_dirs: tuple[Path, ...] = ()
    """Folders of the institution's own rules, added to the shipped ones."""
