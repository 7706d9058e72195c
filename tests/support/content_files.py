"""Write small configurations, catalogs and cases for tests of the content room."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

CONFIG: Mapping[str, Any] = {
    "institution": {
        "name": "PT Dana Contoh Nusantara",
        "licence": {"number": "KEP-1/D.05/2021", "date": "2021-03-01"},
        "total_assets_idr": 250_000_000_000,
        "business_mostly_by_it": True,
    },
    "period": {"from": "2026-10-01", "to": "2026-10-31"},
    "sites": [
        {
            "id": "cikaso",
            "role": "primary",
            "name": "Pusat Data Cikaso",
            "address": "Jalan Contoh 1",
            "city": "Kota Contoh",
            "province": "Jawa Barat",
            "postal_code": "40100",
            "country": "ID",
            "cidrs": ["10.10.0.0/16", "fd00:10::/48"],
        },
        {
            "id": "bukit-tenang",
            "role": "recovery",
            "name": "Bukit Tenang",
            "address": "Jalan Contoh 2",
            "city": "Kota Lain",
            "province": "Jawa Timur",
            "postal_code": "60100",
            "country": "ID",
            "cidrs": ["10.20.0.0/16"],
        },
    ],
    "targets": {
        "kubernetes": [{"id": "klaster", "site": "cikaso", "kubeconfig": "kubeconfig"}],
        "postgresql": [
            {"id": "pg", "host": "10.10.1.1", "user": "ojkaudit", "password_env": "PG_PASSWORD"}
        ],
    },
}

RULE: Mapping[str, Any] = {
    "id": "TST-001",
    "title": {"id": "Node punya label", "en": "Node has a label"},
    "severity": "high",
    "severity_reason": {"id": "Karena perlu.", "en": "Because it is needed."},
    "evidence_grade": "configured",
    "controls": ["DOC-1/P1"],
    "subject": "kubernetes/v1/Node",
    "pass": "has(object.metadata.labels)",
    "expected": {"id": "Ada label.", "en": "There is a label."},
    "on_empty": "fail",
    "contexts": ["live"],
    "remediation": {"id": "Beri label.", "en": "Add a label."},
    "since": "0.1.0",
}

DOCUMENT: Mapping[str, Any] = {
    "id": "DOC-1",
    "title": {"id": "Dokumen uji", "en": "Test document"},
    "issuer": "Penerbit Contoh",
    "in_force_from": "2024-01-01",
    "controls": [
        {
            "id": "DOC-1/P1",
            "title": {"id": "Kewajiban", "en": "Duty"},
            "article": "Pasal 1",
            "citable": True,
            "confidence": "text seen",
        }
    ],
}

PARAMETERS: Mapping[str, Any] = {
    "parameters": [
        {
            "name": "min_replicas",
            "type": "int",
            "value": 2,
            "origin": "policy",
            "citation": "ADR 1",
            "description": {"id": "Jumlah replika", "en": "Number of replicas"},
        },
        {
            "name": "max_rtt",
            "type": "double",
            "value": 3,
            "origin": "policy",
            "citation": "ADR 1",
            "description": {"id": "Waktu tempuh", "en": "Round trip"},
        },
        {
            "name": "allowed_countries",
            "type": "list(string)",
            "value": ["ID"],
            "origin": "law",
            "citation": "DOC-1/P1",
            "description": {"id": "Negara", "en": "Countries"},
        },
    ]
}

REGIONS: Mapping[str, Any] = {
    "regions": [{"provider": "cloud-a", "region": "barat-1", "country": "ID"}],
    "hosts": [
        {"pattern": r".*\.([a-z]+-\d)\.cloud-a\.example", "provider": "cloud-a", "region_group": 1},
        {"pattern": r".*\.jauh\.example", "country": "SG"},
    ],
}

PROFILE: Mapping[str, Any] = {"id": "all", "title": {"id": "Semua aturan", "en": "All rules"}}

CASES: Mapping[str, Any] = {
    "rule": "TST-001",
    "cases": [
        {
            "name": "with a label",
            "expect": "pass",
            "evidence": {"kubernetes/v1/Node": [{"metadata": {"labels": {"a": "b"}}}]},
        },
        {
            "name": "without labels",
            "expect": "fail",
            "evidence": {"kubernetes/v1/Node": [{"metadata": {}}]},
        },
    ],
}


def changed(data: Mapping[str, Any], *changes: tuple[tuple[str | int, ...], object]) -> Any:
    """Return a copy with the value at each path set; `...` as the value removes the key."""
    copy: Any = deepcopy(dict(data))
    for path, value in changes:
        holder = copy
        for step in path[:-1]:
            holder = holder[step]
        if value is ...:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
    return copy


def write(path: Path, data: object) -> Path:
    """Write the data as YAML, keys in their order, one key a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)
    path.write_text(text, encoding="utf-8")
    return path


def write_catalog(
    folder: Path,
    *rules: Mapping[str, Any],
    documents: tuple[Mapping[str, Any], ...] = (DOCUMENT,),
    parameters: Mapping[str, Any] = PARAMETERS,
    regions: Mapping[str, Any] = REGIONS,
) -> Path:
    """Write a rules folder; rules stand under the theme `uji`."""
    write(folder / "catalog.yaml", {"version": "0.1.0"})
    write(folder / "parameters.yaml", parameters)
    write(folder / "regions.yaml", regions)
    (folder / "documents").mkdir()
    for document in documents:
        write(folder / "documents" / f"{document['id']}.yaml", document)
    for rule in rules:
        write(folder / "uji" / f"{rule['id']}.yaml", rule)
    return folder


def line_of(path: Path, text: str, *, last: bool = False) -> int:
    """Return the 1-based line of the first (or last) line that contains the text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, start=1) if text in line]
    assert found, f"{text!r} stands nowhere in {path}"
    return found[-1] if last else found[0]
