"""Read a run folder once: what each file holds, and what should not be there."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from ojkaudit.errors import UsageError
from ojkaudit.signing.layout import HELD_IN_MEMORY, MAX_BYTES, REQUIRED_FILES

_CHUNK_BYTES = 1024 * 1024


class Fault(StrEnum):
    """What is wrong with an entry of the folder."""

    MISSING = "missing"
    ADDED = "added"
    NOT_A_FILE = "not_a_file"
    OVERSIZED = "oversized"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReading:
    """The files as they were at one moment; every later check uses these bytes."""

    folder_name: str
    digests: Mapping[str, str]
    """Name → SHA-256, of the files that could be read."""
    contents: Mapping[str, bytes]
    """Name → bytes, of the files whose content is checked."""
    faults: Mapping[str, Fault]
    """Name → what is wrong, sorted by name."""


def read_folder(folder: Path) -> FolderReading:
    """Return what lies in `folder`.

    Raises:
        UsageError: There is no such folder, or it cannot be listed.
    """
    try:
        present = {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise UsageError(
            f"run folder {folder} cannot be listed: {error.strerror or type(error).__name__}",
            hint="Give the folder that holds result.json.",
        ) from None
    faults = dict.fromkeys(present - REQUIRED_FILES, Fault.ADDED)
    digests: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    for name in sorted(REQUIRED_FILES):
        found = _read(folder / name, name) if name in present else Fault.MISSING
        if isinstance(found, Fault):
            faults[name] = found
            continue
        digests[name], content = found
        if name in HELD_IN_MEMORY:
            contents[name] = content
    return FolderReading(
        folder_name=folder.resolve().name,
        digests=digests,
        contents=contents,
        faults={n: faults[n] for n in sorted(faults)},
    )


def _read(path: Path, name: str) -> tuple[str, bytes] | Fault:
    """Return digest and bytes (empty unless they are needed), without following a link."""
    # O_NONBLOCK: opening a pipe put in the place of a file must not wait for a writer.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return Fault.NOT_A_FILE if path.is_symlink() else Fault.UNREADABLE
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return Fault.NOT_A_FILE
    try:
        with os.fdopen(descriptor, "rb") as file:
            return _digest(file, name)
    except OSError:
        return Fault.UNREADABLE


def _digest(file: BinaryIO, name: str) -> tuple[str, bytes] | Fault:
    digest, kept, size = hashlib.sha256(), bytearray(), 0
    while chunk := file.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_BYTES[name]:
            return Fault.OVERSIZED
        digest.update(chunk)
        if name in HELD_IN_MEMORY:
            kept += chunk
    return digest.hexdigest(), bytes(kept)
