"""`demo`: the main job on a bundled snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ojkaudit.cli import console, options
from ojkaudit.errors import ExitCode
from ojkaudit.model.text import Text

Snapshot = Annotated[
    str, typer.Option("--snapshot", help="Bundled snapshot: compliant, drifted or blind.")
]


def demo(
    out: options.OutDir = Path("ojkaudit-demo"),
    snapshot: Snapshot = "drifted",
    lang: options.Lang = None,
) -> None:
    """Run the main job on a bundled snapshot with a throw-away key, and verify the result.

    Exits 0 when the report was written and verifies, whatever its verdict: the lender is invented.
    """
    from ojkaudit.cli.progress import Progress
    from ojkaudit.cli.show import announce_run, show_verification
    from ojkaudit.pipeline import demo as demonstrating
    from ojkaudit.signing import Decision

    console.set_language(lang)
    with Progress() as progress:
        done = demonstrating.demo(snapshot, out, progress.world(), console.language())
    show_verification(done.report)
    pdf, command = done.run.folder / "report.pdf", f"ojkaudit verify {done.run.folder}"
    console.note(f"PDF: {pdf}")
    console.say(
        Text(
            id=f"Periksa sendiri: {command} --trust {done.root} --replay",
            en=f"Check it yourself: {command} --trust {done.root} --replay",
        )
    )
    announce_run(done.run)
    valid = done.report.decision is Decision.VALID
    raise typer.Exit(int(ExitCode.OK if valid else ExitCode.NOT_VERIFIED))
