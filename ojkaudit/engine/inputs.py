"""Everything a verdict is reached with besides the evidence, and its stored form for a replay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ojkaudit import canonical
from ojkaudit.errors import ConfigurationError, ContentError
from ojkaudit.model.catalog import Catalog, Profile, Rule, SourceDocument
from ojkaudit.model.codec import decode, encode
from ojkaudit.model.config import Waiver
from ojkaudit.model.dates import jakarta_day
from ojkaudit.model.evidence import Snapshot
from ojkaudit.model.outcome import Severity
from ojkaudit.model.result import InstitutionInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentInputs:
    """What evidence is judged with; equal inputs and evidence reach equal bytes."""

    catalog: Catalog
    profile: Profile
    rules: tuple[Rule, ...]
    """Selected by the profile."""
    waivers: tuple[Waiver, ...]
    institution: InstitutionInfo
    period_from: date
    period_to: date
    now: datetime
    """Aware; the time of judging."""
    fail_on: Severity
    """Failing findings of this severity or a higher one stop a run."""
    allow_incomplete: bool
    demonstration: bool
    tool_version: str
    required_signatures: tuple[str, ...]
    time_given: bool = False
    """True when `now` was given by hand instead of taken from the clock."""


def normalised(inputs: AssessmentInputs) -> AssessmentInputs:
    """Return the inputs in one order, whatever order files were read in."""
    return replace(
        inputs,
        catalog=_catalog(inputs.catalog),
        rules=_by_id(inputs.rules),
        waivers=tuple(sorted(inputs.waivers, key=lambda waiver: (waiver.id, waiver.rule))),
    )


def inputs_document(inputs: AssessmentInputs) -> dict[str, object]:
    """Return the inputs as JSON data, stored beside the evidence so that it can be judged again."""
    document = encode(normalised(inputs))
    assert isinstance(document, dict)  # noqa: S101 - a dataclass encodes to an object
    return document


def inputs_from_document(data: object) -> AssessmentInputs:
    """Return the inputs that `inputs_document` wrote.

    Raises:
        ContentError: The document is not of this form.
    """
    try:
        return decode(AssessmentInputs, data, "inputs")
    except ValueError as error:
        raise ContentError(
            f"the stored judging inputs cannot be read: {error}",
            hint="Judge again with the release that wrote them.",
        ) from error


def assessment_id(inputs: AssessmentInputs, snapshot: Snapshot) -> str:
    """Return `oa-YYYYMMDD-` and 12 hex digits: the day in Jakarta, and what is judged with what."""
    parts = {"inputs": inputs_document(inputs), "snapshot": snapshot.digest}
    return f"oa-{jakarta_day(inputs.now):%Y%m%d}-{canonical.digest(parts)[:12]}"


def digest_of(value: Catalog | Profile) -> str:
    """Return the SHA-256 of a catalog or profile, independent of the order of its parts."""
    return canonical.digest(encode(_catalog(value) if isinstance(value, Catalog) else value))


def check_not_empty(inputs: AssessmentInputs, snapshot: Snapshot) -> None:
    """Refuse to judge when there is nothing to look at: that must never look like success.

    Raises:
        ConfigurationError: The snapshot has no target.
        ContentError: No rule is selected, or one is selected twice.
    """
    if not snapshot.info.targets:
        raise ConfigurationError(
            "the snapshot has no target: there is nothing to judge",
            hint="Declare at least one target in ojkaudit.yaml and collect again.",
        )
    if not inputs.catalog.rules or not inputs.rules:
        raise ContentError(
            "no rule is selected: there is nothing to judge",
            hint="Check the profile's 'rules' and 'exclude', and 'ojkaudit rules list'.",
        )
    ids = [rule.id for rule in inputs.rules]
    twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
    if twice:
        raise ContentError(f"rule {twice[0]} is selected twice", hint="Rule ids are unique.")


def _catalog(catalog: Catalog) -> Catalog:
    return replace(
        catalog,
        documents=tuple(sorted(map(_document, catalog.documents), key=lambda d: d.id)),
        rules=_by_id(catalog.rules),
        parameters=tuple(sorted(catalog.parameters, key=lambda parameter: parameter.name)),
        regions=tuple(sorted(catalog.regions, key=lambda r: (r.provider, r.region, r.country))),
        host_patterns=tuple(
            sorted(catalog.host_patterns, key=lambda h: (h.pattern, h.provider, h.country))
        ),
    )


def _document(document: SourceDocument) -> SourceDocument:
    return replace(document, controls=tuple(sorted(document.controls, key=lambda c: c.id)))


def _by_id(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.id))
