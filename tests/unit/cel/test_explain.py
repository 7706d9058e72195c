from __future__ import annotations

import datetime as dt

import pytest

from ojkaudit.cel import Activation, Environment, Term, types
from ojkaudit.cel.explain import MAX_ELEMENTS, brief

ENVIRONMENT = Environment(variables={"object": types.DYN, "params": types.DYN})
OBJECT = {
    "replicas": 1,
    "items": [
        {"name": "a", "image": "x:latest"},
        {"name": "b", "image": "y@sha256:1"},
        {"name": "c", "image": "z:latest"},
    ],
}


def terms(text: str, data: object = OBJECT) -> tuple[Term, ...]:
    program = ENVIRONMENT.compile(text, expect=types.BOOL)
    return program.failing_terms(Activation(variables={"object": data, "params": {"min": 2}}))


def test_only_the_false_terms_are_named() -> None:
    found = terms("has(object.items) && object.replicas >= params.min && object.replicas == 1")
    assert [term.text for term in found] == ["object.replicas >= params.min"]
    assert found[0].detail == "object.replicas = 1; params.min = 2"
    assert (found[0].line, found[0].column) == (1, 38)


def test_the_offending_elements_are_named_with_their_index() -> None:
    found = terms("object.items.all(i, i.name != '' && i.image.contains('@sha256:'))")
    assert [term.text for term in found] == ["i.image.contains('@sha256:')"] * 2
    assert "object.items[0]" in found[0].detail
    assert 'i.image = "x:latest"' in found[0].detail
    assert "object.items[2]" in found[1].detail


def test_a_forbidden_element_is_named() -> None:
    (term,) = terms("!object.items.exists(i, i.name == 'b')")
    assert term.text == "!object.items.exists(i, i.name == 'b')"
    assert term.detail.startswith("object.items[1] = ")


def test_the_branch_taken_is_explained() -> None:
    (term,) = terms("object.replicas == 1 ? object.items == [] : false")
    assert term.text == "object.items == []"


def test_all_alternatives_of_a_failed_choice_are_shown() -> None:
    (term,) = terms("object.replicas == 2 || object.replicas > params.min")
    assert term.detail == "object.replicas = 1; params.min = 2"


def test_an_absent_field_is_shown_as_absent() -> None:
    (term,) = terms("has(object.zz)")
    assert term.detail == "object.zz is absent"
    (term,) = terms("object.?zz.hasValue()")
    assert term.detail == "object.?zz = absent"


def test_few_of_many_offending_elements_are_shown() -> None:
    data = {"items": [{"n": number} for number in range(1_000)]}
    assert len(terms("object.items.all(i, i.n < 0)", data)) == MAX_ELEMENTS


def test_a_term_that_has_no_value_beside_a_false_one_is_left_out() -> None:
    found = terms("object.zz == 1 && object.replicas == 2")
    assert [term.text for term in found] == ["object.replicas == 2"]


@pytest.mark.parametrize("text", ["object.replicas == 1", "object.zz == 1"])
def test_what_is_not_false_has_no_failing_terms(text: str) -> None:
    assert terms(text) == ()


def test_every_false_condition_has_a_term() -> None:
    for text in ("false", "object.items.exists(i, false)", "!true", "!object.items.all(i, true)"):
        assert len(terms(text)) == 1


def test_a_term_is_short_however_large_the_evidence() -> None:
    data = {"items": [{"name": "x" * 10_000, "deep": [[[[1] * 50] * 50] * 50]}] * 500}
    (term,) = terms("object.items == []", data)
    assert len(term.detail) <= 400


def test_line_breaks_of_the_source_do_not_reach_the_text() -> None:
    (term,) = terms("true && (object.replicas\n    == 2)")
    assert term.text == "(object.replicas == 2)"


def test_values_in_brief() -> None:
    moment = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    assert brief({"a": [1, None, True], "t": moment}) == (
        '{"a": [1, null, true], "t": 2026-01-02T00:00:00Z}'
    )
    assert brief(dt.timedelta(seconds=5)) == "5s"
    assert brief(b"secret") == "6 bytes"
    assert brief(list(range(9))) == "[0, 1, 2, 3, 4, …]"
