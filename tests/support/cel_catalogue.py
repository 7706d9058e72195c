"""The catalogue of expressions that lies beside some checkouts, with the functions its cases mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ojkaudit.cel import Environment, Function, types
from tests.support import cel_oracle_functions as simple
from tests.support.needs import ROOT, need

_KEYS = ("cel", "unknown_cel", "vap_cel")


def _functions() -> tuple[Function, ...]:
    text, number = types.STRING, types.DOUBLE
    return (
        Function(name="countryOf", params=(text,), result=text),
        Function(name="siteOf", params=(text,), result=text),
        Function(name="age", params=(text,), result=types.DURATION),
        Function(name="days", params=(types.INT,), result=types.DURATION),
        Function(name="dur", params=(text,), result=types.DURATION),
        Function(name="distanceKm", params=(number,) * 4, result=number),
        Function(name="inIndonesia", params=(number, number), result=types.BOOL),
        Function(name="verGte", params=(text, text), result=types.BOOL),
        Function(name="looksSecret", params=(text, text), result=types.BOOL),
    )


_DYNAMIC = (
    *("object", "items", "inputs", "params", "namespaceObject", "podSpec", "allContainers"),
)
ENVIRONMENT = Environment(
    variables={**dict.fromkeys(_DYNAMIC, types.DYN), "now": types.TIMESTAMP},
    functions=_functions(),
)


class Catalogue:
    """Expressions, cases and tables, read once."""

    def __init__(self) -> None:
        folder = ROOT.parent / "shared" / "catalog"
        need(folder.is_dir(), "catalogue of expressions beside the checkout")
        self.content = _yaml(folder / "controls.yaml")
        listed = json.loads((folder / "control-cases.json").read_text(encoding="utf-8"))
        self.cases: dict[str, list[dict[str, Any]]] = {each["id"]: each["cases"] for each in listed}

    def texts(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield id and expressions of every entry."""
        for control in self.content["controls"]:
            yield control["id"], {key: control[key] for key in _KEYS if key in control}

    def inputs(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables of a case."""
        empty = {"object": {}, "items": [], "inputs": {}, "namespaceObject": {}}
        return {
            **empty,
            "podSpec": {},
            "allContainers": [],
            "params": self.content["params"],
            **case["input"],
            "now": simple.NOW,
        }

    def functions(self) -> dict[str, Callable[..., object]]:
        """Return the functions with the catalogue's own tables behind them."""
        return {
            **simple.FUNCTIONS,
            "countryOf": self.country_of,
            "siteOf": self.site_of,
        }

    def country_of(self, text: str) -> str:
        if not text:
            return ""
        for each in self.content["regions"]:
            if text == f"{each['provider']}:{each['region']}":
                return str(each["country"])
        host = (urlsplit(text).hostname or "") if "//" in text else text.rpartition(":")[0] or text
        if re.fullmatch(r"10\.(10|20)\.\d+\.\d+", host):
            return "ID"
        if host.endswith((".svc", ".local")) or "." not in host:
            return "LOCAL" if ":" not in text or "//" in text else ""
        return self._country_of_host(host)

    def _country_of_host(self, host: str) -> str:
        for pattern in self.content["host_patterns"]:
            match = re.search(pattern["regex"], host)
            if match is not None:
                return self.country_of(f"{pattern['provider']}:{match[1]}")
        return "ID" if host.endswith(".id") else ""

    def site_of(self, text: str) -> str:
        """Return the site whose network, as the register cases give it, holds the address."""
        for cases in self.cases.values():
            for case in cases:
                subject = case["input"].get("object") or {}
                networks = subject.get("cidrs", []) if isinstance(subject, dict) else []
                if any(text.startswith(each.split("0.0/")[0]) for each in networks):
                    return str(subject["id"])
        return "elsewhere" if text.startswith("10.") else ""


def _yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content
