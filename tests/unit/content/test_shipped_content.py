"""What ships with the program satisfies its own loaders and lint."""

from __future__ import annotations

from ojkaudit import resources
from ojkaudit.content import (
    lint,
    load_cases,
    load_profile,
    load_profiles,
    read_catalog,
    select_rules,
    shipped_profiles,
)
from ojkaudit.content.config_build import DEFAULT_PROFILE

RULES = resources.data_dir("rules")


def test_lint_finds_nothing_in_the_shipped_rules() -> None:
    files = read_catalog([RULES])
    cases = load_cases(resources.data_dir("fixtures") / "rules")
    profiles = load_profiles(RULES / "profiles", files.catalog)
    found = lint(files.catalog, cases, profiles, files.rule_files)
    assert "\n".join(map(str, found)) == ""


def test_the_default_profile_ships_and_selects_rules() -> None:
    catalog = read_catalog([RULES]).catalog
    assert DEFAULT_PROFILE in shipped_profiles()
    profile = load_profile(DEFAULT_PROFILE, catalog, RULES)
    assert len(select_rules(catalog, profile)) >= 30
