"""Comparing versions."""

from __future__ import annotations

import pytest

from ojkaudit.engine.functions.versions import at_least


@pytest.mark.parametrize(
    ("version", "minimum", "expected"),
    [
        ("15.20", "15.4", True),
        ("15.4", "15.20", False),
        ("15", "15.0", True),
        ("15.0.0", "15", True),
        ("4.0.1", "4.0.1", True),
        ("4.0", "4.0.1", False),
        ("10.0", "9.9", True),
        ("v1.28.3", "1.28", True),
        ("1.28.3+k3s1", "v1.28.3", True),
        ("15.4 (Debian 15.4-1.pgdg120+1)", "15.4", True),
        ("v1.28.9+416ecaf", "1.29", False),
        ("17beta1", "17", False),
        ("17beta1", "16", True),
        ("17", "17rc1", True),
        ("4.15.0-rc.1", "4.15.0", False),
        ("4.15.0-0.okd-2024-03-10-010116", "4.15", True),
        ("1.30.0-alpha.1", "1.29.9", True),
        ("16devel", "16", False),
        (" 8.0 ", "8", True),
    ],
)
def test_versions_compare_number_by_number(version: str, minimum: str, expected: bool) -> None:
    assert at_least(version, minimum) is expected


@pytest.mark.parametrize(
    "text", ["", "latest", "v", "-1", "1..2", "1.", ".5", "٣", "9" * 300, "x1.2"]
)
def test_what_is_no_version_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="version"):
        at_least(text, "1")
    with pytest.raises(ValueError, match="version"):
        at_least("1", text)
