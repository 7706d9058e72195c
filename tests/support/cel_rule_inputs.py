"""Inputs for the expressions of rules: from their cases, and made from the fields they read."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ojkaudit.cel import CelError, Environment, Program
from tests.support.cel_oracle_functions import NOW
from tests.support.cel_oracle_mutation import mutated
from tests.support.needs import ROOT

_EXPRESSIONS = ("select", "applies", "unknown", "pass", "observed")
_LEAVES: tuple[object, ...] = (
    *(None, True, False, True, False, 0, 1, 2, 3, 30, 400, 0.0, 1.5, -6.2, 106.8),
    *("", "a", "ID", "SG", "on", "off", "success", "Retain", "10.10.1.5", "10.20.3.4", "8.8.8.8"),
    *("2026-08-01", "2026-08-01T00:00:00Z", "2027-05-01", "2019-01-01", "active", "true", "posix"),
    *(
        "InternalIP",
        "primary",
        "recovery",
        "aws:ap-southeast-3",
        "*",
        "4.0.1",
        "x@sha256:00",
        "30d",
    ),
    *([], ["ID"], ["a", "b"], {}, {"name": "a"}),
)


def rule_texts() -> list[tuple[str, dict[str, str], dict[str, Any]]]:
    """Return id, expressions by their key, and the content of every rule file."""
    found: list[tuple[str, dict[str, str], dict[str, Any]]] = []
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or "pass" not in content:
            continue
        texts = {key: content[key] for key in _EXPRESSIONS if isinstance(content.get(key), str)}
        for number, join in enumerate(content.get("joins", ())):
            where = join.get("where", {})
            if isinstance(where, dict) and isinstance(where.get("equals"), str):
                texts[f"joins/{number}"] = where["equals"]
        found.append((path.stem, texts, content))
    return found


def case_inputs(rule: Mapping[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    """Yield the inputs of the cases in a file; none when there is no such file."""
    if not path.is_file():
        return
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    subjects = rule["subject"] if isinstance(rule["subject"], list) else [rule["subject"]]
    for case in content["cases"]:
        evidence = case["evidence"]
        items = [each for kind in subjects for each in evidence.get(kind, [])]
        if not items and subjects == ["kubernetes/workloads"]:
            items = [each for listed in evidence.values() for each in listed]
        inputs = {join["as"]: evidence.get(join["kind"], []) for join in rule.get("joins", ())}
        for each in items or [{}]:
            yield _complete(each, items, inputs, case.get("params", {}))


def _complete(
    subject: dict[str, Any], items: list[Any], inputs: dict[str, Any], params: dict[str, Any]
) -> dict[str, Any]:
    spec = subject.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    template = spec.get("template")
    pod = template.get("spec", {}) if isinstance(template, dict) else spec
    containers = pod.get("containers", []) if isinstance(pod, dict) else []
    return {
        "object": subject,
        "items": items,
        "inputs": inputs,
        "params": {**_defaults(), **params},
        "namespaceObject": {"metadata": {"name": "pay", "labels": {"env": "prod"}}},
        "podSpec": pod,
        "allContainers": containers if isinstance(containers, list) else [],
        "target": {"name": "demo"},
    }


def _defaults() -> dict[str, Any]:
    path = ROOT / "rules" / "parameters.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {each["name"]: each["value"] for each in content.get("parameters", [])}


def made_inputs(
    generator: random.Random, environment: Environment, texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return random inputs that have most of the fields the expressions read."""
    paths: set[tuple[str, ...]] = set()
    for text in texts.values():
        program = compiled(environment, text)
        paths |= set(program.paths()) if program is not None else set()
    tree: dict[str, Any] = {}
    for path in sorted(paths):
        node = tree
        for step in path:
            node = node.setdefault(step, {})
    inputs = {name: _made(generator, tree.get(name, {}), name) for name in environment.variables}
    for name, type_ in environment.variables.items():
        if type_.kind.value == "list" and not isinstance(inputs[name], list):
            inputs[name] = []
        if type_.kind.value == "map" and not isinstance(inputs[name], dict):
            inputs[name] = {}
    inputs["target"] = {"name": "demo"}
    inputs["params"] = {**inputs["params"], **_defaults()}
    return inputs


def compiled(environment: Environment, text: str) -> Program | None:
    try:
        return environment.compile(text)
    except CelError:
        return None


def _made(generator: random.Random, tree: Mapping[str, Any], name: str) -> Any:
    if not tree:
        return generator.choice(_LEAVES)
    if "[]" in tree:
        below = {**tree["[]"], **{key: value for key, value in tree.items() if key != "[]"}}
        return [_made(generator, below, name) for _ in range(generator.choice((0, 1, 1, 2, 3)))]
    if "[*]" in tree:
        keys = ("a", "cikaso", "ID", "10.10.1.5")
        return {key: _made(generator, tree["[*]"], key) for key in keys}
    return {
        key: _made(generator, below, key)
        for key, below in tree.items()
        if generator.random() < 0.93
    }


def varied(
    generator: random.Random, inputs: Mapping[str, Any], count: int
) -> list[dict[str, object]]:
    """Return copies with faults, the first without; `now` is the same in all."""
    result: list[dict[str, object]] = []
    for number in range(count):
        changes = 0 if number == 0 else generator.choice((1, 1, 2, 3, 5))
        each: dict[str, object] = {
            name: mutated(generator, value, changes) if isinstance(value, dict | list) else value
            for name, value in inputs.items()
            if name not in ("now", "target", "params")
        }
        each.update(now=NOW, target=inputs["target"], params=inputs["params"])
        if number and generator.random() < 0.1:
            each["params"] = mutated(generator, inputs["params"], 1)
        result.append(each)
    return result
