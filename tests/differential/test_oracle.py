"""The comparison itself can fail: a wrong answer, a wrong type and a wrong refusal are seen."""

from __future__ import annotations

import pytest

from ojkaudit.cel import Environment, types
from tests.support.cel_oracle import Comparison, Oracle, encode
from tests.support.cel_oracle_grammar import ENVIRONMENT


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["bool", True], ["bool", False]),
        (["bool", True], ["int", 1]),
        (["error"], ["bool", False]),
        (["bool", True], ["error"]),
        ("accepted", "refused"),
    ],
)
def test_a_difference_is_counted(ours: object, theirs: object) -> None:
    tally = Comparison()
    tally.add("x", {}, ours, theirs)
    assert tally.different == 1
    assert tally.differences


def test_results_of_unlike_types_are_encoded_apart() -> None:
    values = (True, 1, 1.0, "1", b"1", None, [1], {"a": 1}, {1: 1})
    assert len({str(encode(value)) for value in values}) == len(values)


def test_an_environment_that_differs_is_noticed() -> None:
    with Oracle(Environment(variables={"d": types.STRING})) as oracle:
        oracle.environment = ENVIRONMENT
        tally = Comparison()
        oracle.compare(tally, ["d.a == 1"], [{"d": "text"}])
    assert tally.different == 1


def test_errors_and_nulls_of_the_other_runtime_arrive_as_such() -> None:
    with Oracle(ENVIRONMENT) as oracle:
        texts = ["d.a", "d.zz", "[d.a, 1]", "1/0 == 1 || true", "nowhere"]
        answers = oracle.ask([(text, [{"d": {"a": None}}]) for text in texts])
    assert answers[:4] == [
        [["null"]],
        [["error"]],
        [["list", [["null"], ["int", 1]]]],
        [["bool", True]],
    ]
    assert "undeclared" in answers[4]


def test_many_nulls_do_not_end_the_other_runtime() -> None:
    with Oracle(ENVIRONMENT) as oracle:
        answers = oracle.ask([("d.a", [{"d": {"a": None}}] * 20_000)])
    assert answers == [[["null"]] * 20_000]
