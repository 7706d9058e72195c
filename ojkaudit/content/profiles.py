"""Read profiles, and select the rules they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ojkaudit import resources
from ojkaudit.content.catalog import PROFILES
from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.schema_messages import nearest
from ojkaudit.content.tables import typed_value
from ojkaudit.content.texts import text_of
from ojkaudit.content.views import mapping, records, text, texts
from ojkaudit.errors import ConfigurationError, InternalError, Problem
from ojkaudit.model.catalog import Catalog, ParameterOverride, Profile, Rule
from ojkaudit.model.outcome import ParameterOrigin


def load_profile(ref: str, catalog: Catalog, base: Path) -> Profile:
    """Return the profile.

    Args:
        ref: Id of a shipped profile, or a path: anything with a slash or ending in `.yaml`.
        catalog: What the profile selects from.
        base: Folder where a relative path begins.

    Raises:
        ConfigurationError: There is no such profile, or the file has faults; all are listed.
    """
    path = _profile_path(ref, base)
    faults = Faults(ConfigurationError)
    profile = _read(path, catalog, faults)
    faults.raise_if_any(f"profile '{ref}'")
    if profile is None:
        raise InternalError("a profile without faults was not read")
    return profile


def shipped_profiles() -> tuple[str, ...]:
    """Return the ids of the profiles that ship with the program, sorted."""
    folder = resources.data_dir("rules") / PROFILES
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_profiles(folder: Path, catalog: Catalog) -> tuple[Profile, ...]:
    """Return every profile of a folder, by id.

    Raises:
        ConfigurationError: With every fault: no such folder, no profile, a file that does not
            belong there, an invalid profile.
    """
    faults = Faults(ConfigurationError)
    found: list[Profile] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix != ".yaml" or not path.is_file():
            faults.add_file(path, "does not belong here; only <id>.yaml of a profile does")
            continue
        profile = _read(path, catalog, faults)
        if profile is not None:
            found.append(profile)
    if not found and not faults.problems:
        faults.add_file(folder, "holds no profile")
    faults.raise_if_any("the profiles")
    return tuple(found)


def select_rules(catalog: Catalog, profile: Profile) -> tuple[Rule, ...]:
    """Return the rules that the profile selects, by id.

    Raises:
        ConfigurationError: The selection is empty, or one of its patterns matches no rule.
    """
    patterns = profile.rules or ("*",)
    for pattern in patterns:
        if not any(fnmatchcase(rule.id, pattern) for rule in catalog.rules):
            raise _selection_error(profile, f"'{pattern}' matches no rule of the catalog")
    chosen = [rule for rule in catalog.rules if any(fnmatchcase(rule.id, p) for p in patterns)]
    for name in profile.exclude:
        if not any(rule.id == name for rule in chosen):
            raise _selection_error(profile, f"'{name}' is excluded but was not selected")
    left = tuple(rule for rule in chosen if rule.id not in profile.exclude)
    if not left:
        raise _selection_error(profile, "it selects no rule, so nothing would be judged")
    return tuple(sorted(left, key=lambda rule: rule.id))


def _selection_error(profile: Profile, message: str) -> ConfigurationError:
    return ConfigurationError(f"profile '{profile.id}': {message}")


def _profile_path(ref: str, base: Path) -> Path:
    if "/" in ref or ref.endswith((".yaml", ".yml")):
        return base / ref
    known = shipped_profiles()
    if ref not in known:
        near = nearest(ref, list(known))
        hint = f"Did you mean '{near}'?" if near else f"Shipped profiles: {', '.join(known)}."
        raise ConfigurationError(f"there is no profile '{ref}'", hint=hint)
    return resources.data_dir("rules") / PROFILES / f"{ref}.yaml"


def _read(path: Path, catalog: Catalog, faults: Faults) -> Profile | None:
    document = faults.read(path, "profile")
    if document is None:
        return None
    problems = tuple(_problems(document, path, catalog))
    faults.add(problems)
    return None if problems else _build(mapping(document.data), catalog)


def _problems(document: Marked, path: Path, catalog: Catalog) -> Iterator[Problem]:
    ids = [rule.id for rule in catalog.rules]
    data: Mapping[str, Any] = mapping(document.data)
    if data["id"] != path.stem:
        message = f"profile '{data['id']}' must stand in a file called {data['id']}.yaml"
        yield document.problem(("id",), message)
    for index, pattern in texts(data, "rules"):
        if not any(fnmatchcase(rule, pattern) for rule in ids):
            yield document.problem(("rules", index), f"'{pattern}' matches no rule of the catalog")
    for index, name in texts(data, "exclude"):
        if name not in ids:
            yield document.problem(("exclude", index), f"there is no rule '{name}'")
    yield from _override_problems(document, catalog)


def _override_problems(document: Marked, catalog: Catalog) -> Iterator[Problem]:
    known = {parameter.name: parameter for parameter in catalog.parameters}
    seen: set[str] = set()
    for index, record in records(document.data, "parameters"):
        path: tuple[str | int, ...] = ("parameters", index)
        name = text(record, "name")
        parameter = known.get(name)
        if parameter is None:
            near = nearest(name, list(known))
            advice = f"; did you mean '{near}'?" if near else ""
            yield document.problem((*path, "name"), f"there is no parameter '{name}'{advice}")
            continue
        if name in seen:
            yield document.problem((*path, "name"), f"parameter '{name}' is set twice")
        seen.add(name)
        if parameter.origin is ParameterOrigin.LAW:
            # A profile that loosens a legal threshold would turn a violation into a pass.
            message = f"'{name}' is set by law ({parameter.citation}); a profile cannot change it"
            yield document.problem((*path, "name"), message)
        if typed_value(record["value"], parameter.type) is None:
            message = f"the value does not fit the type {parameter.type}"
            yield document.problem((*path, "value"), message)


def _build(data: Mapping[str, Any], catalog: Catalog) -> Profile:
    types = {parameter.name: parameter.type for parameter in catalog.parameters}
    return Profile(
        id=data["id"],
        title=text_of(data["title"]),
        rules=tuple(data.get("rules", [])),
        exclude=tuple(data.get("exclude", [])),
        exclude_rationale=data.get("exclude_rationale", ""),
        parameters=tuple(_override(r, types) for _, r in records(data, "parameters")),
    )


def _override(data: Mapping[str, Any], types: Mapping[str, str]) -> ParameterOverride:
    value = typed_value(data["value"], types[data["name"]])
    if value is None:
        raise InternalError("a parameter value was not checked")
    return ParameterOverride(name=data["name"], value=value, rationale=data["rationale"])
