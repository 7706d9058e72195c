"""Listing collectors costs no driver."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_collector_does_not_import_the_driver() -> None:
    code = (
        "import sys, ojkaudit.collectors.postgresql;"
        "print(sorted({'psycopg', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
