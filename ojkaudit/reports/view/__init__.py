"""The view model: a result in one language, as strings that templates only place."""

from ojkaudit.reports.view.build import build_view
from ojkaudit.reports.view.sections import ReportView

__all__ = ["ReportView", "build_view"]
