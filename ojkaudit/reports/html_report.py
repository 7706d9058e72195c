"""The report as one self-contained page for browsers."""

from __future__ import annotations

from ojkaudit import canonical
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports.json_report import check_same_result
from ojkaudit.reports.page import Media, fill_page
from ojkaudit.reports.result_json import render_json
from ojkaudit.reports.view import build_view


def render_html(result: AssessmentResult, language: Language) -> bytes:
    """Return the report as HTML that loads nothing from anywhere and runs no script.

    Raises:
        RenderError: The shipped template is broken.
        ContentError: The shipped words lack an entry.
    """
    return HtmlRenderer().render(result, language, result_json=render_json(result))


class HtmlRenderer:
    """One self-contained page."""

    name = "html"
    file_name = "report.html"
    media_type = "text/html"

    def render(self, result: AssessmentResult, language: Language, *, result_json: bytes) -> bytes:
        """Return the page; it prints the digest of `result_json`."""
        check_same_result(result, result_json)
        view = build_view(result, language, canonical.sha256(result_json))
        return fill_page(view, Media.SCREEN).encode("utf-8")
