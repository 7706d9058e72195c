"""Every documented exit code, on the installed program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.needs import ROOT
from tests.support.platforms import archive, as_of, denied
from tests.support.program import Done, program

CONFIG = ROOT / "fixtures" / "snapshots" / "compliant" / "ojkaudit.yaml"
NODE = "kubernetes/v1/Node"


def assess(tmp_path: Path, name: str, *options: str, blind_to: str = "") -> Done:
    path = tmp_path / "evidence.zip"
    denials = [denied("okd-utama", blind_to)] if blind_to else []
    platform = archive(name, path, *denials)
    return program(
        "assess", path, "-c", CONFIG, "--out", tmp_path / "runs", "--no-seal",
        "--as-of", as_of(platform), *options,
    )  # fmt: skip


def test_0_when_nothing_fails_and_all_was_read(tmp_path: Path) -> None:
    done = assess(tmp_path, "compliant")
    assert done.code == 0, done.err
    result = json.loads((done.run_folder / "result.json").read_bytes())
    assert result["verdict"]["status"] == "compliant"
    assert result["time_given"] is True
    page = (done.run_folder / "report.html").read_text(encoding="utf-8")
    first = page[: page.index("</section>")]
    assert "--as-of" in first
    assert "DRAF TANPA SEGEL" in first
    assert result["required_signatures"] == []


def test_1_when_something_fails(tmp_path: Path) -> None:
    assert assess(tmp_path, "drifted").code == 1


def test_1_although_incomplete_is_allowed(tmp_path: Path) -> None:
    assert assess(tmp_path, "blind", "--allow-incomplete").code == 1


def test_3_when_something_was_not_read(tmp_path: Path) -> None:
    assert assess(tmp_path, "compliant", blind_to=NODE).code == 3


def test_0_instead_of_3_only_when_asked_and_the_report_says_so(tmp_path: Path) -> None:
    done = assess(tmp_path, "compliant", "--allow-incomplete", "--lang", "en", blind_to=NODE)
    assert done.code == 0
    page = (done.run_folder / "report.html").read_text(encoding="utf-8")
    assert "incomplete" in page[: page.index("</section>")].lower()


@pytest.mark.parametrize(
    "arguments",
    [["--no-such-option"], ["no-such-command"], ["assess"], ["report", "x", "--format", "docx"]],
)
def test_2_for_wrong_usage(arguments: list[str]) -> None:
    done = program(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert "Traceback" not in done.err


def test_2_for_a_time_without_zone(tmp_path: Path) -> None:
    done = program(
        "assess", "x.zip", "-c", CONFIG, "--out", tmp_path, "--as-of", "2026-11-20T00:00:00"
    )
    assert done.code == 2


def test_2_for_an_unknown_bundled_snapshot(tmp_path: Path) -> None:
    done = program("demo", "--out", tmp_path, "--snapshot", "perfect")
    assert done.code == 2
    assert "compliant" in done.err


def test_4_and_3_for_verify(tmp_path: Path) -> None:
    made = program("demo", "--out", tmp_path, "--snapshot", "compliant")
    assert made.code == 0, made.err
    folder, root = made.run_folder, tmp_path / "trust" / "root.pem"
    assert program("verify", folder, "--trust", root, "--replay").code == 0
    without = program("verify", folder, env={"XDG_CONFIG_HOME": str(tmp_path / "none")})
    assert without.code == 3
    own = tmp_path / "home" / "ojkaudit" / "trust"
    own.mkdir(parents=True)
    shutil.copy(root, own / "root.pem")
    assert program("verify", folder, env={"XDG_CONFIG_HOME": str(tmp_path / "home")}).code == 0
    (folder / "report.html").write_bytes(b"<html>all is well</html>")
    altered = program("verify", folder, "--trust", root)
    assert altered.code == 4
    assert "report.html" in altered.out


@pytest.mark.parametrize("command", ["audit", "collect", "assess", "doctor"])
def test_5_for_a_broken_configuration(tmp_path: Path, command: str) -> None:
    config = tmp_path / "ojkaudit.yaml"
    config.write_text("institution: {nama: x}\n", encoding="utf-8")
    extra = {"doctor": [], "assess": ["e.zip", "--out", str(tmp_path / "runs")]}.get(
        command, ["--out", str(tmp_path / "o")]
    )
    done = program(command, *extra, "-c", config)
    assert done.code == 5
    assert f"{config}:1" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", ["demo", "assess"])
def test_5_when_the_output_folder_is_a_file(tmp_path: Path, command: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    path = tmp_path / "evidence.zip"
    archive("compliant", path)
    rest = [path, "-c", CONFIG, "--no-seal"] if command == "assess" else []
    done = program(command, *rest, "--out", tmp_path / "taken")
    assert done.code == 5
    assert str(tmp_path / "taken") in done.err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_5_for_a_missing_key_before_anything_is_collected(tmp_path: Path) -> None:
    done = program("audit", "-c", CONFIG, "--out", tmp_path / "runs")
    assert done.code == 5
    assert "signing" in done.err
    assert not (tmp_path / "runs").exists()


def test_5_for_a_damaged_archive(tmp_path: Path) -> None:
    path = tmp_path / "evidence.zip"
    archive("compliant", path)
    path.write_bytes(path.read_bytes()[:1000])
    done = program("assess", path, "-c", CONFIG, "--out", tmp_path / "runs", "--no-seal")
    assert done.code == 5
    assert "evidence.zip" in done.err
    assert list((tmp_path / "runs").glob("*")) == [] or not (tmp_path / "runs").exists()


def test_5_when_every_target_is_unreachable(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG.parent, folder)
    text = (folder / "ojkaudit.yaml").read_text(encoding="utf-8")
    text = text.replace("https://api.okd.danacontoh.example:6443", "https://127.0.0.1:9")
    text = text.replace("host: 10.20.5.11", "host: 127.0.0.1").replace(
        "host: 10.40.5.11", "host: 127.0.0.1"
    )
    text = text.replace("sslrootcert: ca.pem", "port: 9")
    (folder / "ojkaudit.yaml").write_text(text, encoding="utf-8")
    done = program(
        "collect", "-c", folder / "ojkaudit.yaml", "--out", tmp_path / "e.zip",
        env={"OJKAUDIT_TOKEN": "t", "OJKAUDIT_PG_PASSWORD": "p"},
    )  # fmt: skip
    assert done.code == 5, done.err
    assert "unreachable" in done.err
    assert not (tmp_path / "e.zip").exists()


def test_70_when_an_import_fails(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ImportError('broken installation')\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ojkaudit")), "--version"],
        env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 70
    assert "broken installation" in done.stderr
    assert "Traceback" not in done.stderr


def test_130_when_interrupted_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "evidence.zip"
    platform = archive("drifted", path)
    process = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("ojkaudit")), "assess", str(path), "-c", str(CONFIG),
            "--out", str(tmp_path / "runs"), "--no-seal", "--as-of", as_of(platform),
        ],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        # The step that renders takes seconds: time enough to be interrupted in it.
        if "Menyusun" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert list((tmp_path / "runs").iterdir()) == []
