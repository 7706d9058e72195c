"""The only module that prints: data to stdout, everything else to stderr, colour on a terminal only."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from ojkaudit.errors import (
    CollectionError,
    ConfigurationError,
    ContentError,
    KeyMaterialError,
    OjkauditError,
    RenderError,
    UsageError,
    VerificationError,
)
from ojkaudit.model.outcome import Language
from ojkaudit.model.text import Text

_chosen: dict[str, Language] = {}

_HEADINGS: dict[type[OjkauditError], str] = {
    CollectionError: "bukti tidak dapat dikumpulkan atau dibaca",
    ConfigurationError: "konfigurasi tidak dapat dipakai",
    ContentError: "aturan atau berkas isi tidak dapat dipakai",
    KeyMaterialError: "kunci penanda tangan tidak dapat dipakai",
    RenderError: "laporan tidak dapat disusun",
    UsageError: "perintah atau opsi salah",
    VerificationError: "berkas tidak sah",
}
"""What went wrong, in words; the detail that follows names files and keys and is English."""


def set_language(language: Language | None) -> None:
    """Choose the language of messages; None leaves the choice as it is."""
    if language is not None:
        _chosen["language"] = language


def language(default: Language = Language.ID) -> Language:
    """Return the language chosen on the command line, else `default`."""
    return _chosen.get("language", default)


def chosen_language() -> Language | None:
    """Return the language asked for on the command line, if any."""
    return _chosen.get("language")


def say(text: Text) -> None:
    """Print a sentence for people."""
    note(text.in_language(language()))


def note(text: str) -> None:
    """Print a line for people."""
    sys.stderr.write(text + "\n")


def data(text: str) -> None:
    """Print a line of data."""
    sys.stdout.write(text + "\n")


def raw(content: bytes) -> None:
    """Write bytes of data."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def has_colour() -> bool:
    """Return whether colour may be used: a terminal, and NO_COLOR not set."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


def error(problem: OjkauditError) -> None:
    """Print an expected error: one line, its problems, and what to do about it."""
    note(f"ojkaudit: {_heading(problem)}: {problem.message}")
    for fault in problem.problems:
        note(f"  {fault}")
    if problem.hint:
        note(f"  → {problem.hint}")


def _heading(problem: OjkauditError) -> str:
    if language() is Language.EN:
        return "error"
    kinds = (kind for kind in type(problem).__mro__ if kind in _HEADINGS)
    return f"galat: {_HEADINGS[next(kinds)]}" if isinstance(problem, tuple(_HEADINGS)) else "galat"


def internal_error(problem: Exception) -> None:
    """Print a bug of ours: its place, and never the values it worked on."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    note(f"ojkaudit: internal error: {type(problem).__name__} at {place}")
    if os.environ.get("OJKAUDIT_TRACEBACK"):
        note("".join(traceback.format_tb(problem.__traceback__)))
    note("  → This is a bug: report this line. OJKAUDIT_TRACEBACK=1 shows where it happened.")
