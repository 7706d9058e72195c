"""Every error the program raises on purpose, each with the exit code and a hint.

OjkauditError                      5
├── UsageError                     2   wrong option or argument
├── ConfigurationError             5   ojkaudit.yaml, register, waivers, profile
├── ContentError                   5   rules, documents, templates
├── CollectionError                5   every target unreachable, snapshot unreadable
├── KeyMaterialError               5   key, certificate, passphrase
├── RenderError                    5   report could not be rendered
├── IncompleteError                3   a decision that cannot be made
├── VerificationError              4   something is altered, missing or wrongly signed
└── InternalError                 70   a bug of ours
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The meaning of each exit code; no two meanings share one."""

    OK = 0
    FAILING = 1
    USAGE = 2
    INCOMPLETE = 3
    NOT_VERIFIED = 4
    COULD_NOT_RUN = 5
    INTERNAL = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a file, as `file:line: message`."""

    file: str
    """Path as the user gave it."""
    line: int
    """1-based; 0 when the fault has no line."""
    message: str
    """What is wrong and how to mend it."""
    column: int = 0
    """1-based; 0 when the fault has no column."""

    def __str__(self) -> str:
        """Return `file:line[:column]: message`."""
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}"


class OjkauditError(Exception):
    """Base of every expected error.

    Args:
        message: One line, for people, without secrets.
        hint: What to do about it; empty when the message says it.
        problems: Faults found together, all listed for the user.
    """

    exit_code: ExitCode = ExitCode.COULD_NOT_RUN

    def __init__(self, message: str, *, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = problems

    def __str__(self) -> str:
        """Return the message followed by every problem, one a line."""
        return "\n".join([self.message, *map(str, self.problems)])


class UsageError(OjkauditError):
    """A wrong option or argument."""

    exit_code = ExitCode.USAGE


class ConfigurationError(OjkauditError):
    """The configuration, register, waivers or profile cannot be used."""


class ContentError(OjkauditError):
    """Rules, documents or templates cannot be used."""


class CollectionError(OjkauditError):
    """Nothing could be collected, or a snapshot cannot be read."""


class KeyMaterialError(OjkauditError):
    """A key, certificate or passphrase cannot be used."""


class RenderError(OjkauditError):
    """A report could not be rendered."""


class IncompleteError(OjkauditError):
    """A decision that cannot be made from what is at hand."""

    exit_code = ExitCode.INCOMPLETE


class VerificationError(OjkauditError):
    """Something is altered, missing or wrongly signed."""

    exit_code = ExitCode.NOT_VERIFIED


class InternalError(OjkauditError):
    """A bug of ours: an invariant did not hold."""

    exit_code = ExitCode.INTERNAL
