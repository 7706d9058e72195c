"""What every test run says at its end, and that nothing skips where nothing may."""

from __future__ import annotations

import os
from collections import Counter

import pytest


def _skips(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        longrepr = report.longrepr
        reasons[longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)] += 1
    return reasons


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print `skipped: N` and the reasons, always."""
    reasons = _skips(terminalreporter)
    terminalreporter.write_line(f"skipped: {sum(reasons.values())}")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"  {count} x {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a test was skipped where nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("OJKAUDIT_REQUIRE_ALL") == "1" and reporter and _skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
