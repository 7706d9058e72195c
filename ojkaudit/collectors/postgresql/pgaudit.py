"""What the other facts say of pgaudit, gathered in one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ojkaudit.model.evidence import Payload

_PREFIX = "pgaudit."


def pgaudit_facts(payload: Payload) -> dict[str, object]:
    """Return `{preloaded, log, role, ..., overrides, databases}`.

    A key is absent where the fact it comes from is absent. `overrides` are the settings of roles
    and databases that change what pgaudit records; `databases` says where the extension is.
    """
    facts: dict[str, object] = {}
    settings = payload.get("settings")
    if isinstance(settings, Mapping):
        libraries = settings.get("shared_preload_libraries")
        if isinstance(libraries, str):
            names = {item.strip().strip('"') for item in libraries.split(",")}
            facts["preloaded"] = "pgaudit" in names
        for name, value in settings.items():
            if name.startswith(_PREFIX):
                facts[name.removeprefix(_PREFIX)] = value
    if "role_settings" in payload:
        facts["overrides"] = [
            entry
            for entry in _objects(payload["role_settings"])
            if str(entry["setting"]).startswith(_PREFIX)
        ]
    if "databases" in payload:
        facts["databases"] = [
            _extension(entry) for entry in _objects(payload["databases"]) if "extensions" in entry
        ]
    return facts


def _extension(database: Payload) -> dict[str, object]:
    entry: dict[str, object] = {"datname": database["datname"], "installed": False}
    for extension in _objects(database["extensions"]):
        if extension.get("name") == "pgaudit":
            entry |= {"installed": True, "version": extension.get("version", "")}
    return entry


def _objects(value: object) -> Iterator[Payload]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))
