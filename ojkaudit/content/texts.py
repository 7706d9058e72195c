"""Build sentences in both languages, and days, from checked data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ojkaudit.model.dates import parse_day
from ojkaudit.model.text import Text


def text_of(data: Mapping[str, Any]) -> Text:
    """Return the sentence of `{id, en}`."""
    return Text(id=data["id"], en=data["en"])


def optional_text(data: Mapping[str, Any], key: str) -> Text | None:
    """Return the sentence under the key; None where there is none."""
    return text_of(data[key]) if key in data else None


def optional_day(data: Mapping[str, Any], key: str) -> date | None:
    """Return the day under the key; None where there is none."""
    return parse_day(data[key]) if key in data else None
