"""Build the configuration's vocabulary from data that passed every check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ojkaudit.content.config_checks import records_of
from ojkaudit.content.views import mapping
from ojkaudit.model.config import (
    Config,
    KubernetesTarget,
    Output,
    PostgresqlTarget,
    Register,
    SecretRef,
    Signing,
    Site,
    Waiver,
)
from ojkaudit.model.dates import parse_day
from ojkaudit.model.outcome import Language, Severity, SiteRole
from ojkaudit.model.result import InstitutionInfo

DEFAULT_PROFILE = "lpbbti"

_SITE_EXTRAS = ("utility", "flood_zone", "seismic_zone", "carriers", "stretched_l2")
_SITE_TEXTS = ("id", "name", "address", "city", "province", "postal_code", "country")
_KUBERNETES_PLAIN = (
    "id",
    "site",
    "context",
    "in_cluster",
    "server",
    "proxy",
    "allow_secrets",
    "page_size",
)
_POSTGRESQL_PLAIN = (
    "id",
    "host",
    "port",
    "dbname",
    "user",
    "site",
    "sslmode",
    "connect_timeout_seconds",
    "statement_timeout_seconds",
    "environment",
    "volume_encryption",
)

Data = Mapping[str, Any]


def build_config(path: Path, data: Data, registers: tuple[Data, ...]) -> Config:
    """Return the configuration.

    Args:
        path: The configuration file; its folder is where relative paths begin.
        data: The file's content, free of faults.
        registers: Register sections, inline ones and those of the register file.
    """
    base = path.parent
    targets = mapping(data, "targets")
    signing = mapping(data, "signing")
    return Config(
        file=path,
        institution=_institution(data["institution"]),
        period_from=parse_day(data["period"]["from"]),
        period_to=parse_day(data["period"]["to"]),
        language=Language(data.get("language", Language.ID)),
        profile=data.get("profile", DEFAULT_PROFILE),
        sites=tuple(_site(site) for site in records_of(data, ("sites",))),
        kubernetes=tuple(_kubernetes(t, base) for t in records_of(targets, ("kubernetes",))),
        postgresql=tuple(_postgresql(t, base) for t in records_of(targets, ("postgresql",))),
        register=_register(base, registers),
        waivers=tuple(_waiver(waiver) for waiver in records_of(data, ("waivers",))),
        signing=_signing(signing, base) if signing else None,
        output=_output(mapping(data, "output")),
        rules_dirs=tuple(base / name for name in data.get("rules_dirs", [])),
    )


def _institution(data: Data) -> InstitutionInfo:
    licence = data["licence"]
    return InstitutionInfo(
        name=data["name"],
        licence_number=licence["number"],
        licence_date=parse_day(licence["date"]) if "date" in licence else None,
        afpi_member=data.get("afpi_member", ""),
        pse_registration=data.get("pse_registration", ""),
        total_assets_idr=data["total_assets_idr"],
        business_mostly_by_it=data["business_mostly_by_it"],
    )


def _site(data: Data) -> Site:
    coordinates = mapping(data, "coordinates")
    return Site(
        **{key: data[key] for key in _SITE_TEXTS},
        role=SiteRole(data["role"]),
        lat=float(coordinates["lat"]) if coordinates else None,
        lon=float(coordinates["lon"]) if coordinates else None,
        operator=data.get("operator", ""),
        cidrs=tuple(data.get("cidrs", [])),
        labels=dict(data.get("labels", {})),
        extra={key: data[key] for key in _SITE_EXTRAS if key in data},
    )


def _kubernetes(data: Data, base: Path) -> KubernetesTarget:
    return KubernetesTarget(
        **{key: data[key] for key in _KUBERNETES_PLAIN if key in data},
        kubeconfig=_path(data, "kubeconfig", base),
        token=_secret(data, "token", base),
        ca_file=_path(data, "ca_file", base),
        timeout_seconds=float(data.get("timeout_seconds", 30.0)),
    )


def _postgresql(data: Data, base: Path) -> PostgresqlTarget:
    return PostgresqlTarget(
        **{key: data[key] for key in _POSTGRESQL_PLAIN if key in data},
        password=_secret(data, "password", base),
        sslrootcert=_path(data, "sslrootcert", base),
        sslcert=_path(data, "sslcert", base),
        sslkey=_path(data, "sslkey", base),
    )


def _register(base: Path, sections: tuple[Data, ...]) -> Register:
    # A section that is present but empty stays, as an empty tuple: that is a statement, and differs
    # from a section nobody wrote.
    merged = {name: tuple(entries) for section in sections for name, entries in section.items()}
    return Register(base_dir=base, records=merged)


def _waiver(data: Data) -> Waiver:
    days = {key: parse_day(data[key]) for key in ("issued", "until")}
    return Waiver(**{**data, **days})


def _signing(data: Data, base: Path) -> Signing:
    pem = mapping(data, "pem")
    return Signing(
        kind="pem" if pem else "pkcs12",
        key_file=base / (pem["key"] if pem else data["pkcs12"]),
        certificate_file=base / pem["certificate"] if pem else None,
        chain_files=tuple(base / name for name in data.get("chain", [])),
        passphrase=_secret(data, "passphrase", base),
        trust_roots=tuple(base / name for name in data.get("trust_roots", [])),
    )


def _output(data: Data) -> Output:
    return Output(
        fail_on=Severity(data.get("fail_on", Severity.HIGH)),
        allow_incomplete=data.get("allow_incomplete", False),
    )


def _secret(data: Data, name: str, base: Path) -> SecretRef | None:
    if f"{name}_env" in data:
        return SecretRef(env=data[f"{name}_env"])
    file = _path(data, f"{name}_file", base)
    return SecretRef(file=file) if file else None


def _path(data: Data, key: str, base: Path) -> Path | None:
    return base / data[key] if key in data else None
