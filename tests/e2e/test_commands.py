"""Every command of the installed program on the files of the others."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.support.forging import assess, write_sealing_config
from tests.support.kube_server import Rights
from tests.support.live import (
    CLUSTER,
    PRIMARY,
    SECRETS,
    WEAK,
    WEAK_PASSWORD,
    Estate,
    app_sessions,
    archive_now,
    cluster_server,
)
from tests.support.needs import need_program
from tests.support.program import program

offline = pytest.mark.xdist_group("commands")
live = [pytest.mark.servers, pytest.mark.xdist_group("postgres")]

COMMANDS = [
    [], ["demo"], ["init"], ["doctor"], ["collect"], ["assess"], ["audit"], ["report"], ["verify"],
    ["diff"], ["package"], ["rules", "list"], ["rules", "show"], ["rules", "lint"],
    ["rules", "test"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example(command: list[str]) -> None:
    done = program(*command, "--help")
    assert done.code == 0
    assert "Example: ojkaudit " + " ".join(command[:1]) in done.out
    if command:
        assert "--lang" in done.out
    assert done.err == ""


def test_version_says_which() -> None:
    from ojkaudit import __version__

    done = program("--version")
    assert (done.code, done.out) == (0, f"ojkaudit {__version__}\n")


# From one state to one verdict, in one step or two


@pytest.mark.servers
@pytest.mark.xdist_group("postgres")
def test_collect_then_assess_says_what_audit_says(live_estate: Estate, tmp_path: Path) -> None:
    archive_now(live_estate.pair)
    config, path = live_estate.config, tmp_path / "bukti.zip"
    with app_sessions(live_estate):
        collected = live_estate.run("collect", "-c", config, "--out", path)
        whole = live_estate.audit(tmp_path / "sekaligus", "--no-seal")
    assert collected.code == 0, collected.err
    assert collected.out == f"{path}\n"
    parts = live_estate.run(
        "assess", path, "-c", config, "--out", tmp_path / "bertahap", "--no-seal"
    )
    assert parts.code == whole.code == 3
    results = [json.loads((d.run_folder / "result.json").read_bytes()) for d in (whole, parts)]
    one, two = (
        {(f["rule"], json.dumps(f["subject"])): f["outcome"] for f in result["findings"]}
        for result in results
    )
    assert one == two
    assert results[0]["counts"] == results[1]["counts"]
    assert results[0]["digests"]["catalog"] == results[1]["digests"]["catalog"]
    again = live_estate.run("collect", "-c", config, "--out", path)
    assert again.code == 5
    assert "exists already" in again.err or "sudah ada" in again.err


# Month to month


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give sealed runs of the three bundled snapshots, blind compared with drifted."""
    folder = tmp_path_factory.mktemp("months")
    write_sealing_config(folder)
    runs = {name: assess(folder, name).run_folder for name in ("compliant", "drifted")}
    runs["blind"] = assess(folder, "blind", "--previous", runs["drifted"]).run_folder
    runs["root"] = folder / "root.pem"
    return runs


def changes(before: Path, after: Path) -> dict[str, set[str]]:
    """Return the rules by kind of change."""
    done = program("diff", before, after, "--format", "json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    found: dict[str, set[str]] = {}
    for entry in document["changes"]:
        found.setdefault(entry["change"], set()).add(entry["rule"])
    return found


def rules_with(run: Path, outcome: str) -> set[str]:
    result = json.loads((run / "result.json").read_bytes())
    return {f["rule"] for f in result["findings"] if f["outcome"] == outcome}


@offline
def test_diff_tells_new_from_fixed(months: dict[str, Path]) -> None:
    worse = changes(months["compliant"], months["drifted"])
    assert worse["new"] == rules_with(months["drifted"], "fail")
    assert "fixed" not in worse
    better = changes(months["drifted"], months["compliant"])
    assert "new" not in better
    assert better["fixed"] <= worse["new"]
    assert len(better["fixed"]) > 10
    assert changes(months["drifted"], months["drifted"]).keys() <= {"still_failing"}


@offline
def test_what_can_no_longer_be_seen_is_newly_blind_and_never_fixed(
    months: dict[str, Path],
) -> None:
    lost = changes(months["drifted"], months["blind"])
    assert "fixed" not in lost
    assert lost["newly_blind"] >= rules_with(months["drifted"], "fail") - rules_with(
        months["blind"], "fail"
    ) - {"none"}
    assert lost["still_failing"] <= rules_with(months["blind"], "fail")
    seen_again = changes(months["blind"], months["drifted"])
    assert "fixed" not in seen_again
    document = json.loads(
        program("diff", months["drifted"], months["blind"], "--format", "json").out
    )
    assert document["coverage_lost"]


@offline
def test_the_comparison_stands_in_result_and_report(months: dict[str, Path]) -> None:
    result = json.loads((months["blind"] / "result.json").read_bytes())
    comparison = result["comparison"]
    assert comparison["previous_id"] == months["drifted"].name
    rules = {c["rule"] for c in comparison["changes"] if c["change"] == "newly_blind"}
    assert rules == changes(months["drifted"], months["blind"])["newly_blind"]
    page = (months["blind"] / "report.html").read_text(encoding="utf-8")
    assert months["drifted"].name in page


@offline
def test_diff_in_words(months: dict[str, Path]) -> None:
    for language in ("id", "en"):
        done = program("diff", months["compliant"], months["drifted"], "--lang", language)
        assert done.code == 0
        assert "RES-003" in done.out


@offline
def test_a_run_compares_only_with_findings_of_its_own(
    months: dict[str, Path], tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(months["drifted"], tmp_path / "rusak"))
    shutil.copy(months["compliant"] / "findings.jsonl.zst", broken)
    done = program("diff", broken, months["drifted"])
    assert done.code == 5
    assert "findings.jsonl.zst" in done.err
    nothing = program("diff", tmp_path, months["drifted"])
    assert nothing.code == 5


# Reports rendered again


@offline
@pytest.mark.parametrize(("language", "word"), [("id", "Matriks"), ("en", "Control matrix")])
def test_report_renders_the_stored_result(
    language: str, word: str, months: dict[str, Path], tmp_path: Path
) -> None:
    run = months["drifted"]
    done = program("report", run, "--format", "json", "--lang", language)
    assert done.code == 0
    assert done.out.encode() == (run / "result.json").read_bytes()
    page = tmp_path / "laporan.html"
    done = program("report", run, "--format", "html", "--lang", language, "--out", page)
    assert (done.code, done.out) == (0, f"{page}\n")
    text = page.read_text(encoding="utf-8")
    assert f'lang="{language}"' in text[:300]
    assert word in text
    pdf = tmp_path / "laporan.pdf"
    done = program("report", run, "--format", "pdf", "--lang", language, "--out", pdf)
    assert done.code == 0
    shown = subprocess.run(
        [need_program("pdftotext", "poppler-utils"), str(pdf), "-"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert word in shown
    assert run.name in shown
    again = program("report", run, "--format", "html", "--out", page)
    assert again.code == 5


@offline
def test_report_in_the_language_of_the_run_is_the_same_page(months: dict[str, Path]) -> None:
    done = program("report", months["compliant"], "--format", "html", "--lang", "id")
    assert done.out.encode() == (months["compliant"] / "report.html").read_bytes()


# Hand-over


@offline
def test_package_is_reproducible_and_verifies_after_unpacking(
    months: dict[str, Path], tmp_path: Path
) -> None:
    run, root = months["drifted"], months["root"]
    files = [tmp_path / "satu.zip", tmp_path / "dua.zip"]
    for path in files:
        done = program("package", run, "--out", path)
        assert (done.code, done.out) == (0, f"{path}\n"), done.err
    assert files[0].read_bytes() == files[1].read_bytes()
    with zipfile.ZipFile(files[0]) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "buka")
    assert "SURAT-PENGANTAR.txt" in names
    done = program("verify", tmp_path / "buka" / run.name, "--trust", root, "--replay")
    assert done.code == 0, done.out
    english = tmp_path / "tiga.zip"
    assert program("package", run, "--out", english, "--lang", "en").code == 0
    assert "COVER-LETTER.txt" in zipfile.ZipFile(english).namelist()
    again = program("package", run, "--out", english)
    assert again.code == 5


@offline
@pytest.mark.parametrize(
    ("name", "code"), [("report.html", 4), ("result.json", 4), ("catatan.txt", 5)]
)
def test_package_refuses_what_is_not_as_it_was_written(
    name: str, code: int, months: dict[str, Path], tmp_path: Path
) -> None:
    run = Path(shutil.copytree(months["drifted"], tmp_path / months["drifted"].name))
    with (run / name).open("ab") as file:
        file.write(b" ")
    done = program("package", run, "--out", tmp_path / "kirim.zip")
    assert done.code == code
    assert name in done.err
    assert not (tmp_path / "kirim.zip").exists()


# Before the first audit


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_init_writes_loads_and_doctor_says_what_to_mend(language: str, tmp_path: Path) -> None:
    file = tmp_path / "ojkaudit.yaml"
    done = program("init", file, "--lang", language)
    assert (done.code, done.out) == (0, f"{file}\n")
    before = file.read_bytes()
    assert program("init", file).code == 5
    assert file.read_bytes() == before
    # Addresses nobody has, on this machine: the doctor need not wait for the network.
    document = yaml.safe_load(before)
    document["targets"]["postgresql"][0] |= {"host": "127.0.0.1", "port": 9}
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    diagnosed = program("doctor", "-c", file, "--lang", language)
    assert diagnosed.code == 5
    assert diagnosed.out.count("→") >= 3, diagnosed.out
    targets = document["targets"]
    for part in (targets["kubernetes"][0]["id"], targets["postgresql"][0]["id"], "key"):
        assert f" {part}: " in diagnosed.out
    assert "Traceback" not in diagnosed.err


@pytest.mark.servers
@pytest.mark.xdist_group("postgres")
def test_doctor_finds_nothing_to_mend_with_full_rights(live_estate: Estate) -> None:
    done = live_estate.run("doctor", "-c", live_estate.config, "--lang", "en")
    assert done.code == 0, done.out
    assert "FAILED" not in done.out
    assert "→" not in done.out
    for part in (CLUSTER, PRIMARY, "register", "key", "report"):
        assert f"OK     {part}: " in done.out


@pytest.mark.servers
@pytest.mark.xdist_group("postgres")
def test_doctor_names_each_missing_right_and_what_to_run(live_estate: Estate) -> None:
    weak = Rights.all_but(("", "nodes", "list"), ("apps", "daemonsets", "list"))
    with cluster_server(users={"auditor": weak}) as server:
        config = live_estate.config_with(
            "dokter.yaml",
            kubernetes={"server": server.url, "ca_file": str(server.ca_file)},
            postgresql={"user": WEAK},
        )
        done = live_estate.run(
            "doctor", "-c", config, "--lang", "en",
            OJKAUDIT_TOKEN=server.token("auditor"), OJKAUDIT_PG_PASSWORD=WEAK_PASSWORD,
        )  # fmt: skip
        assert not [r for r in server.requests if r.path.startswith("/api/v1/nodes")]
    assert done.code == 5
    lines = done.out.splitlines()
    broken = [line for line in lines if line.startswith("FAILED")]
    for right in ("nodes", "daemonsets"):
        assert [line for line in broken if right in line], (right, broken)
    assert not [line for line in broken if "namespaces" in line]
    remedies = "\n".join(line for line in lines if "→" in line)
    assert f'GRANT pg_monitor TO "{WEAK}"' in done.out
    for word in ("pg_hba_file_rules", "login_verifiers", "hba_file_modified"):
        assert word in done.out
    assert "nodes" in remedies


@pytest.mark.servers
@pytest.mark.xdist_group("postgres")
def test_what_doctor_tells_to_run_mends_it(live_estate: Estate) -> None:
    """Run the SQL it prints, as it is printed, and nothing is missing any more."""
    role = "auditor_baru"
    pair = live_estate.pair
    pair.create_role(role, WEAK_PASSWORD)
    pair.wait_until_caught_up()
    config = live_estate.config_with("baru.yaml", postgresql={"user": role})
    try:
        before = live_estate.run("doctor", "-c", config, OJKAUDIT_PG_PASSWORD=WEAK_PASSWORD)
        assert before.code == 5
        with pair.primary.connect() as connection:
            for statement in sql_in(before.out):
                connection.execute(statement)
        pair.wait_until_caught_up()
        after = live_estate.run("doctor", "-c", config, OJKAUDIT_PG_PASSWORD=WEAK_PASSWORD)
        assert after.code == 0, after.out
    finally:
        with pair.primary.connect() as connection:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")
        pair.wait_until_caught_up()


def sql_in(text: str) -> list[str]:
    """Return the remedies that are SQL: from the arrow to the next check."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if "→" in line:
            rest = line.split("→", 1)[1].strip()
            inside = rest.startswith(("GRANT", "CREATE", "ALTER", "--"))
            if inside:
                found.append(rest)
        elif line.startswith(("OK", "GAGAL")):
            inside = False
        elif inside:
            found[-1] += "\n" + line
    return found


# Rules


OWN_RULE = """\
id: UJI-001
title: {id: Node diberi label pemilik, en: Nodes carry an owner}
severity: low
severity_reason: {id: Uji., en: Test.}
evidence_grade: configured
controls: [ISO-27001-2022/A.8.24]
subject: kubernetes/v1/Node
pass: object.metadata.?labels[?'pemilik'].orValue('') != ''
observed: object.metadata.name
expected: {id: Label pemilik., en: A label with the owner.}
on_empty: fail
contexts: [live]
remediation: {id: Beri label., en: Label it.}
since: 0.1.0
"""
OWN_CASES = """\
rule: UJI-001
cases:
  - name: berlabel
    expect: pass
    evidence:
      kubernetes/v1/Node: [{metadata: {name: a, labels: {pemilik: tim-a}}}]
  - name: tanpa label
    expect: fail
    evidence:
      kubernetes/v1/Node: [{metadata: {name: a}}]
"""


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    folder = tmp_path / "aturan-kami"
    (folder / "lokal").mkdir(parents=True)
    (folder / "cases").mkdir()
    (folder / "lokal" / "UJI-001.yaml").write_text(OWN_RULE, encoding="utf-8")
    (folder / "cases" / "UJI-001.yaml").write_text(OWN_CASES, encoding="utf-8")
    return folder


def test_rules_are_listed_and_shown_with_those_of_the_user(own_rules: Path) -> None:
    done = program("rules", "list", "--rules", own_rules)
    ids = [line.split()[0] for line in done.out.splitlines()]
    assert done.code == 0
    assert ids == sorted(ids)
    assert {"RES-003", "UJI-001"} <= set(ids)
    assert len(ids) > 30
    for rule, word in (("UJI-001", "pemilik"), ("RES-003", "Diharapkan")):
        shown = program("rules", "show", rule, "--rules", own_rules)
        assert shown.code == 0
        assert word in shown.out
    assert program("rules", "show", "RES-999").code == 2


def test_rules_lint_and_test_run_over_those_of_the_user(own_rules: Path) -> None:
    assert program("rules", "lint", "--rules", own_rules).code == 0
    done = program("rules", "test", "UJI-001", "--rules", own_rules)
    assert (done.code, done.out) == (0, ""), done.out
    assert "2 " in done.err


def test_a_case_that_fails_is_named(own_rules: Path) -> None:
    cases = own_rules / "cases" / "UJI-001.yaml"
    cases.write_text(OWN_CASES.replace("expect: fail", "expect: pass"), encoding="utf-8")
    done = program("rules", "test", "UJI-001", "--rules", own_rules)
    assert done.code == 1
    assert done.out.startswith("UJI-001: tanpa label:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass: object.metadata", "pass: objek.metadata"),
        ("pass: object.metadata.?labels[?'pemilik'].orValue('') != ''", "pass: (1 +"),
        ("on_empty: fail\n", ""),
        ("severity: low", "severity: rendah"),
        ("controls: [ISO-27001-2022/A.8.24]", "controls: [ISO-27001-2022/A.99]"),
        ("id: UJI-001", "id: RES-003"),
        ("since: 0.1.0", "since: 0.1.0\nkunci_asing: 1"),
    ],
    ids=["name", "syntax", "on_empty", "severity", "control", "id of ours", "key"],
)
def test_a_faulty_rule_of_the_user_is_refused_with_file_and_line(
    old: str, new: str, own_rules: Path
) -> None:
    path = own_rules / "lokal" / "UJI-001.yaml"
    assert old in OWN_RULE
    path.write_text(OWN_RULE.replace(old, new), encoding="utf-8")
    done = program("rules", "lint", "--rules", own_rules)
    assert done.code == 5
    assert f"{path}:" in done.out + done.err


def test_an_audit_judges_the_rules_of_the_user(own_rules: Path, tmp_path: Path) -> None:
    from tests.support.platforms import archive, as_of

    config = write_sealing_config(tmp_path)
    path = tmp_path / "bukti.zip"
    platform = archive("compliant", path)
    done = program(
        "assess", path, "-c", config, "--out", tmp_path / "runs", "--as-of", as_of(platform),
        "--rules", own_rules, "--no-seal", "--fail-on", "low", env=SECRETS,
    )  # fmt: skip
    assert done.code == 1, done.err
    assert rules_with(done.run_folder, "fail") == {"UJI-001"}
