"""A whole estate on loopback: an API server, two PostgreSQL servers, a register and a signing key.

The cluster's objects are those of the bundled snapshot `compliant`; the databases are made here so
that they comply too. The dates of the register are moved so that they lie around today as those of
the snapshot lie around its own day.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from ojkaudit import engine
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.collectors.postgresql.grants import sql_grants
from ojkaudit.model.evidence import Coverage
from ojkaudit.model.outcome import Outcome
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.assess import AssessOptions, judging_inputs
from ojkaudit.pipeline.bundled import read_platform
from ojkaudit.pipeline.collect import collect
from ojkaudit.pipeline.plan import Plan, make_plan
from ojkaudit.pipeline.world import World, secret_reader
from tests.support.kube_server import ApiType, KubeServer, Rights
from tests.support.needs import ROOT
from tests.support.pki import Issued, Profile, issue, rsa_key
from tests.support.postgres import PostgresPair
from tests.support.postgres.pair import STANDBY_ADDRESS
from tests.support.program import Done, program

COMPLIANT = ROOT / "fixtures" / "snapshots" / "compliant"
AUDITOR = "auditor"
WEAK = "auditor_lemah"
DATABASE = "pinjaman"
CLUSTER, PRIMARY, STANDBY = "okd-utama", "pg-primer", "pg-siaga"

SECRETS = {
    "OJKAUDIT_PG_PASSWORD": "sandi-auditor-uji-2b81",
    "OJKAUDIT_PASSPHRASE": "frasa-kunci-uji-9c40",
}
WEAK_PASSWORD = "sandi-lemah-uji-77d2"

_SCHEMA = """
CREATE EXTENSION pgaudit;
CREATE SCHEMA inti;
CREATE DOMAIN inti.enc_teks AS bytea;
CREATE TABLE inti.nasabah (
    id bigint PRIMARY KEY, nama_lengkap text, nik inti.enc_teks, npwp inti.enc_teks, no_hp text
);
CREATE TABLE inti.provinsi (id int PRIMARY KEY, nama text);
GRANT USAGE ON SCHEMA inti TO baca_tulis_pinjaman;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA inti TO baca_tulis_pinjaman;
"""

Key = tuple[str, str]
"""Rule and label of the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one collection and its judging came to."""

    findings: tuple[Finding, ...]
    coverage: Mapping[tuple[str, str], Coverage]

    def outcomes(self) -> dict[Key, Outcome]:
        """Return the outcome of each rule on each subject."""
        return {(f.rule, f.subject.label()): f.outcome for f in self.findings}

    def of(self, rule: str, target: str = "") -> set[Outcome]:
        """Return the outcomes of one rule, on one target or on all."""
        return {
            f.outcome for f in self.findings if f.rule == rule and target in ("", f.subject.target)
        }


@dataclass(slots=True, kw_only=True)
class Estate:
    """Where everything is."""

    folder: Path
    cluster: KubeServer
    pair: PostgresPair
    config: Path
    root: Path
    """Root certificate to trust."""
    environment: dict[str, str]

    def run(self, *arguments: str | Path, **environment: str) -> Done:
        """Run the program with the estate's secrets; `environment` replaces some."""
        return program(*arguments, env={**self.environment, **environment})

    def audit(self, out: Path, *options: str | Path, config: Path | None = None) -> Done:
        """Run the main job."""
        return self.run("audit", "-c", config or self.config, "--out", out, *options)

    def plan(self, config: Path | None = None) -> Plan:
        """Return what will be read and judged."""
        return make_plan(config or self.config)

    def see(
        self,
        folder: Path,
        *,
        plan: Plan | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Seen:
        """Collect and judge in this process, without a report."""
        plan = plan or self.plan()
        path = folder / "evidence.zip"
        path.unlink(missing_ok=True)
        world = real_world({**self.environment, **(environment or {})})
        coverage = collect(plan, path, world)
        options = AssessOptions(language=plan.config.language, fail_on=plan.config.output.fail_on)
        inputs = judging_inputs(plan, options, world)
        snapshot = ArchiveSnapshot(path)
        try:
            findings = tuple(engine.evaluate(inputs, snapshot))
        finally:
            snapshot.close()
        return Seen(findings=findings, coverage={(c.target, c.kind): c for c in coverage})

    def config_with(self, name: str, **changes: Any) -> Path:
        """Write the configuration beside itself with changes to settings of its targets.

        A change is named `kubernetes` or `postgresql` and holds the settings to replace in every
        target of that family; other names replace top-level sections.
        """
        document = yaml.safe_load(self.config.read_text(encoding="utf-8"))
        for key, value in changes.items():
            if key in ("kubernetes", "postgresql"):
                document["targets"][key] = [entry | value for entry in document["targets"][key]]
            elif value is None:
                document.pop(key)
            else:
                document[key] = value
        path = self.folder / name
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path


def real_world(environment: Mapping[str, str]) -> World:
    """Return the world of this process, silent, with secrets from `environment`."""
    return World(
        clock=lambda: datetime.now(UTC).replace(microsecond=0),
        read_secret=secret_reader(environment),
        collecting=lambda *_: None,
        judging=lambda *_: None,
        stage=lambda _: None,
    )


def compliant_objects() -> list[dict[str, Any]]:
    """Return the objects of the bundled compliant cluster."""
    platform = read_platform("compliant")
    return [dict(p) for ref, p in platform.objects.items() if ref.target == CLUSTER]


def cluster_server(
    objects: Sequence[Mapping[str, object]] | None = None,
    users: Mapping[str, Rights] | None = None,
    types: Sequence[ApiType] = (),
) -> KubeServer:
    """Return a server of the compliant cluster; `auditor` may read all but Secrets."""
    return KubeServer(
        objects=compliant_objects() if objects is None else objects,
        users=users or {AUDITOR: Rights.all_but(("", "secrets", "*"))},
        types=types,
    )


@contextlib.contextmanager
def estate(folder: Path, pair: PostgresPair) -> Iterator[Estate]:
    """Prepare the databases, start the API server and write configuration and key into `folder`."""
    prepare_databases(pair)
    with cluster_server() as cluster:
        config = write_config(folder, cluster, pair)
        root = write_key(folder)
        environment = {**SECRETS, "OJKAUDIT_TOKEN": cluster.token(AUDITOR)}
        yield Estate(
            folder=folder, cluster=cluster, pair=pair, config=config, root=root,
            environment=environment,
        )  # fmt: skip


def prepare_databases(pair: PostgresPair) -> None:
    """Make a lender's database and the audit role with the documented grants, and archive once."""
    pair.create_role("baca_tulis_pinjaman", "sandi-pinjaman-uji")
    pair.create_role("aplikasi", "sandi-aplikasi-uji", member_of=["baca_tulis_pinjaman"])
    pair.create_role(WEAK, WEAK_PASSWORD)
    with pair.primary.connect() as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        # The script that `doctor` and the documentation print, as it is.
        connection.execute(sql_grants(AUDITOR))
        connection.execute(f"ALTER ROLE {AUDITOR} PASSWORD '{SECRETS['OJKAUDIT_PG_PASSWORD']}'")
    with pair.primary.connect(dbname=DATABASE) as connection:
        connection.execute(_SCHEMA)
    archive_now(pair)
    pair.wait_until_caught_up()


def archive_now(pair: PostgresPair) -> None:
    """Let the primary archive a WAL file now."""
    before = pair.execute("SELECT archived_count FROM pg_stat_archiver")[0][0]
    pair.execute("SELECT pg_logical_emit_message(false, 'uji', 'arsip')")
    pair.execute("SELECT pg_switch_wal()")
    wait_for(
        lambda: pair.execute("SELECT archived_count FROM pg_stat_archiver")[0][0] > before,
        "a WAL file is archived",
    )


def wait_for(happened: Any, what: str, timeout_seconds: float = 30) -> None:
    """Wait until `happened()` is true."""
    import time

    deadline = time.monotonic() + timeout_seconds
    while not happened():
        assert time.monotonic() < deadline, f"did not happen in {timeout_seconds} s: {what}"
        time.sleep(0.1)


def write_config(folder: Path, cluster: KubeServer, pair: PostgresPair) -> Path:
    """Write the compliant configuration with live targets, addresses of loopback and dates of now."""
    text = (COMPLIANT / "ojkaudit.yaml").read_text(encoding="utf-8")
    document = moved_dates(yaml.safe_load(text), datetime.now(UTC).date() - date(2026, 11, 20))
    own, other = document["sites"][0], document["sites"][1]
    own["cidrs"] = [*own["cidrs"], "127.0.0.1/32"]
    other["cidrs"] = [*other["cidrs"], f"{STANDBY_ADDRESS}/32"]
    server = {"host": "127.0.0.1", "user": AUDITOR, "password_env": "OJKAUDIT_PG_PASSWORD",
              "sslmode": "verify-full", "sslrootcert": str(pair.certificates.ca)}  # fmt: skip
    document["targets"] = {
        "kubernetes": [
            {"id": CLUSTER, "server": cluster.url, "token_env": "OJKAUDIT_TOKEN",
             "ca_file": str(cluster.ca_file)}
        ],
        "postgresql": [
            {"id": PRIMARY, "port": pair.primary.port, "site": own["id"], **server},
            {"id": STANDBY, "port": pair.standby.port, "site": other["id"], **server},
        ],
    }  # fmt: skip
    document["signing"] = {
        "pkcs12": "segel.p12",
        "passphrase_env": "OJKAUDIT_PASSPHRASE",
        "trust_roots": ["root.pem"],
    }
    shutil.copytree(COMPLIANT / "bukti", folder / "bukti", dirs_exist_ok=True)
    path = folder / "ojkaudit.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def moved_dates(value: Any, by: timedelta) -> Any:
    """Return `value` with every text YYYY-MM-DD in it moved by whole days."""
    if isinstance(value, dict):
        return {key: moved_dates(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [moved_dates(item, by) for item in value]
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return (date.fromisoformat(value) + by).isoformat()
    return value


def signer(name: str = "Segel PT Dana Contoh Nusantara", number: int = 11) -> Issued:
    """Return a signing certificate that is in force today, with its root above it."""
    now = datetime.now(UTC).replace(microsecond=0)
    day = timedelta(days=1)
    root = issue(
        Profile(
            name="Akar Uji Langsung", start=now - day, end=now + 800 * day, authority=True,
            key_usage=("key_cert_sign", "crl_sign"), purposes=(),
        ),
        rsa_key(number),
    )  # fmt: skip
    return issue(
        Profile(name=name, start=now - day, end=now + 400 * day), rsa_key(number + 1), root
    )


def write_key(folder: Path) -> Path:
    """Write a PKCS#12 key under a new root into `folder`; return the root's file."""
    from cryptography.hazmat.primitives.serialization import Encoding

    made = signer()
    (folder / "segel.p12").write_bytes(made.p12(SECRETS["OJKAUDIT_PASSPHRASE"]))
    root = folder / "root.pem"
    root.write_bytes(made.above[-1].public_bytes(Encoding.PEM))
    return root


@contextlib.contextmanager
def app_sessions(made: Estate) -> Iterator[None]:
    """Keep one TLS session of the application open on each server: without any there is no proof."""
    login = {"user": "aplikasi", "password": "sandi-aplikasi-uji", "dbname": DATABASE}
    with made.pair.primary.connect(**login), made.pair.standby.connect(**login):
        yield


def turned(before: Mapping[Key, Outcome], after: Mapping[Key, Outcome]) -> dict[Key, str]:
    """Return what differs: `pass>fail`, `>fail` for a new subject, `pass>` for one that is gone."""
    return {
        key: f"{before.get(key, '')}>{after.get(key, '')}"
        for key in {*before, *after}
        if before.get(key) != after.get(key)
    }
