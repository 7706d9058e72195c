"""The fixed words of the reports in both languages, from `report_templates/words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ojkaudit import resources
from ojkaudit.errors import ContentError
from ojkaudit.model.outcome import Language
from ojkaudit.model.text import Text

FILE = "words.toml"


class Words:
    """Words in one language, called as `words("verdict.compliant")`."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._entries = all_words()

    def __call__(self, key: str, /, **values: str) -> str:
        """Return the words of `key` with `{name}` replaced by `values`.

        Raises:
            ContentError: There is no such key, or a value is not given: a report must not have
                gaps.
        """
        if key not in self._entries:
            raise ContentError(f"{FILE} has no entry {key!r}", hint="Reinstall ojkaudit.")
        entry = self._entries[key]
        pattern = entry.text.in_language(self._language)
        # Indonesian has no plural; English needs its own words for a single thing.
        if self._language is Language.EN and entry.en_one and values.get("count") == "1":
            pattern = entry.en_one
        try:
            return pattern.format(**values)
        except (KeyError, IndexError) as error:
            raise ContentError(f"{FILE}: {key}: no value for {error}") from None

    def known(self, prefix: str, value: str) -> str:
        """Return the words of `prefix.value`, or `value` itself where there are none.

        For vocabularies that others may extend: certificate types, roles of signers.
        """
        key = f"{prefix}.{value}"
        return self(key) if key in self._entries else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the file."""

    text: Text
    en_one: str = ""
    """English for a single thing, used when the value `count` is `1`."""


@cache
def all_words() -> Mapping[str, Entry]:
    """Return every entry by its dotted key.

    Raises:
        ContentError: The file is not TOML, or a text lacks one of the languages.
    """
    path = resources.data_dir("report_templates") / FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{FILE}: {error}", hint="Reinstall ojkaudit.") from None
    return dict(_entries(tables))


def _entries(tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[tuple[str, Entry]]:
    for section, table in tables.items():
        for name, texts in table.items():
            if set(texts) - {"en_one"} != {"id", "en"} or not all(texts.values()):
                raise ContentError(f"{FILE}: {section}.{name} needs id and en, and at most en_one")
            text = Text(id=texts["id"], en=texts["en"])
            yield f"{section}.{name}", Entry(text=text, en_one=texts.get("en_one", ""))
