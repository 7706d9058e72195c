"""Loud skips: a test that lacks a component says which, and fails where nothing may skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def need(condition: object, what: str) -> None:
    """Skip the test naming `what` is missing; fail instead when nothing may be skipped."""
    if condition:
        return
    if os.environ.get("OJKAUDIT_REQUIRE_ALL") == "1":
        pytest.fail(f"required here, but missing: {what}")
    pytest.skip(what)


def need_program(name: str, package: str) -> str:
    """Return the path of program `name`, which Debian package `package` installs."""
    path = shutil.which(name)
    need(path, f"program {name} (apt-get install {package})")
    assert path is not None
    return path


def recordings_dir() -> Path:
    """Return the folder of recorded Kubernetes answers, which lies beside some checkouts only."""
    path = ROOT.parent / "shared" / "recordings"
    need(path.is_dir(), "recorded Kubernetes answers beside the checkout")
    return path
