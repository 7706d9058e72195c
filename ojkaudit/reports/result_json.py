"""`result.json`: the assessment result as exact bytes, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ojkaudit import canonical
from ojkaudit.errors import ContentError
from ojkaudit.model import codec
from ojkaudit.model.outcome import Outcome, VerdictStatus
from ojkaudit.model.result import SCHEMA_VERSION, AssessmentResult
from ojkaudit.reports import strict_json

NAME = "result.json"
_HINT = "The file was not written by ojkaudit, or it was altered. Check it with 'ojkaudit verify'."


def render_json(result: AssessmentResult) -> bytes:
    """Return the canonical JSON of `result`, without a newline at the end."""
    return canonical.dumps(codec.encode(result))


def parse_result(data: bytes) -> AssessmentResult:
    """Return the result that `data` holds.

    Raises:
        ContentError: Not JSON, another `schema_version`, or a field is missing, unknown, of the
            wrong type or contradicts another; the message names it.
    """
    try:
        value = strict_json.loads(data)
    except ValueError as error:
        raise ContentError(f"{NAME} is not usable JSON: {error}", hint=_HINT) from None
    _check_version(value)
    try:
        result = codec.decode(AssessmentResult, value)
    except ValueError as error:
        raise ContentError(f"{NAME}: {error}", hint=_HINT) from None
    _check_counts(result)
    _check_verdict(result)
    return result


def _check_version(value: object) -> None:
    if not isinstance(value, dict):
        raise ContentError(f"{NAME}: $: expected an object", hint=_HINT)
    version = value.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ContentError(
            f"{NAME}: schema_version is {version!r}, but this release reads {SCHEMA_VERSION!r}",
            hint="Use the release of ojkaudit that wrote the file; its version is in tool_version.",
        )


def _check_counts(result: AssessmentResult) -> None:
    """Refuse numbers that contradict each other: a report must not print a false total.

    Raises:
        ContentError: A count of findings is missing or negative, is not the sum of its rules, or
            differs from the findings listed.
    """
    expected = {outcome.value for outcome in Outcome}
    tables: list[tuple[str, Mapping[str, int]]] = [("$.counts", result.counts)]
    tables += [(f"$.rules[{i}].counts", rule.counts) for i, rule in enumerate(result.rules)]
    for where, counts in tables:
        if set(counts) != expected or min(counts.values()) < 0:
            raise ContentError(f"{NAME}: {where}: one count for each of {sorted(expected)}")
    listed = Counter(finding.outcome.value for finding in result.findings)
    for name in sorted(expected - {Outcome.PASS.value}):
        if result.counts[name] != listed[name]:
            raise ContentError(
                f"{NAME}: $.counts.{name} is {result.counts[name]}, but $.findings lists "
                f"{listed[name]}",
                hint=_HINT,
            )
    for name in sorted(expected):
        total = sum(rule.counts[name] for rule in result.rules)
        if result.counts[name] != total:
            raise ContentError(
                f"{NAME}: $.counts.{name} is {result.counts[name]}, its rules add up to {total}",
                hint=_HINT,
            )


def _check_verdict(result: AssessmentResult) -> None:
    """Refuse a verdict that its own findings contradict.

    Raises:
        ContentError: It says compliant although a rule fails, or although findings could not
            be judged.
    """
    verdict = result.verdict
    if verdict.status is not VerdictStatus.COMPLIANT:
        return
    failing = [rule.id for rule in result.rules if rule.counts["fail"]]
    if failing:
        raise ContentError(f"{NAME}: $.verdict says compliant, but {failing[0]} fails", hint=_HINT)
    if result.counts["unknown"] or result.counts["manual"]:
        raise ContentError(
            f"{NAME}: $.verdict says compliant, but findings could not be judged", hint=_HINT
        )
