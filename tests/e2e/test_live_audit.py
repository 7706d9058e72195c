"""The main job on live servers, and what it says when their state changes for real."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ojkaudit.model.outcome import Outcome
from ojkaudit.pipeline.bundled import read_platform
from tests.support.kube_server import Fault
from tests.support.live import (
    CLUSTER,
    DATABASE,
    PRIMARY,
    SECRETS,
    STANDBY,
    Estate,
    Key,
    Seen,
    app_sessions,
    archive_now,
    compliant_objects,
    turned,
    wait_for,
)
from tests.support.needs import need, need_program
from tests.support.platforms import judge, plan_of
from tests.support.postgres.pair import HBA
from tests.support.postgres.relay import Relay
from tests.support.program import Done, program

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("postgres")]

RUN_FILES = {
    "result.json", "findings.jsonl.zst", "evidence.zip", "report.pdf", "report.html",
    "result.json.p7s", "SHA256SUMS", "SHA256SUMS.p7s", "VERIFIKASI.txt",
}  # fmt: skip

# Rule: outcome on the primary, outcome on the standby, why.
EXPECTED = {
    "ACC-009": ("pass", "pass", "every verifier and every line of pg_hba.conf is SCRAM"),
    "ACC-010": ("pass", "pass", "only postgres is superuser; replikasi can but replicate"),
    "AUD-003": ("pass", "pass", "pgaudit is preloaded, created where nik lies, and logs reads"),
    "AUD-004": ("pass", "pass", "no role or database has settings of its own"),
    "BAK-007": ("pass", "not_applicable", "a WAL file was just archived; a standby archives none"),
    "BAK-011": ("pass", "pass", "initdb --data-checksums, none failed"),
    "DR-003": ("pass", "not_applicable", "the standby streams from an address of the other site"),
    "DR-004": ("pass", "not_applicable", "it has caught up"),
    "DR-005": ("pass", "not_applicable", "its slot is active; the standby has no slot"),
    "ENC-009": ("pass", "pass", "the register attests encrypted disks for both sites"),
    "LOG-006": ("pass", "pass", "connections, disconnections and DDL are logged"),
    "PDP-002": ("pass", "pass", "nik and npwp are of an encrypted domain"),
    "PDP-005": ("pass", "pass", "only roles of the register read the table"),
    "RES-015": ("pass", "pass", "wal_level is logical, but nobody replicates logically"),
    "RES-016": ("unknown", "not_applicable", "127.0.0.2 is in no country"),
    "TLS-001": ("pass", "pass", "ssl is on, from TLS 1.2"),
    "TLS-002": ("pass", "pass", "every network line of pg_hba.conf is hostssl"),
    "TLS-004": ("pass", "pass", "the application's sessions use TLS 1.3"),
    "TLS-005": ("pass", "pass", "the WAL receiver uses verify-full"),
}


@pytest.fixture(scope="module")
def baseline(live_estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    archive_now(live_estate.pair)
    with app_sessions(live_estate):
        return live_estate.see(tmp_path_factory.mktemp("baseline"))


@pytest.fixture(scope="module")
def sealed(live_estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Done:
    archive_now(live_estate.pair)
    with app_sessions(live_estate):
        return live_estate.audit(tmp_path_factory.mktemp("runs"), "--lang", "en")


# The state as it should be


def test_databases_are_judged_as_expected(baseline: Seen) -> None:
    for rule, (primary, standby, why) in EXPECTED.items():
        assert baseline.of(rule, PRIMARY) == {Outcome(primary)}, (rule, why)
        assert baseline.of(rule, STANDBY) == {Outcome(standby)}, (rule, why)
    judged = {f.rule for f in baseline.findings if f.subject.target in (PRIMARY, STANDBY)}
    assert judged == set(EXPECTED)


def test_cluster_and_register_are_judged_as_in_the_bundled_snapshot(
    baseline: Seen, tmp_path: Path
) -> None:
    """The same objects, once read from the wire and once from files, give the same findings."""
    platform = read_platform("compliant")
    bundled = {
        (f.rule, f.subject.label()): f.outcome
        for f in judge(platform, plan_of(platform), tmp_path)
        if f.subject.target not in (PRIMARY, STANDBY)
    }
    live = {
        (f.rule, f.subject.label()): f.outcome
        for f in baseline.findings
        if f.subject.target not in (PRIMARY, STANDBY)
    }
    assert turned(bundled, live) == {}
    assert sum(outcome is Outcome.PASS for outcome in live.values()) > 100


def test_only_reading_requests_reach_the_cluster(live_estate: Estate, baseline: Seen) -> None:
    assert baseline.findings
    assert live_estate.cluster.requests
    assert live_estate.cluster.mutations() == []
    assert not [r for r in live_estate.cluster.requests if "/secrets" in r.path]


# The run folder


def test_run_is_incomplete_for_what_nobody_could_know(sealed: Done) -> None:
    assert sealed.code == 3, sealed.err
    result = json.loads((sealed.run_folder / "result.json").read_bytes())
    outcomes = {(f["rule"], f["subject"]["target"]): f["outcome"] for f in result["findings"]}
    judged = {key: value for key, value in outcomes.items() if value != "not_applicable"}
    assert judged == {("RES-016", PRIMARY): "unknown"}
    assert result["verdict"]["status"] == "incomplete"
    assert result["demonstration"] is False


def test_run_folder_holds_exactly_its_files(sealed: Done) -> None:
    assert {path.name for path in sealed.run_folder.iterdir()} == RUN_FILES
    assert not [p for p in sealed.run_folder.parent.iterdir() if p != sealed.run_folder]


def test_run_verifies_and_replays_under_its_root_alone(
    sealed: Done, live_estate: Estate, tmp_path: Path
) -> None:
    done = program("verify", sealed.run_folder, "--trust", live_estate.root, "--replay")
    assert done.code == 0, done.out
    assert done.out.splitlines()[-1] == "SAH"
    none = {"XDG_CONFIG_HOME": str(tmp_path)}
    undecided = program("verify", sealed.run_folder, "--replay", env=none)
    assert undecided.code == 3
    assert undecided.out.splitlines()[-1] == "TIDAK DAPAT DIPASTIKAN"


@pytest.mark.parametrize(("name", "code"), [("result.json", 0), ("report.html", 4)])
def test_openssl_alone_verifies_the_result(
    sealed: Done, live_estate: Estate, name: str, code: int
) -> None:
    done = subprocess.run(
        [
            need_program("openssl", "openssl"), "cms", "-verify", "-binary", "-purpose", "any",
            "-inform", "DER", "-in", str(sealed.run_folder / "result.json.p7s"),
            "-content", str(sealed.run_folder / name), "-CAfile", str(live_estate.root),
            "-no-CApath", "-no-CAstore", "-out", "/dev/null",
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr


def test_pdfsig_finds_the_whole_document_signed(sealed: Done) -> None:
    done = subprocess.run(
        [need_program("pdfsig", "poppler-utils"), "-nocert", str(sealed.run_folder / "report.pdf")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout
    assert "Not total document signed" not in done.stdout


def test_pdf_embeds_the_result(sealed: Done, tmp_path: Path) -> None:
    pdf, out = sealed.run_folder / "report.pdf", tmp_path / "embedded.json"
    subprocess.run(
        [need_program("pdfdetach", "poppler-utils"), "-save", "1", "-o", str(out), str(pdf)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert out.read_bytes() == (sealed.run_folder / "result.json").read_bytes()


def test_exit_code_0_when_a_profile_leaves_the_unknowable_out(
    live_estate: Estate, tmp_path: Path
) -> None:
    profile = tmp_path / "tanpa-negara.yaml"
    profile.write_text(
        "id: tanpa-negara\ntitle: {id: Uji, en: Test}\nexclude: [RES-016]\n"
        "exclude_rationale: Alamat loopback tidak berada di negara mana pun.\n",
        encoding="utf-8",
    )
    archive_now(live_estate.pair)
    with app_sessions(live_estate):
        done = live_estate.audit(tmp_path / "runs", "--no-seal", "--profile", profile)
    assert done.code == 0, done.err


# The state changed for real

CHANGES: dict[str, tuple[Callable[[Estate], Any], dict[Key, str]]] = {}
"""By name: a context manager that changes the state and puts it back, and what must turn."""


def on(target: str) -> str:
    return f"{target}: Instance {target}"


def change(**expected: str) -> Callable[[Callable[[Estate], Iterator[None]]], None]:
    """Register a change; `expected` is RULE_ID="target outcome>outcome, ..." with - as _."""

    def register(function: Callable[[Estate], Iterator[None]]) -> None:
        wanted: dict[Key, str] = {}
        for rule, places in expected.items():
            for place in places.split(", "):
                target, outcomes = place.split(" ")
                wanted[rule.replace("_", "-"), on(target)] = outcomes
        CHANGES[function.__name__] = (contextlib.contextmanager(function), wanted)

    return register


@contextlib.contextmanager
def sql(estate: Estate, do: str, undo: str, dbname: str = "postgres") -> Iterator[None]:
    with estate.pair.primary.connect(dbname=dbname) as connection:
        connection.execute(do)
        try:
            estate.pair.wait_until_caught_up()
            yield
        finally:
            connection.execute(undo)
            estate.pair.wait_until_caught_up()


@contextlib.contextmanager
def setting(estate: Estate, name: str, value: str) -> Iterator[None]:
    server = estate.pair.primary
    before = server.settings.get(name, "")
    server.reload({name: value})
    wait_for(lambda: server.execute(f"SHOW {name}") == [(value,)], f"{name} = {value}")  # type: ignore[arg-type]
    try:
        yield
    finally:
        server.reload({name: before})
        wait_for(lambda: server.execute(f"SHOW {name}") != [(value,)], f"{name} is back")  # type: ignore[arg-type]


@contextlib.contextmanager
def hba_line(estate: Estate, line: str) -> Iterator[None]:
    server = estate.pair.primary
    count = "SELECT count(*) FROM pg_hba_file_rules"
    loaded = "SELECT pg_conf_load_time()"
    for text in (HBA + line + "\n", HBA):
        before = server.execute(loaded)
        server.write_hba(text)
        server.reload()
        wait_for(lambda before=before: server.execute(loaded) != before, "pg_hba.conf is loaded")
        assert server.execute(count) == [(len(text.splitlines()),)]
        if text != HBA:
            try:
                yield
            finally:
                server.write_hba(HBA)


@change(AUD_004=f"{PRIMARY} pass>fail, {STANDBY} pass>fail")
def auditing_is_silenced_for_one_role(estate: Estate) -> Iterator[None]:
    with sql(
        estate,
        "ALTER ROLE aplikasi SET pgaudit.log = 'none'",
        "ALTER ROLE aplikasi RESET pgaudit.log",
    ):
        yield


@change(BAK_007=f"{PRIMARY} pass>fail")
def archiving_is_silenced(estate: Estate) -> Iterator[None]:
    with setting(estate, "archive_command", "/bin/true"):
        yield


@change(LOG_006=f"{PRIMARY} pass>fail")
def disconnections_are_no_longer_logged(estate: Estate) -> Iterator[None]:
    with setting(estate, "log_disconnections", "off"):
        yield


@change(TLS_001=f"{PRIMARY} pass>fail")
def old_tls_is_allowed(estate: Estate) -> Iterator[None]:
    with setting(estate, "ssl_min_protocol_version", "TLSv1.1"):
        yield


@change(AUD_003=f"{PRIMARY} pass>fail")
def reads_are_no_longer_audited(estate: Estate) -> Iterator[None]:
    with setting(estate, "pgaudit.log", "ddl,role,write"):
        yield


@change(PDP_005=f"{PRIMARY} pass>fail, {STANDBY} pass>fail")
def everybody_may_read_the_borrowers(estate: Estate) -> Iterator[None]:
    with sql(
        estate,
        "GRANT SELECT ON inti.nasabah TO PUBLIC",
        "REVOKE SELECT ON inti.nasabah FROM PUBLIC",
        DATABASE,
    ):
        yield


@change(PDP_002=f"{PRIMARY} pass>fail, {STANDBY} pass>fail")
def an_identity_number_is_kept_in_clear(estate: Estate) -> Iterator[None]:
    with sql(
        estate,
        "ALTER TABLE inti.nasabah ADD COLUMN nomor_ktp text",
        "ALTER TABLE inti.nasabah DROP COLUMN nomor_ktp",
        DATABASE,
    ):
        yield


@change(ACC_010=f"{PRIMARY} pass>fail, {STANDBY} pass>fail")
def the_application_becomes_superuser(estate: Estate) -> Iterator[None]:
    with sql(estate, "ALTER ROLE aplikasi SUPERUSER", "ALTER ROLE aplikasi NOSUPERUSER"):
        yield


@change(ACC_009=f"{PRIMARY} pass>fail, {STANDBY} pass>fail")
def a_password_is_stored_as_md5(estate: Estate) -> Iterator[None]:
    with sql(
        estate,
        "SET password_encryption = md5; CREATE ROLE lama LOGIN PASSWORD 'sandi-lama-uji'",
        "DROP ROLE lama",
    ):
        yield


@change(TLS_002=f"{PRIMARY} pass>fail")
def clear_text_is_let_in(estate: Estate) -> Iterator[None]:
    with hba_line(estate, "host all aplikasi 10.0.0.0/8 scram-sha-256"):
        yield


@change(TLS_002=f"{PRIMARY} pass>fail", ACC_009=f"{PRIMARY} pass>fail")
def anybody_is_trusted(estate: Estate) -> Iterator[None]:
    with hba_line(estate, "host all all 10.20.0.0/16 trust"):
        yield


@change(TLS_002=f"{PRIMARY} pass>fail", TLS_004=f"{PRIMARY} pass>fail")
def an_application_talks_in_clear(estate: Estate) -> Iterator[None]:
    address = own_address()
    with (
        hba_line(estate, f"hostnossl all aplikasi {address}/32 scram-sha-256"),
        contextlib.closing(Relay(port=estate.pair.primary.port, source_address=address)) as relay,
    ):
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=relay.port, user="aplikasi", password="sandi-aplikasi-uji",
            dbname=DATABASE, sslmode="disable",
        ):  # fmt: skip
            yield


def own_address() -> str:
    """Return an address of this machine that is not loopback; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
            address = str(probe.getsockname()[0])
        except OSError:
            address = ""
    need(address and not address.startswith("127."), "a network interface besides loopback")
    return address


@change(DR_003=f"{PRIMARY} pass>fail", DR_004=f"{PRIMARY} pass>unknown")
def the_standby_moves_into_the_primary_site(estate: Estate) -> Iterator[None]:
    standby, pair = estate.pair.standby, estate.pair
    (old,) = standby.execute("SHOW primary_conninfo")[0]
    words = [f"port={pair.primary.port}" if w.startswith("port=") else w for w in old.split(" ")]
    # The same words with another port: the connection no longer goes through the relay.
    for conninfo, address in ((" ".join(words), "127.0.0.1"), (old, "127.0.0.2")):
        point_standby_at(estate, conninfo, address)
        if conninfo != old:
            try:
                yield
            finally:
                point_standby_at(estate, old, "127.0.0.2")


def point_standby_at(estate: Estate, conninfo: str, address: str) -> None:
    quoted = conninfo.replace("'", "''")
    with estate.pair.standby.connect() as connection:
        connection.execute(f"ALTER SYSTEM SET primary_conninfo = '{quoted}'")
        connection.execute("SELECT pg_reload_conf()")
    seen = "SELECT host(client_addr) FROM pg_stat_replication WHERE state = 'streaming'"
    wait_for(lambda: estate.pair.execute(seen) == [(address,)], f"the standby streams: {address}")
    estate.pair.wait_until_caught_up()


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_change_of_a_server_turns_exactly_its_rules(
    name: str, live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    make, expected = CHANGES[name]
    with app_sessions(live_estate), make(live_estate):
        after = live_estate.see(tmp_path)
    assert turned(baseline.outcomes(), after.outcomes()) == expected


def test_a_stopped_standby_turns_the_rules_that_need_it(
    live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    pair = live_estate.pair
    with app_sessions(live_estate):
        pair.standby.stop()
        try:
            wait_for(
                lambda: pair.execute("SELECT count(*) FROM pg_stat_replication") == [(0,)],
                "the primary has seen the standby go",
            )
            after = live_estate.see(tmp_path)
        finally:
            pair.standby.start()
            pair.wait_until_caught_up()
    changed = turned(baseline.outcomes(), after.outcomes())
    ours = {key: value for key, value in changed.items() if STANDBY not in key[1]}
    assert ours == {
        # Nothing streams; what lag there would be cannot be known; nobody receives over TLS.
        ("DR-003", on(PRIMARY)): "pass>fail",
        ("DR-004", on(PRIMARY)): "pass>unknown",
        ("DR-005", on(PRIMARY)): "pass>fail",
        ("TLS-005", on(PRIMARY)): "pass>not_applicable",
    }
    of_standby = {f.outcome for f in after.findings if f.subject.target == STANDBY}
    assert of_standby == {Outcome.UNKNOWN}
    assert {f.rule for f in after.findings if f.subject.target == STANDBY} == set(EXPECTED)


PRIVILEGED = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "pembuka", "namespace": "pinjaman"},
    "spec": {
        "hostNetwork": True,
        "containers": [
            {
                "name": "alat", "image": "registry.example/alat:latest",
                "securityContext": {"privileged": True},
            }
        ],
    },
}  # fmt: skip


def test_a_privileged_pod_is_found(live_estate: Estate, baseline: Seen, tmp_path: Path) -> None:
    live_estate.cluster.put(PRIVILEGED)
    try:
        with app_sessions(live_estate):
            after = live_estate.see(tmp_path)
    finally:
        live_estate.cluster.delete(PRIVILEGED)
    subject = f"{CLUSTER}: Pod pinjaman/pembuka"
    assert turned(baseline.outcomes(), after.outcomes()) == {
        ("WRK-002", subject): ">fail",
        ("WRK-003", subject): ">fail",
        ("SUP-002", subject): ">fail",
    }


def test_a_loosened_mesh_and_a_missing_log_collector_are_found(
    live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    objects = compliant_objects()
    (mesh,) = [
        o for o in objects
        if o["kind"] == "PeerAuthentication" and o["metadata"]["namespace"] == "istio-system"
    ]  # fmt: skip
    collectors = [
        o
        for o in objects
        if o["kind"] == "DaemonSet" and o["metadata"]["namespace"] == "openshift-logging"
    ]
    assert collectors
    loose = {**mesh, "spec": {**mesh["spec"], "mtls": {"mode": "PERMISSIVE"}}}
    live_estate.cluster.put(loose)
    for item in collectors:
        live_estate.cluster.delete(item)
    try:
        with app_sessions(live_estate):
            after = live_estate.see(tmp_path)
    finally:
        for item in (mesh, *collectors):
            live_estate.cluster.put(item)
    changed = turned(baseline.outcomes(), after.outcomes())
    worse = {rule for (rule, _), value in changed.items() if value.endswith(">fail")}
    assert worse == {"TLS-009", "TLS-010", "LOG-001"}
    assert not [value for value in changed.values() if value.endswith(">pass")]


# The right to look taken away


def assert_only_unknown(before: Seen, after: Seen, rules: set[str]) -> None:
    """Every finding of `rules` is unknown on the cluster, and everything else is as it was."""
    for rule in rules:
        assert after.of(rule) == {Outcome.UNKNOWN}, rule
    unchanged = {key: value for key, value in before.outcomes().items() if key[0] not in rules}
    now = {key: value for key, value in after.outcomes().items() if key[0] not in rules}
    assert turned(unchanged, now) == {}


def test_403_on_nodes_blinds_exactly_the_rules_that_read_nodes(
    live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    live_estate.cluster.fault("nodes", Fault(status=403))
    try:
        with app_sessions(live_estate):
            after = live_estate.see(tmp_path)
    finally:
        live_estate.cluster.clear_faults()
    assert_only_unknown(baseline, after, {"RES-001", "RES-003", "HA-001", "LOG-001"})


def test_an_expired_token_blinds_every_rule_of_the_cluster(
    live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    with app_sessions(live_estate):
        after = live_estate.see(tmp_path, environment={"OJKAUDIT_TOKEN": "sudah-kedaluwarsa"})
    rules = {f.rule for f in baseline.findings if f.subject.target == CLUSTER}
    assert len(rules) > 20
    assert_only_unknown(baseline, after, rules)


def test_a_wrong_password_blinds_every_rule_of_the_databases(
    live_estate: Estate, baseline: Seen, tmp_path: Path
) -> None:
    wrong = {"OJKAUDIT_PG_PASSWORD": SECRETS["OJKAUDIT_PG_PASSWORD"] + "x"}
    after = live_estate.see(tmp_path, environment=wrong)
    assert_only_unknown(baseline, after, set(EXPECTED))


def test_exit_code_1_and_a_verifiable_report_of_what_failed(
    live_estate: Estate, tmp_path: Path
) -> None:
    live_estate.cluster.put(PRIVILEGED)
    live_estate.cluster.fault("nodes", Fault(status=403))
    try:
        done = live_estate.audit(tmp_path / "runs")
    finally:
        live_estate.cluster.clear_faults()
        live_estate.cluster.delete(PRIVILEGED)
    assert done.code == 1, done.err
    result = json.loads((done.run_folder / "result.json").read_bytes())
    outcomes = {(f["rule"], f["outcome"]) for f in result["findings"]}
    assert {("WRK-002", "fail"), ("RES-001", "unknown"), ("HA-001", "unknown")} <= outcomes
    denied = [c for c in result["coverage"] if c["status"] == "denied"]
    assert [c["kind"] for c in denied] == ["kubernetes/v1/Node"]
    assert denied[0]["missing_right"]
    verified = program("verify", done.run_folder, "--trust", live_estate.root, "--replay")
    assert verified.code == 0, verified.out
