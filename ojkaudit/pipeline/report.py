"""Run folder → one report, rendered from the saved result alone."""

from __future__ import annotations

from pathlib import Path

from ojkaudit import reports
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.outcome import Language
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.compare import read_result


def render(folder: Path, form: str, language: Language) -> bytes:
    """Return the report of a run folder as `form` (`json`, `pdf` or `html`).

    Raises:
        ConfigurationError: The folder holds no result.
        ContentError: The result does not follow its schema.
        RenderError: The format is unknown or the report cannot be rendered.
    """
    result = read_result(folder)
    data = (folder / seal.RESULT).read_bytes()
    return reports.make_renderer(form).render(result, language, result_json=data)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet.

    Raises:
        ConfigurationError: It exists, or its folder cannot be written.
    """
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot be written ({error.strerror})", hint="Name another file."
        ) from error
