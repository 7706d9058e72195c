"""Same result, same bytes: whatever the process's hash seed, zone or locale."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.needs import ROOT

_SCRIPT = """
import hashlib
from ojkaudit import reports
from ojkaudit.model.outcome import Language
from tests.support.results import rich_result
result = rich_result()
data = reports.render_json(result)
outputs = [data, b"".join(reports.render_findings(result.findings))]
for language in Language:
    outputs.append(reports.render_html(result, language))
    outputs.append(reports.cover_letter(result, language))
    outputs.append(reports.summary_table(result, language, True).encode())
outputs.append(reports.render_pdf(result, Language.ID, result_json=data))
print(*(hashlib.sha256(output).hexdigest() for output in outputs))
"""


def _digests(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.slow
def test_two_processes_render_identical_bytes() -> None:
    first = _digests(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    second = _digests(PYTHONHASHSEED="4242", TZ="America/New_York", LC_ALL="C")
    assert len(first) == 9
    assert first == second
