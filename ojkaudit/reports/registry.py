"""Every report format by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ojkaudit.errors import UsageError
from ojkaudit.reports.html_report import HtmlRenderer
from ojkaudit.reports.interface import Renderer
from ojkaudit.reports.json_report import JsonRenderer
from ojkaudit.reports.pdf_report import PdfRenderer

RENDERERS: Mapping[str, Callable[[], Renderer]] = MappingProxyType(
    {
        "html": HtmlRenderer,
        "json": JsonRenderer,
        "pdf": PdfRenderer,
    }
)
"""Factories, in alphabetical order."""


def make_renderer(name: str) -> Renderer:
    """Return the renderer called `name`.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in RENDERERS:
        raise UsageError(f"no report format {name!r}", hint=f"Formats: {', '.join(RENDERERS)}.")
    return RENDERERS[name]()
