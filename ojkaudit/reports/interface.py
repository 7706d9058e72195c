"""What every report format offers."""

from __future__ import annotations

from typing import Protocol

from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult


class Renderer(Protocol):
    """Turns a result into the bytes of one file."""

    @property
    def name(self) -> str:
        """Name of the format, as `--format` takes it."""

    @property
    def file_name(self) -> str:
        """Name of the file in a run folder."""

    @property
    def media_type(self) -> str:
        """Media type of the bytes."""

    def render(self, result: AssessmentResult, language: Language, *, result_json: bytes) -> bytes:
        """Return the file's bytes; the same arguments give the same bytes.

        Args:
            result: What to show.
            language: Language of the words; formats for machines ignore it.
            result_json: The exact bytes of `result.json` that belong to `result`.

        Raises:
            RenderError: The report could not be made, or `result_json` holds another result.
        """
