"""Every expression of every rule means the same to us and to Google's runtime."""

from __future__ import annotations

import pytest

from ojkaudit.model.expressions import rule_environment
from tests.support.cel_oracle import Comparison, Oracle, report
from tests.support.cel_oracle_mutation import seeded
from tests.support.cel_rule_inputs import case_inputs, made_inputs, rule_texts, varied
from tests.support.needs import ROOT

_COMPARISONS = 90_000
_COPIES = 12


@pytest.mark.slow
def test_rule_expressions_agree_on_faulty_evidence() -> None:
    environment = rule_environment()
    rules = rule_texts()
    assert len(rules) >= 30
    generator = seeded(7)
    tally = Comparison()
    share = _COMPARISONS // len(rules)
    with Oracle(environment) as oracle:
        for rule_id, texts, content in rules:
            start = tally.count
            cases = list(case_inputs(content, ROOT / "fixtures" / "rules" / f"{rule_id}.yaml"))
            round_ = 0
            while tally.count - start < share:
                # Cases and made-up evidence in turn: the first are realistic, the second varied.
                base = (
                    cases[round_ // 2 % len(cases)]
                    if cases and round_ % 2 == 0
                    else made_inputs(generator, environment, texts)
                )
                oracle.compare(tally, list(texts.values()), varied(generator, base, _COPIES))
                round_ += 1
    report(f"comparisons: {tally.count} on {len(rules)} rules ({tally.errors} errors)")
    assert tally.different == 0, "\n".join(tally.differences)
    assert tally.refused == 0
    assert tally.count >= _COMPARISONS
    assert tally.errors < tally.count * 0.8
