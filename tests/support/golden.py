"""Golden files: compared byte for byte, rewritten only on request and reviewed as a diff."""

from __future__ import annotations

import os

import pytest

from tests.support.needs import ROOT

FOLDER = ROOT / "tests" / "golden"


def check_golden(name: str, data: bytes) -> None:
    """Compare `data` with the golden file `name`; `OJKAUDIT_UPDATE_GOLDEN=1` rewrites it."""
    path = FOLDER / name
    if os.environ.get("OJKAUDIT_UPDATE_GOLDEN") == "1":
        path.write_bytes(data)
        return
    if not path.is_file():
        pytest.fail(f"{path}: missing; 'make golden' writes it")
    if path.read_bytes() != data:
        pytest.fail(f"{path}: differs from what is rendered now; review 'make golden && git diff'")
