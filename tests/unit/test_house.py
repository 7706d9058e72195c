"""The house rules that no linter checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.needs import ROOT

MODULES = sorted((ROOT / "ojkaudit").rglob("*.py"))
HEAVY = (
    "cryptography",
    "jinja2",
    "jsonschema",
    "kubernetes",
    "pikepdf",
    "psycopg",
    "pyhanko",
    "weasyprint",
    "yaml",
)


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["audit", "--help"]])
def test_nothing_heavy_is_imported_to_say_who_we_are(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from ojkaudit.cli.app import run\n"
        f"code = run({arguments!r})\n"
        f"print('HEAVY', sorted(m for m in {HEAVY!r} if m in sys.modules), code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "HEAVY [] 0"


ROOMS = ("collectors", "content", "engine", "history", "reports", "signing")


@pytest.mark.parametrize("room", [f"ojkaudit.{name}" for name in ROOMS] + ["ojkaudit.cel"])
def test_a_room_can_be_entered_without_heavy_packages(room: str) -> None:
    allowed = {"yaml"} if room == "ojkaudit.content" else set()
    heavy = tuple(sorted(set(HEAVY) - allowed))
    code = f"import sys, {room}\nprint(sorted(m for m in {heavy!r} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
