"""The report as PDF/A-3a and PDF/UA-1 with `result.json` inside it."""

from __future__ import annotations

from ojkaudit import canonical
from ojkaudit.errors import RenderError
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports.json_report import check_same_result
from ojkaudit.reports.page import Media, fill_page
from ojkaudit.reports.result_json import NAME
from ojkaudit.reports.view import build_view


def render_pdf(result: AssessmentResult, language: Language, *, result_json: bytes) -> bytes:
    """Return the report as an unsigned PDF, A4, tagged, with `result_json` embedded as its source.

    Same arguments, same bytes, on the same host: fonts and the text shaper come from the system.

    Raises:
        RenderError: The page asked for a resource, or `result_json` holds another result.
        ContentError: `result_json` holds no result, or the shipped words lack an entry.
    """
    from ojkaudit.reports import pdf_finish, weasy

    check_same_result(result, result_json)
    view = build_view(result, language, canonical.sha256(result_json))
    page = fill_page(view, Media.PRINT)
    try:
        raw = weasy.to_pdf(page, name=NAME, attachment=result_json, at=result.assessed_at)
    except weasy.ForbiddenResourceError as error:
        raise RenderError(f"the report asked for a resource outside itself: {error}") from None
    return pdf_finish.finish(raw)


class PdfRenderer:
    """PDF/A-3a with the result inside."""

    name = "pdf"
    file_name = "report.pdf"
    media_type = "application/pdf"

    def render(self, result: AssessmentResult, language: Language, *, result_json: bytes) -> bytes:
        """Return the PDF; it embeds `result_json`."""
        return render_pdf(result, language, result_json=result_json)
