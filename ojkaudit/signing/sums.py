"""Write and read `SHA256SUMS` in the form GNU `sha256sum` prints and checks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ojkaudit.errors import UsageError
from ojkaudit.signing.refusal import RefusedError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({_NAME.pattern})")


def write_sums(folder: Path, names: Sequence[str]) -> bytes:
    r"""Return one line `hex  name\n` for each of `names`, sorted by name.

    Args:
        folder: Where the files lie.
        names: Plain file names: letters, digits, dot, dash and underscore.

    Raises:
        UsageError: There is no name, a name is odd or named twice, or a file cannot be read.
    """
    odd = sorted({name for name in names if not _NAME.fullmatch(name)})
    if odd or not names or len(set(names)) != len(names):
        raise UsageError(
            f"these file names cannot be listed: {odd or list(names)}",
            hint="Use each name once; letters, digits, dot, dash and underscore only.",
        )
    return b"".join(f"{_digest(folder / name)}  {name}\n".encode() for name in sorted(names))


def parse_sums(data: bytes) -> Mapping[str, str]:
    """Return name → digest of a file that `write_sums` wrote.

    Stricter than `sha256sum -c`, which skips lines it does not understand.

    Raises:
        RefusedError: A line has another form, the lines are not sorted, or a name comes twice.
    """
    digests: dict[str, str] = {}
    text = data.decode("ascii", "replace")
    lines = text.split("\n")
    matches = [_LINE.fullmatch(line) for line in lines[:-1]]
    if lines[-1] or not matches or any(match is None for match in matches):
        raise RefusedError(
            "SHA256SUMS tidak berbentuk keluaran sha256sum",
            "SHA256SUMS is not in the form sha256sum prints",
        )
    for match in matches:
        if match is not None:
            digests[match[2]] = match[1]
    if list(digests) != sorted(digests) or len(digests) != len(matches):
        raise RefusedError(
            "SHA256SUMS tidak urut atau menyebut satu nama dua kali",
            "SHA256SUMS is not sorted or lists a name twice",
        )
    return digests


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"{path.name} cannot be read: {error.strerror or type(error).__name__}",
            hint="Sums are taken of the files on disk; write them all first.",
        ) from None
