"""`rules list|show|lint|test`."""

from __future__ import annotations

from typing import Annotated

import typer

from ojkaudit.cli import console, options
from ojkaudit.errors import ExitCode

rules_app = typer.Typer(
    help="List, show, lint and test rules, the shipped ones and your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

RuleIds = Annotated[list[str] | None, typer.Argument(help="Rule ids; none for all.")]


@rules_app.command("list", epilog="Example: ojkaudit rules list --lang en")
def list_rules(rules: options.RulesDirs = None, lang: options.Lang = None) -> None:
    """List every rule: id, severity, grade, title."""
    from ojkaudit.pipeline.plan import load_catalog

    console.set_language(lang)
    for rule in load_catalog(rules or ()).rules:
        title = rule.title.in_language(console.language())
        console.data(f"{rule.id:8} {rule.severity.value:8} {rule.evidence_grade.value:10} {title}")


@rules_app.command("show", epilog="Example: ojkaudit rules show RES-003 --lang en")
def show_rule(
    rule_id: Annotated[str, typer.Argument(help="Rule id.")],
    rules: options.RulesDirs = None,
    lang: options.Lang = None,
) -> None:
    """Show one rule: why, what is read, the pass condition, the fix and its citations."""
    from ojkaudit.pipeline import rules as ruling

    console.set_language(lang)
    console.data(ruling.describe(rule_id, rules or (), console.language()))


@rules_app.command("lint", epilog="Example: ojkaudit rules lint --rules our-rules")
def lint_rules(rules: options.RulesDirs = None, lang: options.Lang = None) -> None:
    """Check rules, cases, documents and profiles; every fault is printed as file:line: message."""
    from ojkaudit.pipeline import rules as ruling

    console.set_language(lang)
    problems, count = ruling.lint(rules or ())
    for problem in problems:
        console.data(str(problem))
    console.note(f"{count} rules, {len(problems)} problems")
    raise typer.Exit(int(ExitCode.COULD_NOT_RUN if problems else ExitCode.OK))


@rules_app.command("test", epilog="Example: ojkaudit rules test RES-003 --rules our-rules")
def run_rule_cases(
    ids: RuleIds = None, rules: options.RulesDirs = None, lang: options.Lang = None
) -> None:
    """Run the cases of rules; your own rules keep theirs in a folder `cases` beside them."""
    from ojkaudit.pipeline import rules as ruling

    console.set_language(lang)
    outcomes = ruling.run_cases(rules or (), ids or ())
    for outcome in outcomes:
        if not outcome.ok:
            console.data(outcome.describe(console.language()))
    failed = sum(not outcome.ok for outcome in outcomes)
    console.note(f"{len(outcomes)} cases, {failed} failed")
    raise typer.Exit(int(ExitCode.FAILING if failed else ExitCode.OK))
