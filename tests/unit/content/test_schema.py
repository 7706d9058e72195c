"""Published schemas, and what they say in plain words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ojkaudit import resources
from ojkaudit.content.schema import SCHEMAS, check, faults, validator
from ojkaudit.content.yaml_reader import parse_documents

URN = "urn:ojkaudit:schema:{name}:1.0"


def published(name: str) -> dict[str, object]:
    content: dict[str, object] = json.loads(resources.schema_path(name).read_bytes())
    return content


def test_every_schema_file_is_known_and_no_other() -> None:
    files = resources.schema_path("x").parent.glob("*.schema.json")
    assert sorted(f.name.removesuffix(".schema.json") for f in files) == list(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_bears_its_version(name: str) -> None:
    content = published(name)
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert content["$id"] == URN.format(name=name)
    validator(name).check_schema(content)


def objects(node: object) -> list[dict[str, object]]:
    found = []
    pending = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if "properties" in item and item.get("type") == "object":
                found.append(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_object_with_named_keys_takes_unknown_ones(name: str) -> None:
    for item in objects(published(name)):
        assert item.get("additionalProperties") is False, item


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_reference_leads_somewhere(name: str) -> None:
    text = resources.schema_path(name).read_text(encoding="utf-8")
    resolver = validator(name)._resolver
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    for reference in references:
        assert resolver.lookup(reference).contents is not None


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_pattern_says_in_words_what_it_wants(name: str) -> None:
    pending: list[object] = [published(name)]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if isinstance(item.get("pattern"), str):
                assert item.get("description"), item
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def test_faults_come_sorted_by_line_each_once() -> None:
    text = "profile: 5\nsites: []\ninstitution: {}\nzzz: 1\nperiod: {from: x, to: 2026-01-01}\n"
    (document,) = parse_documents(text, file="f.yaml")
    found = [str(p) for p in check(document, "configuration")]
    assert found == [
        "f.yaml:1:1: profile: expected id of a shipped profile, or a path to a profile file, "
        "found a whole number; put it in quotes",
        "f.yaml:2:1: sites: needs at least 1 item",
        "f.yaml:3:1: key 'business_mostly_by_it' is missing",
        "f.yaml:3:1: key 'licence' is missing",
        "f.yaml:3:1: key 'name' is missing",
        "f.yaml:3:1: key 'total_assets_idr' is missing",
        "f.yaml:4:1: unknown key 'zzz'; known here: institution, language, output, period, "
        "profile, register, register_file, rules_dirs, schema_version, signing, sites, targets, "
        "waivers",
        "f.yaml:5:10: from: expected a date as YYYY-MM-DD",
    ]


def test_a_whole_number_written_with_a_fraction_is_no_integer() -> None:
    case = {"name": "n", "expect": "pass", "evidence": {}, "subject": 1.0}
    (fault,) = faults({"rule": "TST-001", "cases": [case]}, "cases")
    assert fault.message == (
        "subject: expected index of the resource of the subject kind that is judged, "
        "found a number with a fraction"
    )


def test_a_list_may_hold_one_and_true_together() -> None:
    # jsonschema tells 1 from true; so must the message that names the repeated item.
    data = {"id": "p", "title": {"id": "a", "en": "b"}, "rules": ["A-1", "A-1"]}
    (fault,) = faults(data, "profile")
    assert fault.path == ("rules", 1)


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "en", "rules", "parameters", "name", "value", "sites"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(data=_json, name=st.sampled_from(SCHEMAS))
def test_every_fault_of_any_data_has_words(data: object, name: str) -> None:
    found = faults(data, name)
    assert all(fault.message for fault in found)
    assert not any("of the schema" in fault.message for fault in found)
    if not found:
        assert name == "common" or (name in {"waivers"} and data == []) or data == {}


def test_importing_the_room_imports_nothing_heavy() -> None:
    heavy = {"jsonschema", "kubernetes", "weasyprint", "pyhanko", "psycopg", "jinja2", "pikepdf"}
    code = f"import sys, ojkaudit.content; print(sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
