"""Check a marked document against a published JSON Schema: every fault at once, with its line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from ojkaudit import resources
from ojkaudit.content.countries import COUNTRIES
from ojkaudit.content.marked import Marked
from ojkaudit.content.schema_messages import Fault, explain
from ojkaudit.errors import Problem
from ojkaudit.model.dates import parse_day

SCHEMAS = (
    "cases",
    "catalog",
    "common",
    "configuration",
    "document",
    "finding",
    "parameters",
    "profile",
    "regions",
    "register",
    "result",
    "rule",
    "waivers",
)
"""Every published schema, by the name `resources.schema_path` takes."""


def check(document: Marked, schema: str) -> tuple[Problem, ...]:
    """Return every fault of the document against the schema, sorted by line.

    Args:
        document: What was read.
        schema: One of `SCHEMAS`.
    """
    return in_order(
        document.problem(fault.path, fault.message) for fault in faults(document.data, schema)
    )


def faults(data: object, schema: str) -> tuple[Fault, ...]:
    """Return every fault of plain data against the schema, each once."""
    found: dict[Fault, None] = {}
    for error in validator(schema).iter_errors(data):
        found.update(dict.fromkeys(explain(error)))
    return tuple(found)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file, line and column, each once."""
    return tuple(
        sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.message)),
    )


@cache
def validator(schema: str) -> Any:
    """Return a `jsonschema` validator for one of the published schemas."""
    # jsonschema takes a tenth of a second to import, which most commands need not pay.
    import jsonschema

    base: Any = jsonschema.Draft202012Validator
    extend: Any = jsonschema.validators.extend
    kind = extend(base, type_checker=base.TYPE_CHECKER.redefine("integer", _is_integer))
    return kind(_load(schema), registry=_registry(), format_checker=_formats())


def _is_integer(_checker: object, value: object) -> bool:
    # JSON Schema takes 1.0 for an integer; the vocabulary does not.
    return isinstance(value, int) and not isinstance(value, bool)


def _formats() -> Any:
    from jsonschema import FormatChecker

    # Own checks only: those of the library differ with what else is installed.
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_day)
    checker.checks("date-time", raises=ValueError)(_is_time)
    checker.checks("iso-country")(lambda value: not isinstance(value, str) or value in COUNTRIES)
    return checker


def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_day(value))


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


@cache
def _registry() -> Any:
    from referencing import Registry, Resource

    registry: Any = Registry()
    loaded = [_load(name) for name in SCHEMAS if resources.schema_path(name).is_file()]
    return registry.with_resources((s["$id"], Resource.from_contents(s)) for s in loaded)


@cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resources.schema_path(name).read_bytes())
    return content
