"""`report`, `verify`, `diff` and `package`: commands on finished run folders."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ojkaudit.cli import console, options

RunDir = Annotated[Path, typer.Argument(help="Run folder.")]


class ReportFormat(StrEnum):
    """Formats of a report."""

    JSON = "json"
    PDF = "pdf"
    HTML = "html"


class DiffFormat(StrEnum):
    """Formats of a comparison."""

    TEXT = "text"
    JSON = "json"


def report(
    run: RunDir,
    form: Annotated[ReportFormat, typer.Option("--format", help="json, pdf or html.")],
    out: Annotated[str, typer.Option("--out", help="File to write; - for stdout.")] = "-",
    lang: options.Lang = None,
) -> None:
    """Render the stored result of a run again, in another format or language. Not signed."""
    from ojkaudit.pipeline import report as reporting

    console.set_language(lang)
    content = reporting.render(run, form.value, console.language())
    if out == "-":
        console.raw(content)
    else:
        reporting.write_new(Path(out), content)
        console.data(out)


def verify(
    run: RunDir,
    trust: Annotated[
        list[Path] | None, typer.Option("--trust", help="Root certificate (PEM); repeatable.")
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Judge the stored evidence again and compare.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the steps as JSON.")] = False,
    lang: options.Lang = None,
) -> None:
    """Check offline that a run folder is intact and rightly signed (0 valid, 3 undecided, 4 not)."""
    from ojkaudit.cli.show import show_verification
    from ojkaudit.pipeline import trust as trusting
    from ojkaudit.pipeline import verify as verifying

    console.set_language(lang)
    roots = trusting.read_roots(options.trust_files(trust))
    outcome = verifying.verify(run, trust_roots=roots, now=options.now(), replay=replay)
    if as_json:
        console.data(verifying.as_json(outcome))
    else:
        show_verification(outcome)
    raise typer.Exit(verifying.exit_code(outcome))


def diff(
    before: Annotated[Path, typer.Argument(help="Earlier run folder.")],
    after: Annotated[Path, typer.Argument(help="Later run folder.")],
    form: Annotated[DiffFormat, typer.Option("--format", help="text or json.")] = DiffFormat.TEXT,
    lang: options.Lang = None,
) -> None:
    """Show what changed between two runs; lost sight never counts as progress."""
    from ojkaudit.cli.show import show_comparison
    from ojkaudit.pipeline import compare

    console.set_language(lang)
    comparison = compare.diff(before, after)
    if form is DiffFormat.JSON:
        console.data(compare.as_json(comparison))
    else:
        show_comparison(comparison)


def package(
    run: RunDir,
    out: Annotated[Path, typer.Option("--out", help="Zip to write.")],
    lang: options.Lang = None,
) -> None:
    """Write one reproducible zip of a run, with a cover letter to complete."""
    from ojkaudit.pipeline import package as packaging

    console.set_language(lang)
    packaging.package(run, out, console.language(), now=options.now())
    console.data(str(out))
