"""The examples of docs/configuration.md work as they are written."""

from __future__ import annotations

import re
from pathlib import Path

from ojkaudit import resources
from ojkaudit.content import load_catalog, load_config, load_profile, select_rules
from ojkaudit.content.register_checks import COLLECTIONS
from ojkaudit.content.schema import validator
from tests.support.needs import ROOT

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
CONFIG, PROFILE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_small_configuration_loads(tmp_path: Path) -> None:
    file = tmp_path / "ojkaudit.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    config = load_config(file)
    assert config.signing is not None
    assert config.sites[0].id == config.kubernetes[0].site


def test_the_profile_selects_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "our-profile.yaml").write_text(PROFILE, encoding="utf-8")
    catalog = load_catalog([resources.data_dir("rules")])
    profile = load_profile("our-profile.yaml", catalog, tmp_path)
    themes = {rule.id.split("-")[0] for rule in select_rules(catalog, profile)}
    assert themes == {"RES", "CRT"}


def test_every_key_of_the_configuration_is_explained() -> None:
    schema = validator("configuration").schema
    keys = set(schema["properties"])
    for name in ("institution", "period", "output"):
        keys |= set(schema["properties"][name]["properties"])
    for definition in schema["$defs"].values():
        keys |= set(definition["properties"])
    for key in sorted(keys | set(COLLECTIONS)):
        assert re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", PAGE), f"{key} is not explained"
