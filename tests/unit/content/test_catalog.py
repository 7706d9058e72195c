"""The catalog: every file checked, strangers refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ojkaudit.content import load_catalog, read_catalog
from ojkaudit.content.tables import typed_value
from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import Join, Rule
from ojkaudit.model.expressions import WORKLOAD_KINDS
from ojkaudit.model.outcome import Evaluate, OnAbsent
from tests.support.content_files import (
    DOCUMENT,
    PARAMETERS,
    REGIONS,
    RULE,
    changed,
    line_of,
    write,
    write_catalog,
)

Change = tuple[tuple[str | int, ...], object]


def rule_with(folder: Path, *changes: Change) -> Rule:
    (rule,) = load_catalog([write_catalog(folder, changed(RULE, *changes))]).rules
    return rule


def faults(*folders: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_catalog(folders)
    return [str(problem) for problem in caught.value.problems]


def test_a_rule_carries_its_theme_and_file(tmp_path: Path) -> None:
    rule = rule_with(tmp_path / "rules")
    assert (rule.theme, rule.source_file) == ("uji", "uji/TST-001.yaml")
    assert rule.evaluate is Evaluate.EACH
    assert rule.on_absent is OnAbsent.UNKNOWN


def test_the_workload_group_stands_for_every_kind_with_a_pod_specification(
    tmp_path: Path,
) -> None:
    rule = rule_with(tmp_path / "r", (("subject",), ["kubernetes/workloads", "kubernetes/v1/Node"]))
    assert rule.subjects == (*WORKLOAD_KINDS, "kubernetes/v1/Node")


def test_a_kind_named_beside_its_group_counts_once(tmp_path: Path) -> None:
    rule = rule_with(tmp_path / "r", (("subject",), ["kubernetes/v1/Pod", "kubernetes/workloads"]))
    assert sorted(rule.subjects) == sorted(WORKLOAD_KINDS)


def test_joins_are_read_in_both_forms(tmp_path: Path) -> None:
    joins = [
        "register/Site",
        {
            "kind": "kubernetes/policy/v1/PodDisruptionBudget",
            "as": "budgets",
            "where": {"field": r"metadata.labels.ojkaudit\.id/x", "equals": "object.metadata.name"},
            "keyed_by": "metadata.name",
            "on_absent": "empty",
        },
    ]
    assert rule_with(tmp_path / "r", (("joins",), joins)).joins == (
        Join(kind="register/Site"),
        Join(
            kind="kubernetes/policy/v1/PodDisruptionBudget",
            name="budgets",
            field=r"metadata.labels.ojkaudit\.id/x",
            equals="object.metadata.name",
            keyed_by="metadata.name",
            on_absent=OnAbsent.EMPTY,
        ),
    )


@pytest.mark.parametrize(
    ("change", "needle", "message"),
    [
        ((("pas",), "true"), "pas: ", "unknown key 'pas'; did you mean 'pass'?"),
        ((("on_empty",), ...), "id: TST", "key 'on_empty' is missing"),
        ((("on_empty",), "pass"), "id: TST", "key 'empty_ok_because' is missing"),
        ((("on_empty",), "na"), "on_empty", "on_empty: expected one of fail, not_applicable, unknown, pass, found 'na'"),
        ((("applies",), "true"), "applies", "key 'applies' needs 'applies_reason' beside it"),
        ((("unknown",), "true"), "unknown", "key 'unknown' needs 'unknown_reason' beside it"),
        ((("title",), {"id": "Judul"}), "title:", "key 'en' is missing"),
        ((("title", "en"), ""), "  en: ''", "en: must not be empty"),
        ((("pass",), True), "pass:", "pass: expected a CEL expression, found true or false; put it in quotes"),
        ((("controls",), []), "controls:", "controls: needs at least 1 item"),
        ((("controls",), ["DOC-1/P2"]), "- DOC-1", "no document has the control 'DOC-1/P2'; did you mean 'DOC-1/P1'?"),
        ((("controls",), ["DOC-1/P1", "DOC-1/P1"]), "- DOC-1", "this item appears twice"),
        ((("subject",), "Node"), "subject", "subject: expected a kind, the group"),
        ((("subject",), ["Node"]), "- Node", "subject: expected a kind such as"),
        ((("severity",), "urgent"), "severity: ", "severity: expected one of critical, high, medium, low, found 'urgent'"),
        ((("since",), 0.1), "since", "since: expected a version such as 0.1.0, in quotes if it has one dot only, found a number with a fraction; put it in quotes"),
        ((("contexts",), []), "contexts", "contexts: needs at least 1 item"),
        ((("max_age_hours",), 0), "max_age", "max_age_hours: must be at least 1"),
        ((("joins",), [{"kind": "register/Site"}]), "- kind", "key 'as' is missing"),
        ((("joins",), [{"kind": "register/Site", "as": "a-b"}]), "as: a-b", "as: expected a name as in expressions"),
        ((("joins",), ["kubernetes/workloads"]), "- kubernetes", "is a group; a join names one kind"),
        ((("joins",), [{"kind": "register/Site", "as": "s"}, {"kind": "register/System", "as": "s"}]), "as: s", "another join is already called 's'"),
        ((("id",), "TST-002"), "id: TST-002", "rule 'TST-002' must stand in a file called TST-002.yaml"),
    ],
)  # fmt: skip
def test_a_fault_in_a_rule_names_file_and_line(
    tmp_path: Path, change: Change, needle: str, message: str
) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    file = write(folder / "uji/TST-001.yaml", changed(RULE, change))
    found = [text for text in faults(folder) if message in text]
    assert len(found) == 1, faults(folder)
    assert found[0].startswith(f"{file}:")
    line = int(found[0].removeprefix(f"{file}:").split(":")[0])
    is_second = "twice" in message or "another" in message
    assert line == line_of(file, needle, last=is_second)


def test_faults_of_all_files_are_reported_together(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", changed(RULE, (("pass",), ...)))
    write(folder / "uji/TST-002.yaml", changed(RULE, (("id",), "TST-002"), (("since",), ...)))
    write(folder / "parameters.yaml", {"parameters": [{"name": "x"}]})
    found = "\n".join(faults(folder))
    assert "TST-001.yaml:1:1: key 'pass' is missing" in found
    assert "TST-002.yaml:1:1: key 'since' is missing" in found
    assert "parameters.yaml:2:3: key 'value' is missing" in found


@pytest.mark.parametrize(
    "stranger",
    [
        "README.md",
        "uji/notes.txt",
        "uji/TST-009.yml",
        "uji/.TST-009.yaml.swp",
        "uji/sub/TST-009.yaml",
        "TST-009.yaml",
        "Uji/TST-009.yaml",
        "documents/DOC-9.txt",
        "documents/sub/DOC-9.yaml",
    ],
)
def test_the_loader_refuses_strangers(tmp_path: Path, stranger: str) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    path = folder / stranger
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id: TST-009\n")
    assert [text for text in faults(folder) if "does not belong here" in text]


@pytest.mark.parametrize("missing", ["catalog.yaml", "parameters.yaml", "regions.yaml"])
def test_the_shipped_folder_needs_its_tables(tmp_path: Path, missing: str) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    (folder / missing).unlink()
    assert faults(folder) == [f"{folder / missing}: cannot be read: No such file or directory"]


def test_a_catalog_without_rules_is_an_error(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules")
    with pytest.raises(ContentError, match="holds no rule"):
        load_catalog([folder])
    with pytest.raises(ContentError, match="holds no rule"):
        load_catalog([])


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    assert faults(folder, tmp_path / "ours") == [f"{tmp_path / 'ours'}: no such folder"]


def test_own_rules_are_added_and_their_cases_folder_is_left_alone(tmp_path: Path) -> None:
    shipped = write_catalog(tmp_path / "rules", RULE)
    own = tmp_path / "ours"
    write(own / "khusus" / "OWN-001.yaml", changed(RULE, (("id",), "OWN-001")))
    write(own / "cases" / "OWN-001.yaml", {"anything": 1})
    catalog = load_catalog([shipped, own])
    assert [(rule.id, rule.theme) for rule in catalog.rules] == [
        ("OWN-001", "khusus"),
        ("TST-001", "uji"),
    ]


def test_own_rules_cannot_redefine_a_shipped_one(tmp_path: Path) -> None:
    shipped = write_catalog(tmp_path / "rules", RULE)
    own = tmp_path / "ours"
    write(own / "khusus" / "TST-001.yaml", changed(RULE, (("pass",), "true")))
    (message,) = faults(shipped, own)
    assert "ours/khusus/TST-001.yaml:1:1: rule 'TST-001' is already defined in" in message


@pytest.mark.parametrize("name", ["parameters.yaml", "documents/DOC-2.yaml", "profiles/p.yaml"])
def test_an_own_folder_holds_rules_only(tmp_path: Path, name: str) -> None:
    shipped = write_catalog(tmp_path / "rules", RULE)
    write(tmp_path / "ours" / name, {"a": 1})
    assert faults(shipped, tmp_path / "ours")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((("id",), "DOC-2"), "document 'DOC-2' must stand in a file called DOC-2.yaml"),
        ((("in_force_until",), "2023-01-01"), "'in_force_until' lies before 'in_force_from'"),
        ((("controls", 0, "id"), "DOC-9/P1"), "controls of this document begin with 'DOC-1/'"),
        ((("controls", 0, "article"), ...), "a citable control needs its 'article'"),
        ((("controls", 0, "confidence"), "secondary"), "citable only where the text was read"),
        ((("controls", 0, "confidence"), ...), "citable only where the text was read"),
        ((("controls", 0, "confidence"), "sure"), "confidence: expected one of text seen"),
        ((("controls",), [DOCUMENT["controls"][0]] * 2), "id 'DOC-1/P1' is already used"),
    ],
)
def test_a_fault_in_a_document_is_named(tmp_path: Path, change: Change, message: str) -> None:
    folder = write_catalog(tmp_path / "rules", RULE)
    write(folder / "documents/DOC-1.yaml", changed(DOCUMENT, change))
    found = faults(folder)
    assert any(message in text and "DOC-1.yaml:" in text for text in found), found


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("parameters", 0, "value"), "2", "the value does not fit the type int"),
        (("parameters", 0, "value"), True, "the value does not fit the type int"),
        (("parameters", 0, "value"), 2.5, "the value does not fit the type int"),
        (("parameters", 2, "value"), "ID", "the value does not fit the type list(string)"),
        (("parameters", 2, "value"), ["ID", 1], "the value does not fit the type list(string)"),
        (("parameters", 0, "origin"), "profile", "origin: expected one of law, policy"),
        (("parameters", 1, "name"), "min_replicas", "parameter 'min_replicas' is already declared"),
    ],
)
def test_a_fault_in_the_parameters_is_named(
    tmp_path: Path, path: tuple[str | int, ...], value: object, message: str
) -> None:
    parameters = changed(PARAMETERS, (path, value))
    found = faults(write_catalog(tmp_path / "rules", RULE, parameters=parameters))
    assert any(message in text and "parameters.yaml:" in text for text in found), found


def test_a_whole_number_fits_a_double_and_becomes_one(tmp_path: Path) -> None:
    catalog = load_catalog([write_catalog(tmp_path / "rules", RULE)])
    (value,) = [p.value for p in catalog.parameters if p.name == "max_rtt"]
    assert (value, type(value)) == (3.0, float)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ([1, 2], "list(int)", (1, 2)),
        ([1, True], "list(int)", None),
        ([1, 2.5], "list(double)", (1.0, 2.5)),
        ([], "list(string)", ()),
        (False, "bool", False),
        (0, "bool", None),
        (False, "double", None),
        ("x", "list(string)", None),
    ],
)
def test_values_fit_their_types_or_do_not(value: object, kind: str, expected: object) -> None:
    assert typed_value(value, kind) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (("regions",), [REGIONS["regions"][0]] * 2),
            "region 'barat-1' of 'cloud-a' already stands",
        ),
        ((("hosts", 0, "country"), "ID"), "give either 'region_group'"),
        ((("hosts", 1, "country"), ...), "give either 'region_group'"),
        ((("hosts", 0, "provider"), ...), "key 'region_group' needs 'provider'"),
        ((("regions", 0, "country"), "QQ"), "no country has this code"),
    ],
)
def test_a_fault_in_the_regions_is_named(tmp_path: Path, change: Change, message: str) -> None:
    folder = write_catalog(tmp_path / "rules", RULE, regions=changed(REGIONS, change))
    found = faults(folder)
    assert any(message in text and "regions.yaml:" in text for text in found), found


def test_one_region_token_may_belong_to_two_providers(tmp_path: Path) -> None:
    regions = [
        {"provider": "a", "region": "x-3", "country": "ID"},
        {"provider": "b", "region": "x-3", "country": "MY"},
    ]
    folder = write_catalog(tmp_path / "rules", RULE, regions={"regions": regions})
    assert {(r.provider, r.country) for r in load_catalog([folder]).regions} == {
        ("a", "ID"),
        ("b", "MY"),
    }


def test_the_files_of_rules_are_at_hand_for_messages(tmp_path: Path) -> None:
    files = read_catalog([write_catalog(tmp_path / "rules", RULE)])
    document = files.rule_files["TST-001"]
    assert document.line(("pass",)) == line_of(Path(document.file), "pass:")
