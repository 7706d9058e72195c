"""The installed program, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Done:
    """What one run of the program left."""

    code: int
    out: str
    err: str

    @property
    def run_folder(self) -> Path:
        """The last line of stdout."""
        return Path(self.out.splitlines()[-1])


def program(
    *arguments: str | Path,
    cwd: Path | str = "/",
    env: dict[str, str] | None = None,
    executable: Path | None = None,
    timeout: float = 240,
) -> Done:
    """Run `ojkaudit` with `arguments` and return what it did."""
    path = executable or Path(sys.executable).with_name("ojkaudit")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OJKAUDIT_T", "PYTHON"))}
    done = subprocess.run(
        [str(path), *map(str, arguments)],
        cwd=cwd,
        env={**clean, "LC_ALL": "C.UTF-8", **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
