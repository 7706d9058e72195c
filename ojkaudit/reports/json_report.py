"""The report for machines: the signed result itself."""

from __future__ import annotations

from ojkaudit.errors import RenderError
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports.result_json import NAME, parse_result


def check_same_result(result: AssessmentResult, result_json: bytes) -> None:
    """Make sure that `result_json` holds `result`: a report must show what it embeds.

    Raises:
        RenderError: It holds another result.
        ContentError: It holds no result.
    """
    if parse_result(result_json) != result:
        raise RenderError("result.json holds another result than the one to be shown")


class JsonRenderer:
    """Hands on the exact bytes of `result.json`."""

    name = "json"
    file_name = NAME
    media_type = "application/json"

    def render(self, result: AssessmentResult, language: Language, *, result_json: bytes) -> bytes:
        """Return `result_json` after checking that it holds `result`."""
        del language  # the result carries every sentence in both languages
        check_same_result(result, result_json)
        return result_json
