"""The one page behind the HTML and the PDF report, filled from the view."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum

from ojkaudit import resources
from ojkaudit.model.outcome import Language
from ojkaudit.reports import templates
from ojkaudit.reports.view import ReportView
from ojkaudit.reports.words import Words

_TEMPLATE = "report.html.j2"


class Media(StrEnum):
    """Where the page is read."""

    SCREEN = "screen"
    PRINT = "print"


def fill_page(view: ReportView, media: Media) -> str:
    """Return the page as HTML.

    Raises:
        RenderError: The shipped template is broken.
    """
    from markupsafe import Markup

    style = _style(media, demonstration=view.demonstration)
    values = {
        "report": view,
        "w": Words(Language(view.language)),
        "media": media.value,
        # The style sheet is ours and holds nothing of the audited platform.
        "style": Markup(style),  # noqa: S704
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    }
    return templates.fill(_TEMPLATE, values, markup=True)


def _style(media: Media, *, demonstration: bool) -> str:
    names = ["style.css", f"{media.value}.css"]
    if demonstration and media is Media.PRINT:
        names.append("stamp.css")
    folder = resources.data_dir("report_templates")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
