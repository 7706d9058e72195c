"""Random expressions mean the same to us and to Google's runtime."""

from __future__ import annotations

import pytest

from tests.support.cel_oracle import Comparison, Oracle, report
from tests.support.cel_oracle_grammar import ENVIRONMENT, Grammar
from tests.support.cel_oracle_mutation import seeded
from tests.support.cel_random_inputs import random_inputs

_ROUNDS = 85
_TEXTS = 20
_INPUTS = 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 202, 303, 404])
def test_random_expressions_agree_in_value_and_in_error(seed: int) -> None:
    grammar = Grammar(seed)
    generator = seeded(seed)
    tally = Comparison()
    with Oracle(ENVIRONMENT) as oracle:
        for _ in range(_ROUNDS):
            texts = [grammar.expression() for _ in range(_TEXTS)]
            inputs = [random_inputs(generator) for _ in range(_INPUTS)]
            oracle.compare(tally, texts, inputs)
    report(f"comparisons: {tally.count} random ({tally.errors} errors, {tally.refused} refused)")
    assert tally.different == 0, "\n".join(tally.differences)
    assert tally.count >= 30_000
    # Agreement on errors alone would prove little.
    assert tally.errors < tally.count / 2
