"""The built wheel, installed away from the checkout and run from /."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.needs import ROOT

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=ROOT, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target",
         str(folder), str(wheel)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return folder


def run(installed: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed script; its own dependencies come from this environment."""
    return subprocess.run(
        [sys.executable, str(installed / "bin" / "ojkaudit"), *map(str, arguments)],
        cwd="/", env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


def test_the_wheel_holds_its_data_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name.split("/")[2] for name in names if name.startswith("ojkaudit/_data/")}
    assert shipped == {"rules", "report_templates", "fixtures"}
    for folder in ("rules", "report_templates", "fixtures"):
        ours = {str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob("*") if p.is_file()}
        theirs = {n.removeprefix("ojkaudit/_data/") for n in names if f"_data/{folder}/" in n}
        assert theirs == ours
    assert {p.name for p in (ROOT / "ojkaudit" / "schemas").iterdir()} <= {
        name.rsplit("/", 1)[-1] for name in names
    }
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_it_runs_from_its_own_files(installed: Path) -> None:
    code = "import ojkaudit, ojkaudit.resources as r; print(ojkaudit.__file__, r.data_dir('rules'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd="/", env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert all(part.startswith(str(installed)) for part in done.stdout.split())


def test_rules_and_cases_are_found(installed: Path) -> None:
    assert run(installed, "rules", "lint").returncode == 0
    tested = run(installed, "rules", "test")
    assert tested.returncode == 0, tested.stdout
    assert " 0 failed" in tested.stderr


def test_the_main_job_runs_and_verifies(installed: Path, tmp_path: Path) -> None:
    made = run(installed, "demo", "--out", tmp_path)
    assert made.returncode == 0, made.stderr
    folder = Path(made.stdout.splitlines()[-1])
    assert folder.parent == tmp_path
    root = tmp_path / "trust" / "root.pem"
    assert run(installed, "verify", folder, "--trust", root, "--replay").returncode == 0


def test_version_is_that_of_the_wheel(installed: Path, wheel: Path) -> None:
    assert run(installed, "--version").stdout == f"ojkaudit {wheel.name.split('-')[1]}\n"
