"""Run folder → is it intact, who signed it, and would the same evidence give the same verdict?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ojkaudit import canonical, engine, reports, signing
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.errors import ExitCode, OjkauditError, VerificationError
from ojkaudit.model.codec import encode
from ojkaudit.model.result import AssessmentResult
from ojkaudit.model.text import Text
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.compare import read_result
from ojkaudit.pipeline.released import differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What judging the stored evidence again came to."""

    reached: bool
    """The verdict digest and every finding are the same."""
    detail: Text
    inputs: engine.AssessmentInputs | None = None
    """What it was judged with; None when the evidence does not say."""


def verify(
    folder: Path, *, trust_roots: Sequence[bytes], now: datetime, replay: bool
) -> signing.VerificationReport:
    """Check a run folder offline; with `replay`, judge its evidence again.

    The steps of the signing room come first; a replay is not even tried on a folder that is
    altered, because its evidence would prove nothing.
    """
    report = signing.verify_run(folder, trust_roots=trust_roots, now=now)
    if not replay:
        return report
    if report.decision is signing.Decision.INVALID:
        return report.with_step(
            _step(
                report,
                signing.StepStatus.UNDECIDED,
                Text(
                    id="tidak dicoba: berkas tidak utuh", en="not tried: the folder is not intact"
                ),
            )
        )
    outcome = replay_run(folder, report.files)
    status = signing.StepStatus.OK if outcome.reached else signing.StepStatus.FAILED
    report = report.with_step(_step(report, status, outcome.detail))
    # Outside the replay: a fault of the verifier's own rules says nothing about the run.
    altered = differences(outcome.inputs) if outcome.inputs else ()
    return report.with_step(_altered_step(report, altered)) if altered else report


def replay_run(folder: Path, checked: Mapping[str, str]) -> Replay:
    """Judge the stored evidence with what it was judged with, and compare.

    Args:
        folder: The run folder.
        checked: SHA-256 of each file whose signature was checked.
    """
    try:
        _same_files(folder, checked)
        return _replay(folder)
    except OjkauditError as error:
        return Replay(
            reached=False,
            detail=Text(
                id=f"bukti tidak dapat dinilai ulang: {error.message}",
                en=f"the evidence cannot be judged again: {error.message}",
            ),
        )


def _same_files(folder: Path, checked: Mapping[str, str]) -> None:
    # The files are read again here: what was swapped since its signature was checked must not count.
    for name in (seal.EVIDENCE, seal.FINDINGS, seal.RESULT):
        if canonical.sha256_file(folder / name) != checked.get(name):
            raise VerificationError(f"{name} changed while it was being verified")


def _replay(folder: Path) -> Replay:
    stored = read_result(folder)
    snapshot = ArchiveSnapshot(folder / seal.EVIDENCE)
    document = snapshot.judged_with()
    if document is None:
        text = "evidence.zip"
        return Replay(
            reached=False,
            detail=Text(
                id=f"{text} tidak memuat aturan dan waktu penilaian",
                en=f"{text} does not hold the rules and time it was judged with",
            ),
        )
    inputs = engine.inputs_from_document(document)
    findings = tuple(engine.evaluate(inputs, snapshot))
    judgement = engine.assess(inputs, findings, snapshot)
    same = (
        canonical.digest(document) == stored.digests.inputs
        and judgement.verdict_digest == stored.digests.verdict
        and _same_result(judgement, stored)
        and tuple(reports.read_findings(folder / seal.FINDINGS)) == findings
    )
    digest = judgement.verdict_digest
    detail = Text(
        id=f"putusan yang sama: sidik {digest}" if same else f"putusan lain: sidik {digest}",
        en=f"the same verdict: digest {digest}" if same else f"another verdict: digest {digest}",
    )
    return Replay(reached=same, detail=detail, inputs=inputs)


def _same_result(judgement: engine.Judgement, stored: AssessmentResult) -> bool:
    """Return whether the stored result says nothing but what judging again says.

    The comparison with an earlier run rests on that run, not on this evidence, and is left out.
    """
    again = engine.result_from(
        judgement,
        assessment_id=stored.assessment_id,
        evidence_file_digest=stored.digests.evidence_file,
        findings_file_digest=stored.digests.findings_file,
        comparison=stored.comparison,
    )
    return reports.render_json(again) == reports.render_json(stored)


def _step(
    report: signing.VerificationReport, status: signing.StepStatus, detail: Text
) -> signing.VerificationStep:
    return signing.VerificationStep(
        number=max(step.number for step in report.steps) + 1,
        code="replay",
        status=status,
        subject=seal.EVIDENCE,
        title=Text(id="Penilaian ulang bukti", en="Replay of the evidence"),
        detail=detail,
    )


def _altered_step(
    report: signing.VerificationReport, altered: tuple[str, ...]
) -> signing.VerificationStep:
    names = ", ".join(altered[:10]) + (" …" if len(altered) > 10 else "")
    return signing.VerificationStep(
        number=max(step.number for step in report.steps) + 1,
        code="catalog",
        status=signing.StepStatus.UNDECIDED,
        subject=seal.EVIDENCE,
        title=Text(id="Katalog sama dengan rilis ini", en="Catalog equals that of this release"),
        detail=Text(
            id=f"berbeda dari rilis ini: {names}",
            en=f"differs from this release: {names}",
        ),
    )


def exit_code(report: signing.VerificationReport) -> int:
    """Return 0 for valid, 3 for undecided, 4 for invalid."""
    codes = {
        signing.Decision.VALID: ExitCode.OK,
        signing.Decision.UNDECIDED: ExitCode.INCOMPLETE,
        signing.Decision.INVALID: ExitCode.NOT_VERIFIED,
    }
    return int(codes[report.decision])


def as_json(report: signing.VerificationReport) -> str:
    """Return the steps and the decision as JSON."""
    return canonical.dumps(
        {
            "schema_version": "1.0",
            "decision": report.decision.value,
            "exit_code": exit_code(report),
            "steps": encode(report.steps),
        }
    ).decode()
