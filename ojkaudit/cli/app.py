"""The commands, and the boundary where every error becomes a line, a hint and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from ojkaudit import __version__
from ojkaudit.cli import console
from ojkaudit.cli.audit import assess, audit, collect
from ojkaudit.cli.demo import demo
from ojkaudit.cli.rules import rules_app
from ojkaudit.cli.runs import diff, package, report, verify
from ojkaudit.cli.setup import doctor, init
from ojkaudit.errors import ConfigurationError, ExitCode, OjkauditError
from ojkaudit.model.outcome import Language

app = typer.Typer(
    name="ojkaudit",
    help="Audit an Indonesian fintech lender's live platform and write a signed report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        console.data(f"ojkaudit {__version__}")
        raise typer.Exit


@app.callback(
    epilog="Example: ojkaudit demo --out demo  |  ojkaudit audit -c ojkaudit.yaml --out runs"
)
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Language of messages and reports.")
    ] = None,
) -> None:
    console.set_language(lang)


for _command, _example in (
    (demo, "ojkaudit demo --out demo --lang en"),
    (init, "ojkaudit init ojkaudit.yaml"),
    (doctor, "ojkaudit doctor -c ojkaudit.yaml"),
    (collect, "ojkaudit collect -c ojkaudit.yaml --out evidence.zip"),
    (assess, "ojkaudit assess evidence.zip -c ojkaudit.yaml --out runs"),
    (audit, "ojkaudit audit -c ojkaudit.yaml --out runs --previous runs/oa-20261020-0123456789ab"),
    (report, "ojkaudit report runs/oa-20261120-0123456789ab --format html --out report.html"),
    (verify, "ojkaudit verify runs/oa-20261120-0123456789ab --trust root.pem --replay"),
    (diff, "ojkaudit diff runs/oa-20261020-0123456789ab runs/oa-20261120-0123456789ab"),
    (package, "ojkaudit package runs/oa-20261120-0123456789ab --out kirim-ojk.zip"),
):
    app.command(epilog=f"Example: {_example}")(_command)
app.add_typer(rules_app, name="rules")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; print expected errors as one line and a hint."""
    try:
        code = app(args=list(arguments), standalone_mode=False)
    except OjkauditError as error:
        console.error(error)
        return int(error.exit_code)
    except KeyboardInterrupt:
        console.note("interrupted; nothing was left half-written")
        return int(ExitCode.INTERRUPTED)
    except OSError as error:
        # A full disk, a folder that is a file, a right that is missing: not a bug of ours.
        place = f"{error.filename}: " if error.filename else ""
        console.error(ConfigurationError(f"{place}{error.strerror or type(error).__name__}"))
        return int(ExitCode.COULD_NOT_RUN)
    except Exception as error:  # noqa: BLE001 - the boundary of the program
        return _unexpected(error)
    return code if isinstance(code, int) else int(ExitCode.OK)


def _unexpected(error: Exception) -> int:
    # Typer carries its own copy of click, so usage errors are told by their shape, not their class.
    show = getattr(error, "show", None)
    if callable(show) and getattr(error, "exit_code", None) == int(ExitCode.USAGE):
        show(file=sys.stderr)
        return int(ExitCode.USAGE)
    if type(error).__name__ == "Abort":
        return int(ExitCode.INTERRUPTED)
    console.internal_error(error)
    return int(ExitCode.INTERNAL)
