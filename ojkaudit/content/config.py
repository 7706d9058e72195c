"""Read `ojkaudit.yaml`: check everything, report every fault at once, then build the vocabulary."""

from __future__ import annotations

from pathlib import Path

from ojkaudit.content import inline_secrets
from ojkaudit.content.config_build import build_config
from ojkaudit.content.config_checks import check_config, site_ids
from ojkaudit.content.marked import Marked
from ojkaudit.content.register_checks import RegisterPart, check_register
from ojkaudit.content.schema import check, in_order
from ojkaudit.content.site_checks import check_sites
from ojkaudit.content.views import mapping, text
from ojkaudit.content.yaml_reader import read_document
from ojkaudit.errors import ConfigurationError, Problem
from ojkaudit.model.config import Config


def load_config(path: Path) -> Config:
    """Return the configuration; paths in it are relative to its folder.

    Raises:
        ConfigurationError: With every fault of the file and its register file, sorted by line. No
            message repeats a secret.
    """
    document = read_document(path, error=ConfigurationError)
    problems, hidden = _document_problems(document, "configuration")
    parts = [RegisterPart(document=document, prefix=("register",))]
    register_name = text(mapping(document.data), "register_file")
    if register_name:
        register_path = path.parent / register_name
        try:
            register = read_document(register_path, error=ConfigurationError)
        except ConfigurationError as error:
            problems.extend(error.problems)
        else:
            found, more_hidden = _document_problems(register, "register")
            problems.extend(found)
            hidden.extend(more_hidden)
            parts.append(RegisterPart(document=register, prefix=()))
    problems.extend(check_config(document))
    problems.extend(check_sites(document))
    problems.extend(check_register(tuple(parts), site_ids(document)))
    if problems:
        raise _failure(path, problems, hidden)
    return build_config(path, mapping(document.data), tuple(part.sections() for part in parts))


def _document_problems(document: Marked, schema: str) -> tuple[list[Problem], list[str]]:
    secrets = inline_secrets.find(document)
    # A secret key is also an unknown key; one message on it is enough.
    places = {(problem.line, problem.column) for problem in secrets.problems}
    found = [p for p in check(document, schema) if (p.line, p.column) not in places]
    return [*secrets.problems, *found], list(secrets.values)


def _failure(path: Path, problems: list[Problem], hidden: list[str]) -> ConfigurationError:
    shown = in_order(inline_secrets.scrub(problems, hidden))
    count = "1 fault" if len(shown) == 1 else f"{len(shown)} faults"
    return ConfigurationError(
        f"{path} cannot be used: {count}",
        hint="Correct the lines named; `ojkaudit init` writes a commented example.",
        problems=shown,
    )
