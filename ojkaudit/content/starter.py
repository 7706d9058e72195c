"""The commented configuration that `init` writes."""

from __future__ import annotations

from pathlib import Path

from ojkaudit.model.outcome import Language


def starter_text(language: Language) -> str:
    """Return a valid `ojkaudit.yaml` with example values, its comments in `language`."""
    path = Path(__file__).with_name(f"starter.{language.value}.yaml")
    return path.read_text(encoding="utf-8")
