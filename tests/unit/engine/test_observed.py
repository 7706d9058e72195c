"""What was seen, as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ojkaudit.engine.observed import MAX_CHARACTERS, render


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain  text\n here", "plain text here"),
        (True, "true"),
        (None, "null"),
        (3, "3"),
        (2.5, "2.5"),
        ([1, "a", False], "[1, a, false]"),
        ({"a": 1, "b": [2]}, "{a: 1, b: [2]}"),
        ([], "[]"),
        ({}, "{}"),
        (datetime(2026, 11, 20, 2, tzinfo=UTC), "2026-11-20T02:00:00Z"),
        (timedelta(days=2, hours=3, seconds=4), "2d 3h 4s"),
        (-timedelta(minutes=5), "-5m"),
        (timedelta(), "0s"),
    ],
)
def test_values_are_rendered_compactly(value: object, text: str) -> None:
    assert render(value) == text


def test_long_values_are_cut() -> None:
    assert len(render("x" * 10_000)) == MAX_CHARACTERS
    assert render("x" * 10_000).endswith("…")
    assert len(render([{"key": "value" * 20}] * 500)) == MAX_CHARACTERS


def test_a_cut_list_tells_how_long_it_is() -> None:
    assert render(list(range(100))).endswith("19, … (100)]")


def test_deep_values_are_cut_before_they_hurt() -> None:
    value: object = "end"
    for _ in range(100_000):
        value = [value]
    assert render(value) == "[[[[[…]]]]]"
