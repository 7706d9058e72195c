"""Waivers annotate and are accounted for."""

from __future__ import annotations

from datetime import date

import pytest

from ojkaudit.model.outcome import Outcome
from ojkaudit.model.result import WaiverResult
from tests.support.judging import (
    POD,
    World,
    assessed,
    judged,
    named,
    only,
    parameter,
    rule,
    waiver,
)

BAD = named("b", ok=False)


@pytest.mark.parametrize(
    ("glob", "matches"),
    [
        ("*", True),
        ("okd/pay/*", True),
        ("okd/*/b", True),
        ("*/pay/b", True),
        ("okd/web/*", False),
        ("okd/b", False),
        ("OKD/pay/b", False),
        ("okd/pay", False),
    ],
)
def test_a_glob_is_held_against_target_namespace_and_name(glob: str, matches: bool) -> None:
    world = World().read("okd", POD, named("b", "pay", ok=False))
    finding = only(judged(world, rule(subjects=(POD,)), waivers=(waiver(subject=glob),)))
    assert finding.outcome is Outcome.FAIL
    assert bool(finding.waiver) is matches


@pytest.mark.parametrize("glob", ["okd//b", "okd/b", "okd/*"])
def test_without_namespace_target_and_name_are_enough(glob: str) -> None:
    finding = only(judged(World().nodes(BAD), rule(), waivers=(waiver(subject=glob),)))
    assert finding.waiver == "W-1"


@pytest.mark.parametrize(
    ("given", "state", "annotates"),
    [
        ({}, "active", True),
        ({"until": date(2026, 12, 1)}, "expiring", True),
        ({"until": date(2026, 11, 20)}, "expiring", True),
        ({"until": date(2026, 11, 19)}, "expired", False),
        ({"issued": date(2026, 11, 21)}, "not_yet", False),
        ({"rule": "T-002"}, "unused", False),
        ({"subject": "elsewhere/*"}, "unused", False),
    ],
)
def test_only_valid_waivers_annotate_and_all_are_reported(
    given: dict[str, object], state: str, annotates: bool
) -> None:
    judgement = assessed(World().nodes(BAD), rule(), waivers=(waiver(**given),))
    found: WaiverResult = only(judgement.waivers)
    assert found.state == state
    assert bool(only(judgement.findings).waiver) is annotates
    assert found.matched == (0 if state == "unused" else 1)


def test_how_long_before_its_end_a_waiver_expires_is_a_parameter() -> None:
    chosen = waiver(until=date(2026, 12, 1))
    few = parameter("attestation_warn_days", 5)
    judgement = assessed(World().nodes(BAD), rule(), waivers=(chosen,), parameters=(few,))
    assert only(judgement.waivers).state == "active"


def test_of_several_waivers_the_first_by_id_annotates_and_each_counts() -> None:
    several = (waiver(id="W-2"), waiver(id="W-1"), waiver(id="W-0", until=date(2026, 1, 1)))
    judgement = assessed(World().nodes(BAD), rule(), waivers=several)
    assert only(judgement.findings).waiver == "W-1"
    assert [(w.id, w.matched) for w in judgement.waivers] == [("W-0", 1), ("W-1", 1), ("W-2", 1)]
