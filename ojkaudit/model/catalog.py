"""Source documents, controls, rules, parameters and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ojkaudit.model.outcome import (
    Context,
    Evaluate,
    EvidenceGrade,
    OnAbsent,
    OnEmpty,
    ParameterOrigin,
    Severity,
)
from ojkaudit.model.text import Text

ParameterValue: TypeAlias = (
    str | int | float | bool | tuple[str, ...] | tuple[int, ...] | tuple[float, ...]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One obligation of a source document."""

    id: str
    """`<document>/<paragraph>`, as in the catalogue, for example `POJK-40-2024/P162`."""
    document: str
    title: Text
    article: str = ""
    """Article and paragraph; empty where its text was not read."""
    citable: bool = False
    """True only where the article's text was read: then the article may be printed."""
    confidence: str = ""
    """`text seen`, `secondary` or `memory`."""
    theme: str = ""
    binds_from: date | None = None
    """None: from the day the document is in force."""
    binds_until: date | None = None
    """Last day it binds; None: open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A regulation or standard, with the dates between which it binds."""

    id: str
    title: Text
    issuer: str
    in_force_from: date | None = None
    in_force_until: date | None = None
    """Last day in force; None: still in force."""
    superseded_by: str = ""
    """Id of the document that replaced it; set on tombstones only."""
    controls: tuple[Control, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Another kind that a rule's expressions read."""

    kind: str
    name: str = ""
    """The expressions see `inputs.<name>`; empty: only functions such as `siteOf` read it."""
    field: str = ""
    """Dotted path in the joined resource that must equal `equals`; a list there matches any item."""
    equals: str = ""
    """CEL over the subject that yields the value looked up in the index on `field`."""
    keyed_by: str = ""
    """Dotted path whose value keys a map: `inputs.<name>` is then a map, else a list."""
    on_absent: OnAbsent = OnAbsent.UNKNOWN
    """Only `unknown` or `empty`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One testable statement that supports one or more controls."""

    id: str
    title: Text
    theme: str
    severity: Severity
    severity_reason: Text
    evidence_grade: EvidenceGrade
    controls: tuple[str, ...]
    subjects: tuple[str, ...]
    """Kinds whose resources are the subjects, groups such as `kubernetes/workloads` expanded."""
    evaluate: Evaluate
    on_empty: OnEmpty
    expected: Text
    remediation: Text
    pass_expression: str
    select: str = ""
    """CEL over one resource; false: the resource is no subject of this rule."""
    applies: str = ""
    """CEL; false: `not_applicable`."""
    applies_reason: Text | None = None
    """Why a subject that does not satisfy `applies` is not judged."""
    unknown: str = ""
    """CEL; true: the evidence is too weak to judge."""
    unknown_reason: Text | None = None
    """What is missing when `unknown` holds, and which right or record would mend it."""
    observed: str = ""
    """CEL yielding what to print as "seen"."""
    joins: tuple[Join, ...] = ()
    on_absent: OnAbsent = OnAbsent.UNKNOWN
    """What a target that does not serve the subject's kind means."""
    empty_ok_because: Text | None = None
    absent_field: Text | None = None
    """What the platform does when a field this rule reads is absent."""
    contexts: tuple[Context, ...] = (Context.LIVE,)
    corroborated_by: tuple[str, ...] = ()
    max_age_hours: int = 0
    """Evidence older than this is stale; 0: the parameter `evidence_max_age_hours`."""
    since: str = ""
    source_file: str = ""
    """Path below the rules folder, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One threshold or list that expressions read as `params.<name>`."""

    name: str
    type: str
    """`int`, `double`, `string`, `bool`, `list(string)` or `list(int)`."""
    value: ParameterValue
    origin: ParameterOrigin
    citation: str = ""
    """Control id for `law`; ADR for `policy`; rationale for `profile`."""
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Country of one region of one cloud provider; the pair is the key, never the token alone."""

    provider: str
    region: str
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPattern:
    """Country of hosts that match a pattern of a provider's published endpoints."""

    pattern: str
    """RE2, matched against the whole lower-case host name."""
    provider: str = ""
    region_group: int = 0
    """Group of the pattern that holds the region token; 0: `country` is fixed."""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All documents, controls, rules and tables of one release."""

    version: str
    documents: tuple[SourceDocument, ...]
    rules: tuple[Rule, ...]
    parameters: tuple[Parameter, ...]
    regions: tuple[Region, ...] = ()
    host_patterns: tuple[HostPattern, ...] = ()

    def controls(self) -> Mapping[str, Control]:
        """Return every control by id."""
        return {c.id: c for d in self.documents for c in d.controls}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterOverride:
    """A value that a profile puts in place of a default, with its rationale."""

    name: str
    value: ParameterValue
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Which rules apply to this institution, with parameter values."""

    id: str
    title: Text
    rules: tuple[str, ...] = ()
    """Rule ids or globs such as `RES-*`; empty selects every rule of the catalog."""
    exclude: tuple[str, ...] = ()
    """Rule ids left out by name."""
    exclude_rationale: str = ""
    parameters: tuple[ParameterOverride, ...] = ()
