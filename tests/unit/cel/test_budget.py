from __future__ import annotations

import time

import pytest

from ojkaudit.cel import Activation, CelBudgetError, CelEvaluationError, Environment, types

ENVIRONMENT = Environment(variables={"l": types.DYN, "s": types.DYN})
LIST = list(range(1_000))


def run(text: str, budget: int = 100_000, **variables: object) -> object:
    activation = Activation(variables={"l": LIST, "s": "x", **variables}, budget=budget)
    return ENVIRONMENT.compile(text).evaluate(activation)


@pytest.mark.parametrize(
    "text",
    [
        "l.all(a, l.all(b, true))",
        "l.exists(a, l.exists(b, false))",
        "l.all(a, l.all(b, a.x))",
        "true || l.all(a, l.all(b, true)) && false",
        "l.all(a, l.all(b, true)) || true",
        "false && true || l.all(a, l.all(b, true)) || true",
        "[1, 2].exists(i, i == 2 || l.all(a, l.all(b, true)))",
        "[1, 2].all(i, l.all(a, l.all(b, true)) && i == 1)",
        "l.exists_one(a, l.exists_one(b, false))",
        "size(l.map(a, l.map(b, 1)))",
        "size(l.filter(a, l.filter(b, true) == []))",
        "size(l.transformMap(i, v, l.transformList(j, w, w)))",
    ],
)
def test_a_spent_budget_ends_the_evaluation_and_is_never_absorbed(text: str) -> None:
    if text.startswith("true ||"):
        # The first term decides: what costs too much is not reached.
        assert run(text) is True
        return
    with pytest.raises(CelBudgetError) as caught:
        run(text)
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "[s]" + ".map(x, x + x)" * 150,
        "[[s]]" + ".map(x, x + x)" * 150,
        "[s]" + ".map(x, [x, x])" * 100 + " == [s]" + ".map(x, [x, x])" * 99 + ".map(x, [x, s])",
        "'%s'.format([s])" + ".replace('x', 'xxxxxxxx')" * 60,
        "[s]" + ".map(x, '%s%s%s'.format([x, x, x]))" * 60,
        "'%s'.format([s]" + ".map(x, [x, x])" * 60 + ")",
        "[s]" + ".map(x, [x, x, x].join(x))" * 60,
        "[s]" + ".map(x, x.replace('', x))" * 60,
        "string([s]" + ".map(x, x + x)" * 60 + "[0]).split('')",
    ],
)
def test_values_that_double_at_every_step_are_stopped_early(text: str) -> None:
    start = time.process_time()
    with pytest.raises(CelEvaluationError):
        run(text, budget=1_000_000)
    assert time.process_time() - start < 5


def test_a_budget_error_is_an_evaluation_error() -> None:
    assert issubclass(CelBudgetError, CelEvaluationError)


def test_the_default_budget_suffices_for_large_evidence() -> None:
    items = [{"name": str(number), "ports": [1, 2, 3]} for number in range(5_000)]
    program = ENVIRONMENT.compile("l.all(i, i.name != '' && i.ports.all(p, p > 0))")
    assert program.evaluate(Activation(variables={"l": items})) is True


def test_data_nested_too_deeply_is_an_error() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    other: list[object] = []
    for _ in range(5_000):
        other = [other]
    with pytest.raises(CelEvaluationError):
        run("l == s", l=deep, s=other)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "^(a?){50}a{50}$", "(.*)*x"])
def test_patterns_that_explode_elsewhere_are_quick(pattern: str) -> None:
    start = time.process_time()
    run(f"s.matches('{pattern}')", s="a" * 50_000 + "!")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", ["a{1000}{1000}", "(?=a)", "\\\\1", "(", "x" * 2_000])
def test_patterns_that_cannot_run_in_bounded_space_are_errors(pattern: str) -> None:
    with pytest.raises(CelEvaluationError, match="regular expression"):
        run("'a'.matches(s)", s=pattern.replace("\\\\", "\\"))
