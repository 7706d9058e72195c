"""`collect`, `assess` and `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ojkaudit.cli import console, options
from ojkaudit.cli.show import announce_run, show_coverage
from ojkaudit.model.outcome import Severity

if TYPE_CHECKING:
    from ojkaudit.pipeline.audit import Wanted

Evidence = Annotated[Path, typer.Argument(help="Archive that 'collect' wrote.")]
EvidenceOut = Annotated[Path, typer.Option("--out", help="Archive to write.")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="Judge as at this time (RFC 3339) instead of now.")
]


def collect(
    out: EvidenceOut,
    config: options.ConfigFile = Path("ojkaudit.yaml"),
    profile: options.ProfileOption = "",
    rules: options.RulesDirs = None,
    lang: options.Lang = None,
) -> None:
    """Read live state into an evidence archive, judging nothing."""
    from ojkaudit.cli.progress import Progress
    from ojkaudit.pipeline import collect as collecting
    from ojkaudit.pipeline.plan import make_plan

    console.set_language(lang)
    plan = make_plan(config, profile=profile, rules_dirs=rules or ())
    with Progress() as progress:
        coverage = collecting.collect(plan, out, progress.world())
    show_coverage(coverage)
    console.data(str(out))


def assess(
    evidence: Evidence,
    out: options.OutDir,
    config: options.ConfigFile = Path("ojkaudit.yaml"),
    previous: options.Previous = None,
    fail_on: options.FailOn = None,
    allow_incomplete: options.AllowIncomplete = False,
    no_seal: options.NoSeal = False,
    as_of: AsOf = "",
    profile: options.ProfileOption = "",
    rules: options.RulesDirs = None,
    lang: options.Lang = None,
) -> None:
    """Judge an evidence archive and write a sealed run folder."""
    from ojkaudit.cli.progress import Progress
    from ojkaudit.pipeline import audit as auditing
    from ojkaudit.pipeline.plan import make_plan

    console.set_language(lang)
    plan = make_plan(config, profile=profile, rules_dirs=rules or ())
    wanted = _wanted(fail_on, allow_incomplete, previous, as_of)
    with Progress() as progress:
        world = progress.world()
        run = auditing.assess_evidence(plan, evidence, out, world, wanted, seal=not no_seal)
    raise typer.Exit(announce_run(run))


def audit(
    out: options.OutDir,
    config: options.ConfigFile = Path("ojkaudit.yaml"),
    previous: options.Previous = None,
    fail_on: options.FailOn = None,
    allow_incomplete: options.AllowIncomplete = False,
    no_seal: options.NoSeal = False,
    profile: options.ProfileOption = "",
    rules: options.RulesDirs = None,
    lang: options.Lang = None,
) -> None:
    """Collect, judge, report and seal in one go."""
    from ojkaudit.cli.progress import Progress
    from ojkaudit.pipeline import audit as auditing
    from ojkaudit.pipeline.plan import make_plan

    console.set_language(lang)
    plan = make_plan(config, profile=profile, rules_dirs=rules or ())
    wanted = _wanted(fail_on, allow_incomplete, previous)
    with Progress() as progress:
        run = auditing.audit(plan, out, progress.world(), wanted, seal=not no_seal)
    raise typer.Exit(announce_run(run))


def _wanted(
    fail_on: Severity | None, allow_incomplete: bool, previous: Path | None, as_of: str = ""
) -> Wanted:
    from ojkaudit.pipeline.audit import Wanted

    return Wanted(
        fail_on=fail_on,
        allow_incomplete=allow_incomplete,
        previous=previous,
        language=console.chosen_language(),
        as_of=options.parse_time(as_of) if as_of else None,
    )
