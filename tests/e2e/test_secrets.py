"""Secrets planted everywhere a run looks are found in nothing it writes."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.kube_server import KubeServer, Rights
from tests.support.live import (
    AUDITOR,
    DATABASE,
    SECRETS,
    Estate,
    cluster_server,
    compliant_objects,
)
from tests.support.program import Done
from tests.support.scanning import found, texts

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("postgres")]

PLANTED = {
    "secret data": "rahasia-objek-4b71d0c2",
    "secret annotation": "rahasia-catatan-91ee07aa",
    "env literal": "rahasia-lingkungan-63f0b1d8",
    "url in env": "rahasia-url-7d25c9e4",
    "argument": "rahasia-argumen-0ac41f77",
    "last applied": "rahasia-terakhir-58b3d6e0",
    "log output url": "rahasia-log-2f90c7b6",
    "service entry": "rahasia-entri-c4d81e35",
    "subscription": "rahasia-langganan-a07e52f9",
    "archive command": "rahasia-arsip-e6b4093d",
    "role setting": "rahasia-setelan-19c7d80b",
    "user mapping": "rahasia-pemetaan-b25a4e61",
    "row": "3174019912345678",
    "comment": "3275028812345678",
}
MARKER = "penanda-yang-boleh-terlihat"

READS_SECRETS = """\
id: UJI-001
title: {id: Rahasia dibaca, en: Secrets are read}
severity: low
severity_reason: {id: Uji., en: Test.}
evidence_grade: observed
controls: [ISO-27001-2022/A.8.24]
subject: kubernetes/v1/Secret
pass: object.metadata.name == 'tidak-ada'
observed: object.metadata.name
expected: {id: Tipe lain., en: Another type.}
on_empty: fail
contexts: [live]
remediation: {id: Ubah., en: Change.}
since: 0.1.0
"""


def planted_objects() -> list[dict[str, Any]]:
    """Return the compliant cluster with secrets where careless people put them."""
    objects = compliant_objects()
    for item in objects:
        if item["kind"] == "ClusterLogForwarder":
            item["spec"] = json.loads(json.dumps(item["spec"]))
            item["spec"]["outputs"].append(
                {
                    "name": "luar", "type": "http",
                    "http": {"url": f"https://log:{PLANTED['log output url']}@log.example/x"},
                }
            )  # fmt: skip
    encoded = base64.b64encode(PLANTED["secret data"].encode()).decode()
    applied = {
        "kind": "Deployment",
        "spec": {"env": [{"name": "X_PASSWORD", "value": PLANTED["last applied"]}]},
    }
    container = {
        "name": MARKER,
        "image": "registry.example/aplikasi@sha256:" + "a" * 64,
        "args": [f"--password={PLANTED['argument']}"],
        "env": [
            {"name": "DB_PASSWORD", "value": PLANTED["env literal"]},
            {"name": "DATABASE_URL", "value": f"postgres://u:{PLANTED['url in env']}@pg/x"},
        ],
        "securityContext": {"privileged": True},
    }
    return [
        *objects,
        {
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": {
                "name": "kredensial", "namespace": "pinjaman",
                "annotations": {"catatan": PLANTED["secret annotation"]},
            },
            "data": {"kata-sandi": encoded},
        },
        {
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {
                "name": MARKER, "namespace": "pinjaman",
                "annotations": {
                    "kubectl.kubernetes.io/last-applied-configuration": json.dumps(applied)
                },
            },
            "spec": {
                "replicas": 1, "selector": {"matchLabels": {"app": "x"}},
                "template": {"metadata": {"labels": {"app": "x"}},
                             "spec": {"containers": [container]}},
            },
        },
        {
            "apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry",
            "metadata": {"name": MARKER, "namespace": "pinjaman"},
            "spec": {
                "hosts": [f"https://u:{PLANTED['service entry']}@luar.example"],
                "location": "MESH_EXTERNAL",
            },
        },
    ]  # fmt: skip


@contextlib.contextmanager
def planted_databases(estate: Estate) -> Iterator[None]:
    """Put secrets and personal data into the databases, and take them out again."""
    server = estate.pair.primary
    archive = server.settings["archive_command"]
    server.reload(
        {"archive_command": f"PGPASSWORD={PLANTED['archive command']} cp %p {estate.folder}/%f"}
    )
    with server.connect(dbname=DATABASE) as connection:
        for statement in (
            f"INSERT INTO inti.nasabah (id, nama_lengkap) VALUES (1, '{PLANTED['row']}')",  # noqa: S608 - a fixture's own words
            "ANALYZE inti.nasabah",
            f"COMMENT ON COLUMN inti.nasabah.nik IS 'NIK mis. {PLANTED['comment']}'",
            f"ALTER ROLE aplikasi SET app.token = '{PLANTED['role setting']}'",
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER skor FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '203.0.113.7')",
            "CREATE USER MAPPING FOR aplikasi SERVER skor"
            f" OPTIONS (user 'u', password '{PLANTED['user mapping']}')",
            "CREATE SUBSCRIPTION masuk CONNECTION"
            f" 'host=203.0.113.9 dbname=x user=u password={PLANTED['subscription']}'"
            " PUBLICATION keluar WITH (connect = false, enabled = false, slot_name = NONE)",
        ):
            connection.execute(statement)
        try:
            estate.pair.wait_until_caught_up()
            yield
        finally:
            for statement in (
                "DROP SUBSCRIPTION masuk",
                "DROP EXTENSION postgres_fdw CASCADE",
                "ALTER ROLE aplikasi RESET app.token",
                "COMMENT ON COLUMN inti.nasabah.nik IS NULL",
                "DELETE FROM inti.nasabah",
            ):
                connection.execute(statement)
            server.reload({"archive_command": archive})
            estate.pair.wait_until_caught_up()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A sealed run over planted secrets."""

    done: Done
    secrets: dict[str, str]
    server: KubeServer


@pytest.fixture(scope="module")
def planted(live_estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    rules = folder / "aturan" / "uji"
    rules.mkdir(parents=True)
    (rules / "UJI-001.yaml").write_text(READS_SECRETS, encoding="utf-8")
    server = cluster_server(planted_objects(), users={AUDITOR: Rights.all()})
    with server, planted_databases(live_estate):
        config = live_estate.config_with(
            "tertanam.yaml",
            kubernetes={
                "server": server.url, "ca_file": str(server.ca_file), "allow_secrets": True
            },
        )  # fmt: skip
        secrets = {**PLANTED, **SECRETS, "token": server.token(AUDITOR)}
        done = live_estate.run(
            "audit", "-c", config, "--out", folder / "runs", "--rules", rules.parent,
            OJKAUDIT_TOKEN=server.token(AUDITOR),
        )  # fmt: skip
        yield Planted(done=done, secrets=secrets, server=server)


def test_the_run_read_where_the_secrets_lie(planted: Planted) -> None:
    assert planted.done.code == 1, planted.done.err
    assert [r for r in planted.server.requests if r.path.startswith("/api/v1/secrets")]
    result = json.loads((planted.done.run_folder / "result.json").read_bytes())
    read = {c["kind"]: c for c in result["coverage"] if c["status"] == "complete"}
    assert read["kubernetes/v1/Secret"]["count"] >= 1
    outcomes = {(f["rule"], f["subject"]["name"]): f["outcome"] for f in result["findings"]}
    assert outcomes["UJI-001", "kredensial"] == "fail"
    assert outcomes["WRK-002", MARKER] == "fail"
    redacted = [path for c in result["coverage"] for path in c["redactions"]]
    assert any(MARKER in path and "last-applied" in path for path in redacted)


@pytest.mark.parametrize(
    "name",
    ["result.json", "evidence.zip", "findings.jsonl.zst", "report.pdf", "report.html"],
)
def test_the_search_finds_what_may_be_seen(planted: Planted, name: str) -> None:
    """Else a search that finds no secret would prove nothing."""
    layers = list(texts(planted.done.run_folder / name))
    assert found([MARKER], layers) or found([MARKER[:20]], layers)


def test_no_output_holds_a_planted_secret(planted: Planted) -> None:
    values = planted.secrets.values()
    assert found(values, texts(planted.done.run_folder)) == {}
    streams = [("stdout", planted.done.out.encode()), ("stderr", planted.done.err.encode())]
    assert found(values, streams) == {}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("OJKAUDIT_PG_PASSWORD", "sandi-salah-d20f4c81"),
        ("OJKAUDIT_TOKEN", "token-salah-5e7b90a3"),
        ("OJKAUDIT_PASSPHRASE", "frasa-salah-81c6fd27"),
    ],
)
@pytest.mark.parametrize("command", ["doctor", "collect"])
def test_no_message_about_a_wrong_secret_holds_it(
    command: str, name: str, wrong: str, live_estate: Estate, tmp_path: Path
) -> None:
    extra = ["--out", tmp_path / "e.zip"] if command == "collect" else []
    done = live_estate.run(command, "-c", live_estate.config, *extra, **{name: wrong})
    words = [wrong, *live_estate.environment.values()]
    assert found(words, [("stdout", done.out.encode()), ("stderr", done.err.encode())]) == {}
    if command == "doctor":
        assert done.code == 5
    else:
        # The passphrase is not needed for collecting; what a wrong one reads is unknown, not empty.
        assert done.code == 0, done.err
        assert found(words, texts(tmp_path)) == {}


def test_a_wrong_passphrase_ends_an_audit_before_anything_is_read(
    live_estate: Estate, tmp_path: Path
) -> None:
    before = len(live_estate.cluster.requests)
    wrong = "frasa-salah-81c6fd27"
    done = live_estate.audit(tmp_path / "runs")
    assert done.code in (1, 3)
    after = len(live_estate.cluster.requests)
    assert after > before
    done = live_estate.run(
        "audit", "-c", live_estate.config, "--out", tmp_path / "runs", OJKAUDIT_PASSPHRASE=wrong
    )
    assert done.code == 5
    assert len(live_estate.cluster.requests) == after
    assert found([wrong, *SECRETS.values()], [("stderr", done.err.encode())]) == {}


@pytest.mark.parametrize(
    ("family", "changes"),
    [
        ("postgresql", {"password": "sandi-sebaris-3c9a"}),
        ("postgresql", {"host": "postgresql://auditor:sandi-sebaris-3c9a@127.0.0.1/x"}),
        ("kubernetes", {"token": "sandi-sebaris-3c9a"}),
        ("kubernetes", {"server": "https://auditor:sandi-sebaris-3c9a@127.0.0.1:6443"}),
        ("kubernetes", {"proxy": "http://auditor:sandi-sebaris-3c9a@127.0.0.1:3128"}),
    ],
)
def test_a_secret_in_the_configuration_is_refused_and_not_repeated(
    family: str, changes: dict[str, str], live_estate: Estate, tmp_path: Path
) -> None:
    config = live_estate.config_with("sebaris.yaml", **{family: changes})
    done = live_estate.run("collect", "-c", config, "--out", tmp_path / "e.zip")
    assert done.code == 5, done.err
    assert found(["sandi-sebaris-3c9a"], [("stderr", (done.out + done.err).encode())]) == {}
    assert "sebaris.yaml:" in done.err
