"""Find the data that ships with the program: rules, report templates, schemas, fixtures."""

from __future__ import annotations

from pathlib import Path

from ojkaudit.errors import InternalError

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder of shipped data called `name` (`rules`, `report_templates`, `fixtures`).

    A wheel holds it in `ojkaudit/_data/`; a checkout (and so an editable install) beside the
    package.

    Raises:
        InternalError: The folder is in neither place: the installation is broken.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise InternalError(f"the program's own folder '{name}' is missing", hint="Reinstall ojkaudit.")


def schema_path(name: str) -> Path:
    """Return the published JSON Schema `name` (without `.schema.json`)."""
    return _PACKAGE / "schemas" / f"{name}.schema.json"
