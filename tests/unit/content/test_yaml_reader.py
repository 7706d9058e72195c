"""The one reader of YAML files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ojkaudit.content import yaml_reader
from ojkaudit.content.yaml_builder import MAX_ALIASED_NODES, MAX_DEPTH
from ojkaudit.content.yaml_reader import (
    MAX_FILE_BYTES,
    parse_documents,
    read_document,
    read_documents,
)
from ojkaudit.content.yaml_scalars import Scalars
from ojkaudit.errors import ConfigurationError, ContentError


@pytest.fixture(autouse=True, params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with the C parser and with the pure one that stands in for it."""
    name: str = request.param
    monkeypatch.setattr(yaml_reader, "_LOADER", getattr(yaml, name))
    return name


def parse(text: str, scalars: Scalars = Scalars.CORE) -> object:
    (document,) = parse_documents(text, file="f.yaml", scalars=scalars)
    return document.data


def fault(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse_documents(text, file="f.yaml")
    (problem,) = caught.value.problems
    return str(problem)


def test_our_own_files_follow_yaml_1_2_core() -> None:
    text = "a: on\nb: yes\nc: true\nd: 2026-12-27\ne: 1.10\nf: 007\ng: 0o17\nh: ~\ni: 12:30:45\nj: 'on'"
    assert parse(text) == {
        "a": "on",
        "b": "yes",
        "c": True,
        "d": "2026-12-27",
        "e": 1.1,
        "f": 7,
        "g": 15,
        "h": None,
        "i": "12:30:45",
        "j": "on",
    }


def test_manifests_are_read_as_kubectl_reads_them() -> None:
    text = (
        "a: 0644\nb: yes\nc: off\nd: 2026-12-27\ne: 12:30:45\nf: 1_000\ng: 08\nh: 1e3\n"
        "i: 0x1F\nj: -0b11\nk: '0644'\nl: n\non: x\n1: z\nm: 0o17"
    )
    assert parse(text, Scalars.KUBECTL) == {
        "a": 420,
        "b": True,
        "c": False,
        "d": "2026-12-27",
        "e": "12:30:45",
        "f": 1000,
        "g": 8.0,
        "h": 1000.0,
        "i": 31,
        "j": -3,
        "k": "0644",
        "l": False,
        "true": "x",
        "1": "z",
        "m": 15,
    }


def test_a_key_keeps_its_spelling_in_our_own_files() -> None:
    assert parse("on: 1\n0644: 2\ntrue: 3\n") == {"on": 1, "0644": 2, "true": 3}


def test_explicit_tags_of_json_types_are_honoured() -> None:
    text = "a: !!str 5\nb: !!float 3\nc: !!int '7'\nd: ! 9\ne: !!map {x: 1}"
    assert parse(text) == {"a": "5", "b": 3.0, "c": 7, "d": "9", "e": {"x": 1}}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb:\n  c: 2\n  c: 3\n", "f.yaml:4:3: key 'c' appears twice (first on line 3)"),
        ("a: 1\n'a': 2\n", "f.yaml:2:1: key 'a' appears twice"),
        ("<<: {a: 1}\n<<: {b: 1}\n", "f.yaml:2:1: key '<<' appears twice"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: a tab"),
        ("a: @x\n", "f.yaml:1:4: no text may begin with this character"),
        ("a: *b\n", "f.yaml:1:4: this alias (*) names no anchor"),
        ("a: &x [*x]\n", "f.yaml:1:8: this alias (*) names no anchor"),
        ("a: !thing b\n", "f.yaml:1:4: this tag has no meaning here"),
        ("a: !e!thing b\n", "f.yaml:1:4: this tag has no meaning here"),
        ("a: !!binary aGk=\n", "f.yaml:1:4: this tag has no meaning here"),
        ("a: !!set {x}\n", "f.yaml:1:4: this tag has no meaning here"),
        ("a: !!int x\n", "f.yaml:1:4: the value does not fit its tag"),
        ("? [a]\n: b\n", "f.yaml:1:3: a key must be a plain text"),
        ("{a: 1}: b\n", "f.yaml:1:1: a key must be a plain text"),
        ("b: &k x\n*k : y\n", "f.yaml:2:1: a key must be a plain text"),
        ("'': 1\n? ''\n", "f.yaml:2:3: key '' appears twice"),
        ("a: 1\n? \n: 2\n", "f.yaml:2:2: an empty key"),
        ("a: b: c\n", "f.yaml:1:5: a second ': '"),
        ("a: .inf\n", "f.yaml:1:4: infinity"),
        ("a: .nan\n", "f.yaml:1:4: infinity"),
        ("a: 1e999\n", "f.yaml:1:4: this number is too large"),
        ("a: 9223372036854775808\n", "f.yaml:1:4: this number needs more than 64 bits"),
        ("a: " + "1" * 5000, "f.yaml:1:4: this number needs more than 64 bits"),
        ("a: 1\n<<: 5\n", "f.yaml:2:5: the merge key << takes"),
        ("a: 'x\x01'\n", "f.yaml:1: a control character"),
        ("a: 1\nb: x\0y\n", "f.yaml:2: a control character"),
        ("'a", "f.yaml:1:3: not valid YAML"),
    ],
)
def test_a_fault_names_file_line_and_column(text: str, place: str) -> None:
    assert fault(text).startswith(place)


@pytest.mark.parametrize(
    "text",
    [
        "password: *hunter2hunter2\n",
        "password: !hunter2hunter2\n",
        "password: !<hunter2hunter2\n",
        "password: &hunter2hunter2!\n",
        "password: @hunter2hunter2\n",
        "password: %hunter2hunter2\n",
        "password: |hunter2hunter2\n",
        "password: 'hunter2'hunter2'\n",
        'password: "hunter2\\qhunter2\n',
        "password: hunter2: hunter2\n",
        "password: {hunter2hunter2\n",
        "password: [hunter2hunter2\n",
        "%hunter2hunter2 a\n",
        "password: !!int hunter2\n",
        "password: hunter2\x07\n",
    ],
)
def test_no_message_repeats_what_may_be_a_secret(text: str) -> None:
    assert "hunter2" not in fault(text)


def test_a_billion_laughs_stop_early() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    assert f"aliases add more than {MAX_ALIASED_NODES}" in fault("\n".join(lines))


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 5_000, "- " * 2_000])
def test_deep_nesting_stops_at_the_limit(text: str) -> None:
    assert f"nested deeper than {MAX_DEPTH} levels" in fault(text)


def test_nesting_up_to_the_limit_is_read() -> None:
    data = parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    depth = 0
    while data:
        assert isinstance(data, list)
        data, depth = data[0], depth + 1
    assert depth == MAX_DEPTH - 1


def test_each_use_of_an_anchor_is_a_value_of_its_own() -> None:
    data = parse("a: &x {k: [1]}\nb: *x\n")
    assert isinstance(data, dict)
    data["b"]["k"].append(2)
    assert data == {"a": {"k": [1]}, "b": {"k": [1, 2]}}


def test_merge_keys_yield_to_keys_written_out() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc:\n  x: 9\n  <<: [*a, *b]\n"
    assert parse(text) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 3, "z": 4},
        "c": {"x": 9, "y": 2, "z": 4},
    }


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert parse("'<<': 5\n") == {"<<": 5}


def test_lines_of_keys_items_and_merged_keys_are_kept() -> None:
    text = "a: 1\nlist:\n  - x\n  -\n    k: 5\nbase: &b\n  m: 1\nuse:\n  <<: *b\n  n: 2\n"
    (document,) = parse_documents(text, file="f")
    assert document.line(("a",)) == 1
    assert document.line(("list", 0)) == 3
    assert document.line(("list", 1, "k")) == 5
    assert document.line(("use",)) == 8
    assert document.line(("use", "m")) == 7
    assert document.line(("use", "n")) == 10


def test_an_unknown_path_has_the_line_of_the_nearest_known_one() -> None:
    (document,) = parse_documents("a:\n  b: 1\n", file="f")
    assert document.line(("a", "b", "c", 7)) == 2
    assert document.line(("zz",)) == 1


def test_places_inside_texts_are_found() -> None:
    text = "a: abc\nb: 'abc'\nc: |-\n    one\n\n    two\nd: >-\n  one\n  two\n"
    (document,) = parse_documents(text, file="f")
    assert document.inside_text(("a",), 1, 2) == (1, 5)
    assert document.inside_text(("b",), 1, 2) == (2, 6)
    assert document.inside_text(("c",), 1, 1) == (4, 5)
    assert document.inside_text(("c",), 3, 2) == (6, 6)
    assert document.inside_text(("d",), 1, 5) == (7, 4)


def test_several_documents_keep_their_own_lines() -> None:
    first, second = parse_documents("a: 1\n---\nb:\n  c: 2\n", file="f")
    assert (first.data, second.data) == ({"a": 1}, {"b": {"c": 2}})
    assert second.line(("b", "c")) == 4


def test_an_anchor_does_not_reach_into_the_next_document() -> None:
    assert "f.yaml:3:4: this alias" in fault("a: &x 1\n---\nb: *x\n")


def test_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\nc: 3\r\n")
    document = read_document(file)
    assert document.data == {"a": 1, "b": "x\ny\n", "c": 3}
    assert document.line(("c",)) == 5


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(ContentError) as caught:
        read_document(file)
    assert str(caught.value.problems[0]) == f"{file}:2: not valid UTF-8; save the file as UTF-8"


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(ContentError, match="larger than 5 MB"):
        read_document(file)


@pytest.mark.parametrize("content", ["", "# nothing\n", "---\n", "~\n"])
def test_an_empty_file_is_an_error_not_an_empty_configuration(tmp_path: Path, content: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(content)
    with pytest.raises(ContentError, match="the file is empty"):
        read_document(file)


def test_a_second_document_is_refused_where_one_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("a: 1\n---\nb: 2\n")
    with pytest.raises(ContentError, match=r"f\.yaml:2:1: a second document begins here"):
        read_document(file)
    assert len(read_documents(file)) == 2


def test_a_missing_file_and_a_folder_are_reported_in_the_wanted_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_document(tmp_path / "none.yaml", error=ConfigurationError)
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read_document(tmp_path, error=ConfigurationError)


_scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
)
_data = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcdefgh_-", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=_data, flow=st.booleans())
def test_what_pyyaml_writes_reads_back_the_same(data: object, flow: bool) -> None:
    text = yaml.safe_dump({"k": data}, default_flow_style=flow, allow_unicode=True)
    assert parse(text) == {"k": data}
