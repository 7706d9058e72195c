"""The catalogue's expressions: each case has its outcome, and both runtimes agree on all of them."""

from __future__ import annotations

import pytest

from ojkaudit.cel import Activation, CelEvaluationError, Program, types
from tests.support.cel_catalogue import ENVIRONMENT, Catalogue
from tests.support.cel_oracle import Comparison, Oracle, report
from tests.support.cel_oracle_functions import NOW
from tests.support.cel_oracle_mutation import mutated, seeded

pytestmark = pytest.mark.recordings

_COMPARISONS = 60_000
_BATCH = 15


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def test_every_case_has_its_outcome(catalogue: Catalogue) -> None:
    functions = catalogue.functions()
    wrong: list[str] = []
    count = 0
    for control_id, texts in catalogue.texts():
        programs = {
            key: ENVIRONMENT.compile(text, expect=types.BOOL) for key, text in texts.items()
        }
        for case in catalogue.cases[control_id]:
            activation = Activation(variables=catalogue.inputs(case), functions=functions)
            found = _outcome(programs, activation)
            count += 1
            if found != case["expect"]:
                wrong.append(f"{control_id}: {found}, expected {case['expect']}")
    assert wrong == []
    assert count >= 495


def _outcome(programs: dict[str, Program], activation: Activation) -> str:
    try:
        if "unknown_cel" in programs and programs["unknown_cel"].evaluate(activation):
            return "unknown"
        return "pass" if programs["cel"].evaluate(activation) else "fail"
    except CelEvaluationError:
        return "unknown"


@pytest.mark.slow
def test_catalogue_expressions_agree_on_faulty_evidence(catalogue: Catalogue) -> None:
    generator = seeded(11)
    tally = Comparison()
    listed = [
        (list(texts.values()), catalogue.inputs(case))
        for control_id, texts in catalogue.texts()
        for case in catalogue.cases[control_id]
    ]
    assert len({text for texts, _ in listed for text in texts}) >= 220
    with Oracle(ENVIRONMENT) as oracle:
        while tally.count < _COMPARISONS:
            for texts, inputs in listed:
                batch = [
                    {
                        name: value
                        if name == "now"
                        else mutated(generator, value, number and generator.choice((1, 1, 2, 3)))
                        for name, value in inputs.items()
                    }
                    for number in range(_BATCH)
                ]
                oracle.compare(tally, texts, batch)
    report(f"comparisons: {tally.count} on the catalogue ({tally.errors} errors)")
    assert tally.different == 0, "\n".join(tally.differences)
    assert tally.refused == 0
    assert all(inputs["now"] == NOW for _, inputs in listed)
