"""Parameters in force."""

from __future__ import annotations

import pytest

from ojkaudit.engine import parameters
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import ParameterOverride, Profile
from ojkaudit.model.outcome import Outcome, ParameterOrigin
from tests.support.judging import (
    World,
    assessed,
    catalog,
    judged,
    named,
    only,
    parameter,
    rule,
    text,
)


def profile(name: str, value: object) -> Profile:
    override = ParameterOverride(name=name, value=value, rationale="why")  # type: ignore[arg-type]
    return Profile(id="p", title=text(), parameters=(override,))


def test_a_profile_overrides_and_says_why() -> None:
    judgement = assessed(
        World().nodes(named("a", ok=True)),
        rule(),
        parameters=(parameter("days", 365), parameter("asis", 1)),
        profile=profile("days", 400),
    )
    asis, days = judgement.parameters
    assert (asis.value, asis.origin) == (1, ParameterOrigin.POLICY)
    assert (days.value, days.origin, days.citation) == (400, ParameterOrigin.PROFILE, "why")


@pytest.mark.parametrize(
    ("value", "kind", "expression"),
    [
        (3, "int", "params.p + 1 == 4"),
        (3, "double", "params.p * 1.5 == 4.5"),
        (2.5, "double", "params.p == 2.5"),
        ("ID", "string", "params.p == 'ID'"),
        (True, "bool", "params.p"),
        (("ID", "SG"), "list(string)", "'ID' in params.p && size(params.p) == 2"),
        ((1, 2), "list(int)", "2 in params.p"),
        ((), "list(string)", "size(params.p) == 0"),
    ],
)
def test_expressions_see_parameters_in_their_type(
    value: object, kind: str, expression: str
) -> None:
    world = World().nodes(named("a"))
    chosen = rule(pass_expression=expression)
    finding = only(judged(world, chosen, parameters=(parameter("p", value, kind),)))
    assert finding.outcome is Outcome.PASS


def test_a_parameter_that_does_not_exist_is_unknown() -> None:
    finding = only(judged(World().nodes(named("a")), rule(pass_expression="params.nothing < 1")))
    assert finding.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("value", "kind"),
    [("3", "int"), (True, "int"), (1.0, "int"), (1, "bool"), (1, "string"), ((1,), "list(string)")],
)
def test_a_value_of_another_type_is_refused(value: object, kind: str) -> None:
    with pytest.raises(ContentError, match="parameter p"):
        parameters.effective(catalog(parameters=(parameter("p", value, kind),)), profile_empty())


def test_an_override_of_nothing_is_refused() -> None:
    with pytest.raises(ContentError, match="dayz"):
        parameters.effective(catalog(parameters=(parameter("days", 1),)), profile("dayz", 2))


def profile_empty() -> Profile:
    return Profile(id="p", title=text())
