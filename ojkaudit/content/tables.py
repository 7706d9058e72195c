"""Read the tables of the catalog: parameters, regions, host patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from ojkaudit.content.faults import Faults
from ojkaudit.content.marked import Marked
from ojkaudit.content.texts import text_of
from ojkaudit.content.views import records, text
from ojkaudit.errors import Problem
from ojkaudit.model.catalog import HostPattern, Parameter, ParameterValue, Region
from ojkaudit.model.outcome import ParameterOrigin

_ITEM_TYPES: Mapping[str, type] = {"int": int, "double": float, "string": str, "bool": bool}


def read_parameters(path: Path, faults: Faults) -> tuple[Parameter, ...]:
    """Return the parameters of `parameters.yaml`, by name."""
    document = faults.read(path, "parameters")
    if document is None:
        return ()
    problems = list(_parameter_problems(document))
    faults.add(problems)
    if problems:
        return ()
    found = [_parameter(record) for _, record in records(document.data, "parameters")]
    return tuple(sorted(found, key=lambda parameter: parameter.name))


def read_regions(path: Path, faults: Faults) -> tuple[tuple[Region, ...], tuple[HostPattern, ...]]:
    """Return the regions and host patterns of `regions.yaml`, in the order of the file."""
    document = faults.read(path, "regions")
    if document is None:
        return (), ()
    faults.add(_region_problems(document))
    regions = tuple(Region(**record) for _, record in records(document.data, "regions"))
    hosts = tuple(HostPattern(**record) for _, record in records(document.data, "hosts"))
    return regions, hosts


def typed_value(value: object, kind: str) -> ParameterValue | None:
    """Return the value as the type `kind` of a parameter; None when it does not fit.

    A whole number fits `double`; nothing else is converted.
    """
    if kind.startswith("list("):
        item_kind = kind.removeprefix("list(").removesuffix(")")
        if not isinstance(value, list):
            return None
        items = tuple(typed_value(item, item_kind) for item in value)
        return None if None in items else cast("ParameterValue", items)
    wanted = _ITEM_TYPES[kind]
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # bool is an int in Python, and must not pass for one here.
    return cast("ParameterValue", value) if type(value) is wanted else None


def _parameter_problems(document: Marked) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for index, record in records(document.data, "parameters"):
        path: tuple[str | int, ...] = ("parameters", index)
        name = text(record, "name")
        if name in lines:
            message = f"parameter '{name}' is already declared on line {lines[name]}"
            yield document.problem((*path, "name"), message)
        lines.setdefault(name, document.line((*path, "name")))
        if typed_value(record["value"], record["type"]) is None:
            message = f"the value does not fit the type {record['type']}"
            yield document.problem((*path, "value"), message)


def _parameter(data: Mapping[str, Any]) -> Parameter:
    value = typed_value(data["value"], data["type"])
    if value is None:
        raise ValueError(f"parameter {data['name']} was not checked")
    return Parameter(
        name=data["name"],
        type=data["type"],
        value=value,
        origin=ParameterOrigin(data["origin"]),
        citation=data["citation"],
        description=text_of(data["description"]),
    )


def _region_problems(document: Marked) -> Iterator[Problem]:
    lines: dict[tuple[str, str], int] = {}
    for index, record in records(document.data, "regions"):
        key = (record["provider"], record["region"])
        here = ("regions", index, "region")
        if key in lines:
            message = f"region '{key[1]}' of '{key[0]}' already stands on line {lines[key]}"
            yield document.problem(here, message)
        lines.setdefault(key, document.line(here))
    for index, record in records(document.data, "hosts"):
        path = ("hosts", index)
        by_group = record.get("region_group", 0) > 0
        if by_group == ("country" in record):
            message = "give either 'region_group' (with 'provider') or 'country'"
            yield document.problem(path, message)
        if by_group and "provider" not in record:
            yield document.problem(path, "key 'region_group' needs 'provider' beside it")
