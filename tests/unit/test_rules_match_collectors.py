"""Every field a shipped rule reads is one that its collector yields, under that very name.

A rule that reads what nobody collects stays undecided for ever; one that reads it with a default
(`?.orValue`) would judge by the default alone.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ojkaudit import content
from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.kubernetes import KubernetesCollector
from ojkaudit.collectors.kubernetes.projection import Projection
from ojkaudit.collectors.postgresql import PostgresqlCollector
from ojkaudit.collectors.postgresql import collector as postgresql
from ojkaudit.collectors.postgresql.rows import Row
from ojkaudit.collectors.postgresql.setting_names import NAMES
from ojkaudit.collectors.postgresql.settings import role_setting
from ojkaudit.collectors.postgresql.statements import server
from ojkaudit.collectors.postgresql.statements.statement import Statement
from ojkaudit.collectors.register import SECTIONS, SITE_KIND, RegisterCollector
from ojkaudit.collectors.registry import COLLECTORS
from ojkaudit.content.config_build import _SITE_EXTRAS
from ojkaudit.model.catalog import Catalog, Rule
from ojkaudit.model.config import KubernetesTarget, PostgresqlTarget, Register, Site
from ojkaudit.model.expressions import needed_kinds, rule_environment, rule_expressions
from ojkaudit.resources import data_dir
from tests.support.sinks import ListSink

INSTANCE = "postgresql/Instance"
PGAUDIT = ("log", "log_catalog", "log_client", "log_level", "log_parameter", "role")
"""Settings that the extension defines; the collector keeps every name that begins with pgaudit."""
STEP_INTO = ("[]", "[*]")


@cache
def catalog() -> Catalog:
    return content.load_catalog((data_dir("rules"),))


@cache
def reads(rule_id: str) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Return (kind, path below the payload) for each field that a rule reads."""
    rule = next(r for r in catalog().rules if r.id == rule_id)
    joined = {join.name: join.kind for join in rule.joins}
    environment = rule_environment()
    found: set[tuple[str, tuple[str, ...]]] = set()
    for expression in rule_expressions(rule):
        for root, *steps in environment.compile(expression.text).paths():
            if root == "object":
                found |= {(kind, tuple(steps)) for kind in rule.subjects}
            elif root == "items" and steps:
                found |= {(kind, tuple(steps[1:])) for kind in rule.subjects}
            elif root == "inputs" and len(steps) > 1:
                # Below a list comes its element, below a map its key; then the payload.
                found.add((joined[steps[0]], tuple(steps[2:])))
    found |= {(j.kind, tuple(j.field.split("."))) for j in rule.joins if j.field}
    found |= {(j.kind, tuple(j.keyed_by.split("."))) for j in rule.joins if j.keyed_by}
    return frozenset((kind, path) for kind, path in found if path)


def is_there(value: object, path: Sequence[str]) -> bool:
    """Return whether a path leads somewhere in one of the payload's branches."""
    if not path:
        return True
    head, *rest = path
    if isinstance(value, Mapping):
        inner = value.values() if head in STEP_INTO else [value[head]] if head in value else []
        return any(is_there(item, rest) for item in inner)
    if isinstance(value, list):
        return head in STEP_INTO and any(is_there(item, rest) for item in value)
    return False


def rules_on(family: str) -> list[Rule]:
    return [r for r in catalog().rules if any(k.startswith(f"{family}/") for k in needed_kinds(r))]


# PostgreSQL: rows made of the columns that the collector's own statements select, given to the
# collector itself.


def columns(sql: str) -> list[str]:
    """Return the names of the columns that the first SELECT of a statement yields."""
    body = re.split(r"\bSELECT\b(?:\s+DISTINCT)?", sql, maxsplit=1)[1]
    names: list[str] = []
    for part in top_level_parts(body):
        named = re.search(r"\bAS\s+\"?(\w+)\"?\s*$", part)
        bare = re.search(r"(\w+)(?:::\w+(?:\[\])?)?\s*$", part)
        names.append((named or bare)[1])  # type: ignore[index]
    return names


def top_level_parts(body: str) -> Iterator[str]:
    depth, part = 0, ""
    for token in re.findall(r"\bFROM\b|'[^']*'|\w+|\s+|.", body):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token, 0)
        if depth == 0 and token in (",", "FROM"):
            yield part.strip()
            part = ""
            if token == "FROM":
                return
        else:
            part += token
    yield part.strip()


VALUES: Mapping[str, object] = {
    "active": True,
    "active_pid": 7,
    "address": "10.20.0.0",
    "allows_connections": True,
    "archived_count": 1,
    "column": "nik",
    "conninfo": "host=10.40.5.11 sslmode=verify-full",
    "datname": "pinjaman",
    "domain": "terenkripsi",
    "hidden": 0,
    "line_number": 1,
    "may_connect": True,
    "netmask": "255.255.0.0",
    "newer": False,
    "pg_read_all_settings": True,
    "pg_read_all_stats": True,
    "pid": 7,
    "rolcanlogin": True,
    "rolsuper": True,
    "rule_number": 1,
    "setting": "log_statement=none",
    "slot_type": "physical",
    "table": "nasabah",
    "table_id": 1,
    "version_num": 150020,
}
"""Where the collector does not just pass a text on."""


class ColumnReader:
    """Answers each statement with one row that has every column it selects."""

    def __init__(self, *, in_recovery: bool) -> None:
        self.in_recovery = in_recovery

    def rows(
        self, statement: Statement, parameters: Mapping[str, object] | None = None
    ) -> tuple[Row, ...]:
        if statement is server.SETTINGS:
            names = [*NAMES, *(f"pgaudit.{name}" for name in PGAUDIT)]
            return tuple({"name": n, "setting": "x", "source": "configuration file"} for n in names)
        if statement is server.HELPERS:
            return ()
        is_hba = statement.fact == "hba"
        row: dict[str, object] = {}
        for name in columns(statement.sql):
            row[name] = VALUES.get(name, "x")
            if name == "in_recovery":
                row[name] = self.in_recovery
            elif name == "options" or (is_hba and name in ("database", "user_name")):
                row[name] = ["host=10.40.5.11"]
            elif name == "database":
                row[name] = "pinjaman"
        return (row,)


@pytest.fixture
def instances(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """A primary's and a standby's payload as the collector makes them."""
    target = PostgresqlTarget(
        id="pg",
        host="10.20.5.11",
        user="ojkaudit",
        dbname="pinjaman",
        site="cikaso",
        volume_encryption={"encrypted": True},
    )
    sink = ListSink()
    for in_recovery in (False, True):

        @contextlib.contextmanager
        def session(
            *_: object, in_recovery: bool = in_recovery, **__: object
        ) -> Iterator[ColumnReader]:
            yield ColumnReader(in_recovery=in_recovery)

        monkeypatch.setattr(postgresql, "open_session", session)
        PostgresqlCollector(target).collect(context(INSTANCE), sink)
    payloads = [resource.payload for resource in sink.resources]
    assert [payload["failed_facts"] for payload in payloads] == [[], []]
    assert [payload["missing_privileges"] for payload in payloads] == [[], []]
    return payloads


def context(*kinds: str) -> CollectionContext:
    return CollectionContext(
        kinds=kinds,
        clock=lambda: datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        read_secret=lambda _: "",
        progress=lambda *_: None,
        user_agent="test",
    )


def test_postgresql_rules_read_what_the_collector_yields(
    instances: list[Mapping[str, Any]],
) -> None:
    wanted = {
        (rule.id, path)
        for rule in rules_on("postgresql")
        for kind, path in reads(rule.id)
        if kind == INSTANCE
    }
    assert len(wanted) > 100
    missing = {
        (rule, ".".join(path))
        for rule, path in wanted
        if not any(is_there(payload, path) for payload in instances)
    }
    assert missing == set()


def test_a_path_nobody_yields_is_noticed(instances: list[Mapping[str, Any]]) -> None:
    assert not is_there(instances[0], ("settings", "log_statment"))
    assert not is_there(instances[0], ("replication", "[]", "lag"))
    assert is_there(instances[0], ("replication", "[]", "lag_bytes"))


def test_settings_read_by_a_computed_name_are_collected() -> None:
    texts = [e.text for rule in rules_on("postgresql") for e in rule_expressions(rule)]
    computed_names = {name for text in texts for name in re.findall(r"'(debug_print_\w+)'", text)}
    assert computed_names
    assert computed_names <= NAMES


def test_overrides_that_rules_judge_are_kept_by_the_collector() -> None:
    judged = {
        str(entry["setting"])
        for group in content.load_cases(data_dir("fixtures") / "rules")
        for case in group.cases
        for instance in case.evidence.get(INSTANCE, ())
        for entry in as_entries(instance.get("role_settings"))
    }
    assert len(judged) > 10
    assert {s for s in judged if role_setting({"setting": s})["setting"] != s} == set()


def as_entries(value: object) -> list[Mapping[str, Any]]:
    return [e for e in value if isinstance(e, Mapping)] if isinstance(value, list | tuple) else []


# The register: its schema admits no other key, and the collector adds a few.


def register_schema(kind: str) -> Mapping[str, Any]:
    path = Path(content.__file__).parent.parent / "schemas" / "register.schema.json"
    document = json.loads(path.read_text())
    section = document["properties"][SECTIONS[kind]]
    reference = section.get("items", section)["$ref"].rpartition("/")[2]
    schema: Mapping[str, Any] = document["$defs"][reference]
    return schema


def admits(schema: Mapping[str, Any], path: Sequence[str]) -> bool:
    if not path:
        return True
    head, *rest = path
    if head in STEP_INTO:
        return admits(schema.get("items", {}), rest)
    inner = schema.get("properties", {}).get(head)
    return inner is not None and admits(inner, rest)


def computed(kind: str, tmp_path: Path) -> frozenset[str]:
    """Return the keys that the collector itself adds to a record."""
    sink = ListSink()
    RegisterCollector(
        sites=(),
        register=Register(base_dir=tmp_path, records={SECTIONS[kind]: ({"id": "x"},)}),
        address="o.yaml",
        institution="PT A",
    ).collect(context(kind), sink)
    return frozenset(sink.resources[0].payload) - {"id"}


def test_register_rules_read_what_a_record_may_hold(tmp_path: Path) -> None:
    site = {field.name for field in fields(Site)} - {"extra"} | set(_SITE_EXTRAS)
    missing: set[tuple[str, str, str]] = set()
    checked = 0
    for rule in rules_on("register"):
        for kind, path in reads(rule.id):
            if not kind.startswith("register/"):
                continue
            checked += 1
            if kind == SITE_KIND:
                known = path[0] in site
            else:
                known = path[0] in computed(kind, tmp_path) or admits(register_schema(kind), path)
            if not known:
                missing.add((rule.id, kind, ".".join(path)))
    assert checked > 50
    assert missing == set()


# Kubernetes objects are kept as they are served, so every field of the API is there to be read.


def test_kubernetes_objects_are_kept_whole() -> None:
    collector = KubernetesCollector(KubernetesTarget(id="okd"))
    for rule in rules_on("kubernetes"):
        for kind in needed_kinds(rule):
            assert collector._projection(kind) == Projection(), (rule.id, kind)


def test_every_kind_a_rule_needs_belongs_to_a_collector_that_yields_it() -> None:
    for rule in catalog().rules:
        for kind in needed_kinds(rule):
            family = kind.partition("/")[0]
            assert family in COLLECTORS, (rule.id, kind)
            if family == "register":
                assert kind in {*SECTIONS, SITE_KIND}, (rule.id, kind)
            if family == "postgresql":
                assert kind == INSTANCE, (rule.id, kind)
