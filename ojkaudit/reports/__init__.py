"""Turn an assessment result into files for people and machines.

Importing this package loads no template engine and no PDF library; rendering does.
"""

from ojkaudit.reports.findings_file import read_findings, render_findings, write_findings
from ojkaudit.reports.html_report import render_html
from ojkaudit.reports.letter import cover_letter
from ojkaudit.reports.pdf_report import render_pdf
from ojkaudit.reports.registry import RENDERERS, make_renderer
from ojkaudit.reports.result_json import parse_result, render_json
from ojkaudit.reports.terminal import summary_table

__all__ = [
    "RENDERERS",
    "cover_letter",
    "make_renderer",
    "parse_result",
    "read_findings",
    "render_findings",
    "render_html",
    "render_json",
    "render_pdf",
    "summary_table",
    "write_findings",
]
