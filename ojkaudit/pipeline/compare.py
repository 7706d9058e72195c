"""Run folder and run folder → what changed."""

from __future__ import annotations

from pathlib import Path

from ojkaudit import canonical, engine, reports
from ojkaudit.errors import ConfigurationError
from ojkaudit.history.compare import RunView, compare, outcomes_of
from ojkaudit.model.codec import encode
from ojkaudit.model.result import AssessmentResult, Comparison
from ojkaudit.pipeline import seal


def diff(before: Path, after: Path) -> Comparison:
    """Compare two run folders.

    Raises:
        ConfigurationError: A folder is no run, or its findings are not those its result names.
    """
    return compare(read_run_view(before), read_run_view(after))


def compare_with(previous: Path, judgement: engine.Judgement, findings: Path) -> Comparison:
    """Compare an earlier run folder with a judgement whose findings lie in `findings`."""
    after = RunView(
        id="",
        assessed_at=judgement.assessed_at,
        catalog_digest=judgement.catalog_digest,
        profile_digest=judgement.profile_digest,
        coverage=judgement.coverage,
        outcomes=outcomes_of(reports.read_findings(findings)),
    )
    return compare(read_run_view(previous), after)


def read_result(folder: Path) -> AssessmentResult:
    """Return the result of a run folder.

    Raises:
        ConfigurationError: The folder holds no result.
        ContentError: The result does not follow its schema.
    """
    try:
        data = (folder / seal.RESULT).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: no {seal.RESULT} ({error.strerror})",
            hint="Give the run folder that 'ojkaudit audit' printed.",
        ) from error
    return reports.parse_result(data)


def read_run_view(folder: Path) -> RunView:
    """Return what a comparison needs of a run folder."""
    result = read_result(folder)
    findings = folder / seal.FINDINGS
    if not findings.is_file() or canonical.sha256_file(findings) != result.digests.findings_file:
        raise ConfigurationError(
            f"{findings}: missing, or not the findings its {seal.RESULT} was made with",
            hint="Check the folder with 'ojkaudit verify' before comparing.",
        )
    return RunView(
        id=result.assessment_id,
        assessed_at=result.assessed_at,
        catalog_digest=result.digests.catalog,
        profile_digest=result.digests.profile,
        coverage=result.coverage,
        outcomes=outcomes_of(reports.read_findings(findings)),
    )


def as_json(comparison: Comparison) -> str:
    """Return a comparison as JSON."""
    return canonical.dumps({"schema_version": "1.0", **_fields(comparison)}).decode()


def _fields(comparison: Comparison) -> dict[str, object]:
    data = encode(comparison)
    assert isinstance(data, dict)  # noqa: S101 - a dataclass encodes to an object
    return data
