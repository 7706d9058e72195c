"""A sentence in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass

from ojkaudit.model.outcome import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same sentence in Bahasa Indonesia and English."""

    id: str
    """Bahasa Indonesia."""
    en: str
    """English."""

    def in_language(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.id if language is Language.ID else self.en
