"""The schemas of results are written by hand; they must equal the dataclasses, field by field."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from ojkaudit import resources
from ojkaudit.content.schema import faults, validator
from ojkaudit.model.catalog import Parameter
from ojkaudit.model.codec import decode, encode
from ojkaudit.model.evidence import Coverage, ResourceRef, TargetInfo
from ojkaudit.model.outcome import (
    ControlStatus,
    Corroboration,
    CoverageStatus,
    EvidenceGrade,
    Outcome,
    ParameterOrigin,
    ReasonCode,
    Severity,
    VerdictStatus,
)
from ojkaudit.model.result import (
    AssessmentResult,
    Change,
    Comparison,
    ControlResult,
    Digests,
    FailedTerm,
    Finding,
    InstitutionInfo,
    RegisterEntry,
    RuleResult,
    Verdict,
    WaiverResult,
)
from ojkaudit.model.text import Text

TEXT = Text(id="Kalimat", en="Sentence")
TIME = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = date(2026, 11, 20)
SHA = "0" * 64
COUNTS = {outcome.value: 1 for outcome in Outcome}
REF = ResourceRef(target="klaster", kind="kubernetes/v1/Node", namespace="", name="n", uid="u")
FINDING = Finding(
    rule="RES-003",
    outcome=Outcome.FAIL,
    severity=Severity.CRITICAL,
    subject=REF,
    reason=ReasonCode.FAILED,
    message=TEXT,
    observed="x",
    failed_terms=(FailedTerm(text="a == b", line=1, column=3, detail="1 != 2"),),
    evidence=(SHA,),
    missing_right="get nodes",
    waiver="W-1",
)
RESULT = AssessmentResult(
    schema_version="1.0",
    assessment_id="2026-11-20-abc",
    tool_version="0.1.0",
    assessed_at=TIME,
    collected_at=TIME.replace(microsecond=5),
    institution=InstitutionInfo(
        name="PT Dana Contoh Nusantara",
        licence_number="KEP-1",
        licence_date=DAY,
        afpi_member="1",
        pse_registration="2",
        total_assets_idr=5,
        business_mostly_by_it=True,
    ),
    period_from=DAY,
    period_to=DAY,
    profile="lpbbti",
    profile_title=TEXT,
    demonstration=True,
    time_given=True,
    verdict=Verdict(
        status=VerdictStatus.NON_COMPLIANT,
        exit_code=1,
        fail_on=Severity.HIGH,
        allow_incomplete=False,
        rules_selected=2,
        rules_judged=1,
    ),
    counts=COUNTS,
    digests=Digests(**{f.name: SHA for f in fields(Digests)}),
    targets=(TargetInfo(id="klaster", family="kubernetes", address="https://a", version="1"),),
    rules=(
        RuleResult(
            id="RES-003",
            title=TEXT,
            theme="residency",
            severity=Severity.CRITICAL,
            evidence_grade=EvidenceGrade.OBSERVED,
            controls=("DOC-1/P1",),
            expected=TEXT,
            remediation=TEXT,
            outcome=Outcome.FAIL,
            counts=COUNTS,
            waived=1,
            corroboration=Corroboration.NOT_NEEDED,
            corroborated_by=("RES-024",),
        ),
    ),
    controls=(
        ControlResult(
            id="DOC-1/P1",
            document="DOC-1",
            title=TEXT,
            citation="DOC-1 Pasal 1",
            citable=True,
            status=ControlStatus.NOT_SATISFIED,
            rules=("RES-003",),
            not_corroborated=False,
        ),
    ),
    findings=(FINDING,),
    coverage=(
        Coverage(
            target="klaster",
            kind="kubernetes/v1/Node",
            status=CoverageStatus.COMPLETE,
            verb="LIST",
            count=1,
            read_at=TIME,
            http_status=200,
            redactions=("a: b",),
        ),
    ),
    parameters=(
        Parameter(
            name="countries",
            type="list(string)",
            value=("ID",),
            origin=ParameterOrigin.LAW,
            citation="DOC-1/P1",
            description=TEXT,
        ),
    ),
    register=(
        RegisterEntry(
            id="iso",
            type="iso27001",
            holder="PT Dana Contoh Nusantara",
            number="1",
            sites=("cikaso",),
            valid_until=None,
            days_left=None,
            state="undated",
            file="",
            file_matches=None,
        ),
    ),
    waivers=(WaiverResult(id="W-1", rule="RES-003", state="active", until=DAY, matched=1),),
    rules_left_out=("TLS-014",),
    left_out_rationale="reason",
    required_signatures=("assessor",),
    comparison=Comparison(
        previous_id="x",
        previous_assessed_at=TIME,
        counts={"new": 1},
        changes=(Change(rule="RES-003", subject=REF, change="new", before="", after="fail"),),
        coverage_lost=("klaster kubernetes/v1/Node",),
        comparable=TEXT,
    ),
)


def result() -> Any:
    """Return the result as it is written to `result.json`."""
    return json.loads(json.dumps(encode(RESULT)))


def mismatches(kind: Any, schema: str, node: Any, where: str) -> Iterator[str]:
    """Yield where a type and its schema differ: fields, required ones, enumerations, kinds."""
    node, schema = resolved(schema, node)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType) and type(None) in get_args(kind):
        yield from optional(kind, schema, node, where)
    elif origin in (Union, types.UnionType):
        if set(node["type"]) != {"string", "number", "boolean", "array"}:
            yield f"{where}: {node['type']}"
    elif origin is tuple:
        if node.get("type") != "array":
            yield f"{where}: not a list"
        else:
            yield from mismatches(get_args(kind)[0], schema, node["items"], f"{where}[]")
    elif origin is not None and issubclass(origin, Mapping):
        if node.get("type") != "object":
            yield f"{where}: not an object"
    elif is_dataclass(kind):
        yield from dataclass_mismatches(kind, schema, node, where)
    else:
        yield from scalar(kind, node, where)


def scalar(kind: Any, node: Any, where: str) -> Iterator[str]:
    if issubclass(kind, Enum):
        if set(node.get("enum", ())) != {member.value for member in kind}:
            yield f"{where}: {node.get('enum')}"
        return
    wanted = {str: "string", int: "integer", bool: "boolean", date: "string", datetime: "string"}
    given = {type(v) for v in node.get("enum", [node["const"]] if "const" in node else [])}
    if given and given != {kind}:
        yield f"{where}: enumerates {given}"
    elif not given and node.get("type") != wanted[kind]:
        yield f"{where}: {node.get('type')} is not {wanted[kind]}"
    elif kind is date and node.get("format") != "date":
        yield f"{where}: no date"
    elif kind is datetime and node.get("format") != "date-time":
        yield f"{where}: no time"


def optional(kind: Any, schema: str, node: Any, where: str) -> Iterator[str]:
    (inner,) = (item for item in get_args(kind) if item is not type(None))
    if "anyOf" in node:
        if {"type": "null"} not in node["anyOf"]:
            yield f"{where}: never null"
        yield from mismatches(inner, schema, node["anyOf"][0], where)
    elif "null" not in node["type"]:
        yield f"{where}: never null"
    else:
        yield from scalar(inner, {**node, "type": node["type"][0]}, where)


def dataclass_mismatches(kind: Any, schema: str, node: Any, where: str) -> Iterator[str]:
    if node.get("additionalProperties") is not False:
        yield f"{where}: takes unknown keys"
    names = {field.name for field in fields(kind)}
    if set(node["properties"]) != names:
        yield f"{where}: {set(node['properties']) ^ names}"
        return
    # The codec writes every field and demands every field, defaults or not.
    if set(node["required"]) != names:
        yield f"{where}: not required: {names - set(node['required'])}"
    hints = get_type_hints(kind)
    for name in names:
        yield from mismatches(hints[name], schema, node["properties"][name], f"{where}.{name}")


def resolved(schema: str, node: Any) -> tuple[Any, str]:
    """Follow references; return the node and the name of the schema it stands in."""
    if "allOf" in node:
        node = node["allOf"][0]
    while "$ref" in node:
        urn, _, pointer = node["$ref"].partition("#")
        schema = urn.split(":")[3] if urn else schema
        node = json.loads(resources.schema_path(schema).read_bytes())
        for step in pointer.strip("/").split("/") if pointer else ():
            node = node[step]
    return node, schema


def test_the_schema_of_results_equals_the_dataclasses() -> None:
    node = {"$ref": "urn:ojkaudit:schema:result:1.0"}
    assert list(mismatches(AssessmentResult, "result", node, "result")) == []


def test_the_schema_of_findings_equals_the_dataclass() -> None:
    node = {"$ref": "urn:ojkaudit:schema:finding:1.0"}
    assert list(mismatches(Finding, "finding", node, "finding")) == []


def test_the_comparison_itself_finds_differences() -> None:
    schema = json.loads(resources.schema_path("finding").read_bytes())
    schema["required"].remove("waiver")
    schema["properties"]["observed"] = {"type": "integer"}
    schema["properties"]["reason"] = {"enum": ["passed"]}
    found = list(dataclass_mismatches(Finding, "finding", schema, "finding"))
    assert len(found) == 3


def test_every_field_of_the_example_is_filled() -> None:
    for field in fields(AssessmentResult):
        if field.default is not MISSING:
            assert getattr(RESULT, field.name) != field.default


def test_a_result_satisfies_its_schema_and_decodes_again() -> None:
    assert faults(result(), "result") == ()
    assert decode(AssessmentResult, result()) == RESULT


def test_a_finding_satisfies_its_schema() -> None:
    assert faults(json.loads(json.dumps(encode(FINDING))), "finding") == ()


def test_passes_stand_in_the_findings_file_and_not_in_the_result() -> None:
    data = result()
    data["findings"][0]["outcome"] = "pass"
    assert faults(data["findings"][0], "finding") == ()
    (fault,) = faults(data, "result")
    assert fault.path == ("findings", 0, "outcome")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), "2.0"),
        (("assessed_at",), "2026-11-20T09:00:00+07:00"),
        (("assessed_at",), "2026-11-20"),
        (("period_from",), "2026-02-30"),
        (("verdict", "exit_code"), 4),
        (("verdict", "status"), "passed"),
        (("counts", "pass"), -1),
        (("counts", "error"), 0),
        (("digests", "snapshot"), "abc"),
        (("findings", 0, "severity"), "urgent"),
        (("findings", 0, "subject", "namespace"), None),
        (("rules", 0, "outcome"), "error"),
        (("rules", 0, "extra"), 1),
        (("coverage", 0, "status"), "ok"),
        (("waivers", 0, "state"), "valid"),
        (("register", 0, "days_left"), 1.0),
        (("comparison", "changes", 0, "change"), "better"),
        (("comparison", "comparable"), "x"),
    ],
)
def test_a_result_that_departs_from_the_schema_is_refused(
    path: tuple[str | int, ...], value: object
) -> None:
    data = result()
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert faults(data, "result")


@pytest.mark.parametrize("name", [field.name for field in fields(AssessmentResult)])
def test_a_result_lacks_no_field(name: str) -> None:
    data = result()
    del data[name]
    assert [fault.message for fault in faults(data, "result")] == [f"key '{name}' is missing"]


def test_the_words_of_the_schema_are_those_of_the_vocabulary() -> None:
    definitions = validator("common").schema["$defs"]
    for name, kind in {
        "severity": Severity,
        "grade": EvidenceGrade,
        "outcome": Outcome,
        "coverageStatus": CoverageStatus,
    }.items():
        assert definitions[name]["enum"] == [member.value for member in kind]
