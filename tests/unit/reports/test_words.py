"""The fixed words: complete in both languages, all used, none missing."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from ojkaudit import resources
from ojkaudit.errors import ContentError
from ojkaudit.model.outcome import (
    ControlStatus,
    CoverageStatus,
    EvidenceGrade,
    Language,
    Outcome,
    ParameterOrigin,
    ReasonCode,
    Severity,
)
from ojkaudit.reports import words
from ojkaudit.reports.words import Words, all_words
from tests.support.needs import ROOT

VOCABULARIES: dict[str, type[StrEnum]] = {
    "outcome": Outcome,
    "outcome_means": Outcome,
    "severity": Severity,
    "grade": EvidenceGrade,
    "grade_means": EvidenceGrade,
    "control": ControlStatus,
    "cause": ReasonCode,
    "cause_meaning": ReasonCode,
    "origin": ParameterOrigin,
    "coverage": CoverageStatus,
}
# Words whose key is put together from data or from a loop in the code.
ASSEMBLED = {
    "attestation",
    "corroboration",
    "change",
    "digest",
    "expiry",
    "fact",
    "glossary",
    "glossary_means",
    "register_state",
    "signer",
    "target",
    "verify",
    "waiver_state",
    *VOCABULARIES,
}


def _sources() -> str:
    files = [
        *sorted((ROOT / "ojkaudit" / "reports").rglob("*.py")),
        *sorted(resources.data_dir("report_templates").glob("*.j2")),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_entry_is_written_in_both_languages() -> None:
    for key, entry in all_words().items():
        assert entry.text.id.strip(), key
        assert entry.text.en.strip(), key


def test_both_languages_fill_in_the_same_values() -> None:
    def names(pattern: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}

    for key, entry in all_words().items():
        assert names(entry.text.id) == names(entry.text.en), key
        if entry.en_one:
            assert names(entry.en_one) == names(entry.text.en), key


@pytest.mark.parametrize("section", VOCABULARIES)
def test_every_word_of_the_closed_vocabularies_is_there(section: str) -> None:
    keys = {key.split(".", 1)[1] for key in all_words() if key.startswith(f"{section}.")}
    assert {member.value for member in VOCABULARIES[section]} <= keys


def test_every_key_that_is_asked_for_exists() -> None:
    asked = set(re.findall(r"""(?:\bw|words)\(\s*"([a-z_]+\.[a-z_0-9]+)\"""", _sources()))
    assert len(asked) > 60
    assert asked <= set(all_words())


def test_no_entry_is_left_over() -> None:
    sources = _sources()
    unused = [
        key
        for key in all_words()
        if key.split(".", 1)[0] not in ASSEMBLED
        and not re.search(f"[\"']{re.escape(key)}[\"']", sources)
    ]
    assert unused == []


def test_an_unknown_key_or_a_missing_value_stops_the_report() -> None:
    speak = Words(Language.ID)
    with pytest.raises(ContentError, match=r"no entry 'verdict\.fine'"):
        speak("verdict.fine")
    with pytest.raises(ContentError, match=r"sentence\.failing: no value"):
        speak("sentence.failing", count="1")


def test_english_has_its_own_words_for_a_single_thing() -> None:
    assert Words(Language.EN)("count.findings", count="1") == "1 finding"
    assert Words(Language.EN)("count.findings", count="2") == "2 findings"
    assert Words(Language.ID)("count.findings", count="1") == "1 temuan"


def test_braces_in_values_stay_as_they_are() -> None:
    assert Words(Language.ID)("failures.waiver", id="{count}{0}") == "Dispensasi {count}{0}"


@pytest.mark.parametrize(
    "text",
    [
        '[a]\nb.id = "x"\n',
        '[a]\nb.id = "x"\nb.en = ""\n',
        "[a\n",
        '[a]\nb.id="x"\nb.en="y"\nb.fr="z"\n',
    ],
)
def test_a_file_with_a_gap_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / words.FILE).write_text(text, encoding="utf-8")
    monkeypatch.setattr(resources, "data_dir", lambda _: tmp_path)
    with pytest.raises(ContentError, match=words.FILE):
        all_words.__wrapped__()
