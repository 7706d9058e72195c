"""`init` and `doctor`: before the first audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ojkaudit.cli import console, options
from ojkaudit.errors import ExitCode
from ojkaudit.model.text import Text


def init(
    file: Annotated[Path, typer.Argument(help="File to write.")] = Path("ojkaudit.yaml"),
    lang: options.Lang = None,
) -> None:
    """Write a commented starter configuration; an existing file is never touched."""
    from ojkaudit import content
    from ojkaudit.pipeline import report as reporting

    console.set_language(lang)
    reporting.write_new(file, content.starter_text(console.language()).encode())
    console.say(
        Text(
            id=f"Isi {file}, lalu jalankan: ojkaudit doctor -c {file}",
            en=f"Fill in {file}, then run: ojkaudit doctor -c {file}",
        )
    )
    console.data(str(file))


def doctor(
    config: options.ConfigFile = Path("ojkaudit.yaml"),
    profile: options.ProfileOption = "",
    rules: options.RulesDirs = None,
    lang: options.Lang = None,
) -> None:
    """Check configuration, reachability, rights, keys and fonts, and say what to run to fix each."""
    from ojkaudit.cli.progress import Progress
    from ojkaudit.cli.show import yes_no
    from ojkaudit.pipeline.doctor import diagnose
    from ojkaudit.pipeline.plan import make_plan

    console.set_language(lang)
    plan = make_plan(config, profile=profile, rules_dirs=rules or ())
    found = diagnose(plan, Progress().world())
    for part, check in found:
        console.data(f"{yes_no(check.ok)} {part}: {check.name}: {check.detail}")
        if not check.ok and check.remedy:
            console.data(f"      → {check.remedy}")
    healthy = all(check.ok for _, check in found)
    raise typer.Exit(int(ExitCode.OK if healthy else ExitCode.COULD_NOT_RUN))
