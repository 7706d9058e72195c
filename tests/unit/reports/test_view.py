"""The view model: what the report says, before any template."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ojkaudit.model.outcome import Language, Outcome, Severity, VerdictStatus
from ojkaudit.model.result import AssessmentResult, FailedTerm
from ojkaudit.model.text import Text
from ojkaudit.reports.view import ReportView, build_view
from tests.support.results import large_result, passing_result, rich_result

SHA = "ab" * 32


def view(result: AssessmentResult, language: Language = Language.EN) -> ReportView:
    return build_view(result, language, SHA)


def test_a_failing_result_says_so_with_its_numbers() -> None:
    summary = view(rich_result()).summary
    assert (summary.verdict.word, summary.verdict.tone) == ("NOT COMPLIANT", "fail")
    assert summary.sentence.startswith("5 rules are not met, 4 of them of critical or high")
    assert "5 rules could not be judged in full" in summary.sentence
    assert summary.judged == "3 of 8 rules judged in full"


def test_only_a_fully_judged_result_without_failures_is_green() -> None:
    assert view(passing_result()).summary.verdict.tone == "pass"


def test_a_result_with_unknown_findings_is_never_green_even_when_allowed() -> None:
    blind = passing_result(unknown=1)
    allowed = replace(blind, verdict=replace(blind.verdict, allow_incomplete=True))
    summary = view(allowed).summary
    assert summary.verdict.tone == "unknown"
    assert summary.verdict.word == "NOT YET CONCLUSIVE"
    assert any("allow-incomplete" in notice for notice in summary.notices)
    assert summary.unseen_total == "1"


def test_rules_the_profile_leaves_out_are_named_on_the_first_page() -> None:
    fewer = replace(
        passing_result(), rules_left_out=("RES-003", "TLS-002"), left_out_rationale="No cluster."
    )
    (notice,) = [n for n in view(fewer).summary.notices if "not selected" in n]
    assert "2 rules" in notice
    assert "RES-003, TLS-002" in notice
    assert "No cluster." in notice
    assert not [n for n in view(passing_result()).summary.notices if "not selected" in n]


def test_many_rules_left_out_are_counted_and_cut_short() -> None:
    names = tuple(f"RES-{number:03}" for number in range(40))
    (notice,) = view(replace(passing_result(), rules_left_out=names)).summary.notices
    assert "40 rules" in notice
    assert "RES-011, …" in notice


def test_an_incomplete_result_is_not_called_compliant() -> None:
    blind = passing_result(unknown=2)
    incomplete = replace(blind, verdict=replace(blind.verdict, status=VerdictStatus.INCOMPLETE))
    summary = view(incomplete).summary
    assert (summary.verdict.word, summary.verdict.tone) == ("NOT YET CONCLUSIVE", "unknown")
    assert "must not be taken as met" in summary.sentence


def test_failures_below_the_limit_are_still_told() -> None:
    result = passing_result()
    table = {**result.counts, "fail": 1}
    rule = replace(result.rules[0], severity=Severity.LOW, outcome=Outcome.FAIL, counts=table)
    found = replace(
        rich_result().findings[0], rule=rule.id, outcome=Outcome.FAIL, severity=Severity.LOW
    )
    below = replace(result, counts=table, rules=(rule,), findings=(found,))
    assert "1 rule below that limit is not met" in view(below).summary.sentence


def test_top_failures_are_the_gravest_then_the_most_frequent() -> None:
    assert [item.rule for item in view(rich_result()).summary.top] == [
        "PG-010",
        "RES-003",
        "DEP-004",
        "CRT-002",
        "SEC-021",
    ]


def test_at_most_eight_top_failures_and_a_line_for_the_rest() -> None:
    summary = view(large_result()).summary
    assert len(summary.top) == 8
    assert summary.top_more == "… and 32 more rules in the section Failing findings"


def test_a_single_failure_among_thousands_stays_visible_in_the_bar() -> None:
    result = passing_result()
    rare = replace(result, counts={**result.counts, "pass": 100_000, "unknown": 1})
    shares = {share.badge.tone: int(share.width) for share in view(rare).summary.shares}
    assert shares["unknown"] >= 8
    assert sum(shares.values()) <= 1000


def test_expired_certificates_come_first() -> None:
    register = view(rich_result()).register
    assert [row.id for row in register][:2] == ["iso27001-cikaso", "afpi-2026"]
    assert (register[0].state.word, register[0].days) == ("Expired", "expired 20 days ago")
    assert register[-1].valid_until == "\u2013"


def test_a_file_that_differs_is_marked_as_failing() -> None:
    states = {row.id: row.file_state.tone for row in view(rich_result()).register}
    assert states["pci-aoc"] == "fail"
    assert states["afpi-2026"] == "na"


def test_subjects_are_capped_and_the_rest_counted() -> None:
    rules = {r.id: r for group in view(rich_result()).failures for r in group.rules}
    assert len(rules["DEP-004"].subjects) == 25
    assert rules["DEP-004"].more == "… and 5 more, all in findings.jsonl.zst"
    assert rules["PG-010"].more == ""


def test_fewer_subjects_are_printed_when_very_many_rules_fail() -> None:
    shown = view(large_result())
    assert shown.subjects_per_rule == "10"
    printed = [len(rule.subjects) for group in shown.failures for rule in group.rules]
    assert set(printed) == {10}
    assert len(printed) == 40


def test_a_condition_all_subjects_share_is_printed_once() -> None:
    rules = {r.id: r for group in view(rich_result()).failures for r in group.rules}
    assert len(rules["DEP-004"].terms) == 1
    assert all(row.terms == () for row in rules["DEP-004"].subjects)


def test_a_waiver_annotates_and_the_finding_still_fails() -> None:
    shown = view(rich_result())
    rules = {r.id: r for group in shown.failures for r in group.rules}
    assert rules["CRT-002"].subjects[0].waiver == "W-2026-07"
    assert (
        "1 failing finding carries a waiver; it still counts as failing." in shown.summary.notices
    )


def test_unknown_findings_are_grouped_by_cause_with_what_to_grant() -> None:
    groups = {group.title: group for group in view(rich_result()).unseen}
    refused = groups["Access refused"]
    assert refused.count == "2"
    assert [(row.rules, row.grant) for row in refused.rows] == [
        ("DEP-004, SEC-021", "list deployments.apps")
    ]
    assert groups["No collector yet"].rows[0].targets == "elasticsearch/Index"
    assert "A person must judge" in groups


def test_every_unjudged_finding_is_counted_in_some_group() -> None:
    result = large_result(rules=6, failing=2, unknown=50)
    total = sum(int(group.count) for group in view(result).unseen)
    assert total == result.counts["unknown"] + result.counts["manual"]


def test_what_does_not_apply_is_listed_with_its_reason() -> None:
    rows = view(rich_result()).skipped
    assert [(row.rule, row.reason, row.count) for row in rows] == [
        ("PG-031", "Not the primary server.", "1")
    ]


def test_an_article_is_marked_citable_only_where_its_text_was_read() -> None:
    rows = {row.id: row for document in view(rich_result()).documents for row in document.rows}
    assert rows["P162"].citable
    assert not rows["DRC"].citable
    assert rows["DRC"].not_corroborated


def test_incomplete_kinds_come_before_complete_ones() -> None:
    targets = {target.id: target for target in view(rich_result()).targets}
    tones = [row.status.tone for row in targets["okd-utama"].rows]
    assert tones == ["na", "unknown", "pass", "pass"]
    assert targets["okd-pulih"].tally == "1 of 2 kinds read completely"


def test_a_target_that_never_answered_is_listed() -> None:
    result = rich_result()
    silent = replace(result, coverage=())
    assert {t.id for t in view(silent).targets} == {t.id for t in result.targets}
    assert all(t.rows == () for t in view(silent).targets)


def test_lost_coverage_is_told_beside_the_changes() -> None:
    shown = view(rich_result())
    assert "that is not progress" in shown.summary.comparison_note
    assert shown.comparison is not None
    assert shown.comparison.rows[0].change.word == "Newly failing"
    assert shown.comparison.rows[-1].change.word == "Fixed"
    assert shown.comparison.lost == ("okd-pulih kubernetes/apps/v1/Deployment",)


def test_parameters_show_value_and_origin() -> None:
    rows = {row.name: row for row in view(rich_result(), Language.ID).parameters}
    assert rows["personal_data_min_retention_days"].value == "1.826"
    assert rows["allowed_countries"].origin == "peraturan"


@pytest.mark.parametrize("language", list(Language))
def test_control_characters_never_reach_the_view(language: Language) -> None:
    result = rich_result()
    hostile = replace(
        result,
        institution=replace(result.institution, name="PT \x1b[2J\u202eContoh"),
        targets=tuple(replace(t, version="\x07v1") for t in result.targets),
    )
    text = repr(view(hostile, language))
    assert "\\x1b" not in text
    assert "\\x07" not in text
    assert "\\\\u001b[2J" in text


def test_a_message_that_only_repeats_what_is_expected_is_left_out() -> None:
    result = rich_result()
    expected = {rule.id: rule.expected for rule in result.rules}
    echo = replace(
        result,
        findings=tuple(
            replace(f, message=Text(id="Gagal: -", en=f"Not met: {expected[f.rule].en}"))
            for f in result.findings
        ),
    )
    rules = [rule for group in view(echo).failures for rule in group.rules]
    assert {rule.message for rule in rules} == {""}


def test_long_conditions_are_shortened_in_print() -> None:
    result = rich_result()
    term = FailedTerm(text="a || " * 500, line=1, column=1, detail="b == 1; " * 500)
    wordy = replace(
        result, findings=tuple(replace(f, failed_terms=(term,) * 9) for f in result.findings)
    )
    rules = [rule for group in view(wordy).failures for rule in group.rules]
    assert all(len(rule.terms) == 2 and max(map(len, rule.terms)) < 320 for rule in rules)


def test_a_weak_rule_without_a_pass_is_not_said_to_stand_alone() -> None:
    rows = {row.id: row for row in view(rich_result()).rules}
    assert rows["DEP-004"].corroboration == "not corroborated"
    assert rows["RES-003"].corroboration == ""


def test_law_comes_before_standards_and_numbers_sort_by_value() -> None:
    base = rich_result().controls[0]
    names = [
        "PCI-DSS-4.0.1/10.2.1",
        "PCI-DSS-4.0.1/2.2.2",
        "SEOJK-1/VII-7",
        "POJK-40/P9",
        "UU-27/P3",
    ]
    shuffled = tuple(replace(base, id=name, document=name.split("/")[0]) for name in names)
    shown = view(replace(rich_result(), controls=shuffled)).documents
    assert [document.id for document in shown] == ["UU-27", "POJK-40", "SEOJK-1", "PCI-DSS-4.0.1"]
    assert [row.id for row in shown[-1].rows] == ["2.2.2", "10.2.1"]


def test_all_causes_are_named_on_the_first_page_when_few_rules_fail() -> None:
    summary = view(rich_result()).summary
    assert len(summary.unseen) == 5
    assert summary.unseen_more == ""
    crowded = view(large_result()).summary
    assert len(crowded.unseen) == 5
    assert crowded.unseen_more == "… and 3 more causes"
