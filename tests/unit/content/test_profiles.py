"""Profiles: nothing they name may lead nowhere, and nothing selected is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from ojkaudit.content import load_catalog, load_profile, load_profiles, select_rules
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.catalog import Catalog, ParameterOverride, Profile
from ojkaudit.model.text import Text
from tests.support.content_files import PROFILE, RULE, changed, write, write_catalog

Change = tuple[tuple[str | int, ...], object]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    rules = [
        changed(RULE, (("id",), name), (("title", "en"), name), (("title", "id"), name))
        for name in ("RES-001", "RES-002", "TLS-001")
    ]
    return load_catalog([write_catalog(tmp_path / "rules", *rules)])


def profile(**fields: tuple[str, ...]) -> Profile:
    return Profile(id="p", title=Text(id="P", en="P"), **fields)  # type: ignore[arg-type]


def ids(catalog: Catalog, chosen: Profile) -> list[str]:
    return [rule.id for rule in select_rules(catalog, chosen)]


def test_a_profile_without_rules_selects_all(catalog: Catalog) -> None:
    assert ids(catalog, profile()) == ["RES-001", "RES-002", "TLS-001"]


def test_ids_and_globs_select(catalog: Catalog) -> None:
    assert ids(catalog, profile(rules=("TLS-001", "RES-00[12]"))) == [
        "RES-001",
        "RES-002",
        "TLS-001",
    ]
    assert ids(catalog, profile(rules=("RES-*",), exclude=("RES-001",))) == ["RES-002"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (profile(rules=("XXX-*",)), "'XXX-.' matches no rule"),
        (profile(rules=("RES-*", "ENC-001")), "'ENC-001' matches no rule"),
        (profile(rules=("res-*",)), "'res-.' matches no rule"),
        (profile(rules=("RES-001",), exclude=("TLS-001",)), "excluded but was not selected"),
        (profile(rules=("RES-001",), exclude=("RES-001",)), "selects no rule"),
    ],
)
def test_what_selects_nothing_is_an_error(catalog: Catalog, chosen: Profile, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        select_rules(catalog, chosen)


def test_an_empty_catalog_selects_nothing_and_says_so() -> None:
    empty = Catalog(version="0", documents=(), rules=(), parameters=())
    with pytest.raises(ConfigurationError, match="matches no rule"):
        select_rules(empty, profile())


def load(tmp_path: Path, catalog: Catalog, *changes: Change) -> Profile:
    write(tmp_path / "all.yaml", changed(PROFILE, *changes))
    return load_profile("all.yaml", catalog, tmp_path)


def test_overrides_take_the_type_of_the_parameter(tmp_path: Path, catalog: Catalog) -> None:
    overrides = [{"name": "max_rtt", "value": 5, "rationale": "Jarak jauh."}]
    found = load(tmp_path, catalog, (("parameters",), overrides))
    assert found.parameters == (
        ParameterOverride(name="max_rtt", value=5.0, rationale="Jarak jauh."),
    )
    assert isinstance(found.parameters[0].value, float)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (((("id",), "other"),), "all.yaml:1:1: profile 'other' must stand in a file called"),
        (((("rules",), ["XXX-*"]),), "all.yaml:6:3: 'XXX-*' matches no rule"),
        (((("rules",), []),), "all.yaml:5:1: rules: needs at least 1 item"),
        (((("exclude",), ["RES-001"]),), "all.yaml:5:1: key 'exclude' needs 'exclude_rationale'"),
        (
            ((("exclude",), ["RES-009"]), (("exclude_rationale",), "Karena.")),
            "all.yaml:6:3: there is no rule 'RES-009'",
        ),
        (
            ((("parameters",), [{"name": "max_rt", "value": 5, "rationale": "x"}]),),
            "all.yaml:6:3: there is no parameter 'max_rt'; did you mean 'max_rtt'?",
        ),
        (
            ((("parameters",), [{"name": "max_rtt", "value": "5", "rationale": "x"}]),),
            "all.yaml:7:3: the value does not fit the type double",
        ),
        (
            ((("parameters",), [{"name": "max_rtt", "value": 5}]),),
            "all.yaml:6:3: key 'rationale' is missing",
        ),
        (
            ((("parameters",), [{"name": "max_rtt", "value": 5, "rationale": "x"}] * 2),),
            "parameter 'max_rtt' is set twice",
        ),
    ],
)
def test_a_fault_in_a_profile_names_its_line(
    tmp_path: Path, catalog: Catalog, changes: tuple[Change, ...], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, catalog, *changes)
    assert message in str(caught.value)


def test_a_profile_cannot_loosen_what_the_law_sets(tmp_path: Path, catalog: Catalog) -> None:
    override = {"name": "allowed_countries", "value": ["ID", "SG"], "rationale": "Murah."}
    with pytest.raises(ConfigurationError, match="'allowed_countries' is set by law"):
        load(tmp_path, catalog, (("parameters",), [override]))


def test_an_unknown_profile_id_is_an_error_with_a_hint(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(ConfigurationError, match="there is no profile 'lpbti'") as caught:
        load_profile("lpbti", catalog, tmp_path)
    assert caught.value.hint


def test_a_missing_profile_file_is_an_error(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml: cannot be read"):
        load_profile("none.yaml", catalog, tmp_path)


def test_a_folder_of_profiles_is_read_strictly(tmp_path: Path, catalog: Catalog) -> None:
    folder = tmp_path / "profiles"
    write(folder / "all.yaml", PROFILE)
    assert [p.id for p in load_profiles(folder, catalog)] == ["all"]
    (folder / "notes.txt").write_text("x")
    with pytest.raises(ConfigurationError, match="does not belong here"):
        load_profiles(folder, catalog)
    with pytest.raises(ConfigurationError, match="holds no profile"):
        load_profiles(tmp_path / "none", catalog)
