"""Finds an installed PostgreSQL and runs its programs as a user who may."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.needs import need

SYSTEM_USER = "postgres"
"""Who runs the servers when the tests run as root, which PostgreSQL refuses for itself."""

_ROOT = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One installed major version."""

    major: int
    bin_dir: Path

    def run(
        self,
        program: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        timeout_seconds: float = 60,
    ) -> str:
        """Run one of its programs as the unprivileged user and return what it printed.

        Raises:
            AssertionError: The program failed; the message holds its output.
        """
        command = [*as_system_user(), str(self.bin_dir / program), *arguments]
        done = subprocess.run(
            command,
            # No PG* variable of the caller may steer the servers under test.
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", **(environment or {})},
            cwd="/",
            # A server started by pg_ctl keeps its output open: a pipe would never end.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stdout}"
        return done.stdout


def find_installation() -> Installation:
    """Return the newest installed PostgreSQL with pgaudit; skip loudly when there is none."""
    versions = sorted((int(path.name), path) for path in _ROOT.glob("*") if _is_usable(path))
    need(versions, "PostgreSQL server (apt-get install postgresql)")
    audited = [(n, path) for n, path in versions if (path / "lib" / "pgaudit.so").is_file()]
    newest = versions[-1][0]
    need(audited, f"pgaudit (apt-get install postgresql-{newest}-pgaudit)")
    if os.geteuid() == 0:
        need(shutil.which("setpriv"), "program setpriv (apt-get install util-linux)")
        need(_user_exists(SYSTEM_USER), f"system user {SYSTEM_USER} (apt-get install postgresql)")
    major, path = audited[-1]
    return Installation(major=major, bin_dir=path / "bin")


def as_system_user() -> list[str]:
    """Return what to put before a command so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    return [
        "setpriv",
        f"--reuid={SYSTEM_USER}",
        f"--regid={pwd.getpwnam(SYSTEM_USER).pw_gid}",
        "--clear-groups",
        "--no-new-privs",
    ]


def give_to_system_user(path: Path) -> None:
    """Make `path` and all below it belong to the user who runs the servers."""
    if os.geteuid() == 0:
        for item in [path, *path.rglob("*")]:
            shutil.chown(item, SYSTEM_USER, pwd.getpwnam(SYSTEM_USER).pw_gid)


def _is_usable(path: Path) -> bool:
    programs = ("initdb", "postgres", "pg_ctl", "pg_basebackup")
    return path.name.isdigit() and all((path / "bin" / name).is_file() for name in programs)


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
