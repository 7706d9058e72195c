"""Options that several commands share, and the world as this process sees it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ojkaudit.model.outcome import Language, Severity

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", help="Configuration file.", show_default=True)
]
OutDir = Annotated[Path, typer.Option("--out", help="Folder that holds run folders.")]
RulesDirs = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules", metavar="DIR", help="Folder of your own rules, added to the shipped ones."
    ),
]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language: id (default) or en.")]
FailOn = Annotated[
    Severity | None,
    typer.Option("--fail-on", help="Least severity of a failing finding that gives exit 1."),
]
AllowIncomplete = Annotated[
    bool,
    typer.Option(
        "--allow-incomplete",
        help="Exit 0 instead of 3 when only unread evidence stands in the way.",
    ),
]
ProfileOption = Annotated[
    str, typer.Option("--profile", help="Profile id or file instead of the configured one.")
]
Previous = Annotated[Path | None, typer.Option("--previous", help="Run folder to compare with.")]
NoSeal = Annotated[bool, typer.Option("--no-seal", help="Write an unsigned draft.")]


def now() -> datetime:
    """Return the time, aware, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def environment() -> dict[str, str]:
    """Return the environment of this process."""
    return dict(os.environ)


def parse_time(text: str) -> datetime:
    """Return an RFC 3339 time given on the command line.

    Raises:
        typer.BadParameter: The text is no time with a zone.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"not a time: {text!r}; write 2026-11-20T09:00:00+07:00"
        ) from error
    if parsed.tzinfo is None:
        raise typer.BadParameter(f"a time without a zone: {text!r}; add +07:00 or Z")
    return parsed.astimezone(UTC)


def trust_files(given: list[Path] | None) -> list[Path]:
    """Return the root certificates to trust: those given, else the user's own trust folder."""
    if given:
        return given
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    folder = Path(base) / "ojkaudit" / "trust"
    return sorted(folder.glob("*.pem")) if folder.is_dir() else []
