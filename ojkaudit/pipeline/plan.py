"""From a configuration file to what will be judged: catalog, profile, rules and kinds to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ojkaudit import content, resources
from ojkaudit.model.catalog import Catalog, Profile, Rule
from ojkaudit.model.config import Config
from ojkaudit.model.expressions import needed_kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before the first target is read."""

    config: Config
    catalog: Catalog
    profile: Profile
    rules: tuple[Rule, ...]
    """Selected by the profile, sorted by id."""
    kinds: tuple[str, ...]
    """Kinds those rules need, sorted."""


def make_plan(config_file: Path, *, profile: str = "", rules_dirs: Sequence[Path] = ()) -> Plan:
    """Read and check the configuration and the rules it selects.

    Args:
        config_file: `ojkaudit.yaml`.
        profile: Id or file that takes the place of the configured profile; empty: as configured.
        rules_dirs: Folders of the user's own rules, added to those of the configuration.

    Raises:
        ConfigurationError: The configuration or profile cannot be used; every fault is listed.
        ContentError: A rule cannot be used.
    """
    config = content.load_config(config_file)
    catalog = load_catalog((*config.rules_dirs, *rules_dirs))
    chosen = content.load_profile(
        profile or config.profile, catalog, Path.cwd() if profile else config.file.parent
    )
    rules = content.select_rules(catalog, chosen)
    kinds = sorted({kind for rule in rules for kind in needed_kinds(rule)})
    return Plan(config=config, catalog=catalog, profile=chosen, rules=rules, kinds=tuple(kinds))


def load_catalog(rules_dirs: Sequence[Path] = ()) -> Catalog:
    """Return the shipped catalog with the rules of `rules_dirs` added.

    Raises:
        ContentError: A rule cannot be used.
    """
    return content.load_catalog((resources.data_dir("rules"), *rules_dirs))
