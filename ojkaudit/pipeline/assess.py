"""Evidence archive → verdict → run folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ojkaudit import __version__, canonical, engine, reports
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.outcome import Language, Severity
from ojkaudit.model.result import AssessmentResult
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.compare import compare_with
from ojkaudit.pipeline.plan import Plan
from ojkaudit.pipeline.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessOptions:
    """How to judge and what to write."""

    language: Language
    fail_on: Severity
    allow_incomplete: bool = False
    demonstration: bool = False
    previous: Path | None = None
    """Run folder to compare with."""
    as_of: datetime | None = None
    """Judge as at this time instead of now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run."""

    folder: Path
    result: AssessmentResult


def judging_inputs(
    plan: Plan, options: AssessOptions, world: World, *, sealed: bool = True
) -> engine.AssessmentInputs:
    """Return everything the engine judges with, the time included.

    Args:
        plan: Catalog, profile and rules.
        options: How to judge.
        world: Gives the time where none is given by hand.
        sealed: Whether the run will be signed; a draft must not claim a signature.
    """
    return engine.AssessmentInputs(
        catalog=plan.catalog,
        profile=plan.profile,
        rules=plan.rules,
        waivers=plan.config.waivers,
        institution=plan.config.institution,
        period_from=plan.config.period_from,
        period_to=plan.config.period_to,
        now=options.as_of or world.clock(),
        fail_on=options.fail_on,
        allow_incomplete=options.allow_incomplete,
        demonstration=options.demonstration,
        tool_version=__version__,
        required_signatures=("seal",) if sealed else (),
        time_given=options.as_of is not None,
    )


def assess(
    plan: Plan,
    evidence: Path,
    out: Path,
    world: World,
    options: AssessOptions,
    sealing: Callable[[Path, AssessmentResult], None] | None,
) -> Run:
    """Judge `evidence` and write `<out>/<assessment-id>/`, complete or not at all.

    Args:
        plan: Catalog, profile and rules.
        evidence: Archive written by `collect`.
        out: Folder that holds run folders; created when missing.
        world: Clock and progress.
        options: How to judge.
        sealing: Signs the files of a folder; None writes an unsigned draft.

    Raises:
        CollectionError: The archive is damaged.
        ConfigurationError: The run folder exists already.
    """
    inputs = judging_inputs(plan, options, world, sealed=sealing is not None)
    snapshot = ArchiveSnapshot(evidence)
    name = engine.assessment_id(inputs, snapshot)
    final = out / name
    if final.exists():
        raise ConfigurationError(f"{final}: exists already", hint="A run is never overwritten.")
    partial = out / f".{name}.partial"
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        result = _write(inputs, snapshot, name, partial, world, options)
        if sealing is not None:
            world.stage("seal")
            sealing(partial, result)
        partial.rename(final)
    finally:
        snapshot.close()
        shutil.rmtree(partial, ignore_errors=True)
    return Run(folder=final, result=result)


def _write(
    inputs: engine.AssessmentInputs,
    snapshot: ArchiveSnapshot,
    name: str,
    folder: Path,
    world: World,
    options: AssessOptions,
) -> AssessmentResult:
    world.stage("judge")
    document = engine.inputs_document(inputs)
    snapshot.copy_with(document, folder / seal.EVIDENCE)
    findings = folder / seal.FINDINGS
    findings_digest = reports.write_findings(
        findings, engine.evaluate(inputs, snapshot, world.judging)
    )
    judgement = engine.assess(inputs, reports.read_findings(findings), snapshot)
    result = engine.result_from(
        judgement,
        assessment_id=name,
        evidence_file_digest=canonical.sha256_file(folder / seal.EVIDENCE),
        findings_file_digest=findings_digest,
        comparison=compare_with(options.previous, judgement, findings)
        if options.previous
        else None,
    )
    world.stage("render")
    data = reports.render_json(result)
    (folder / seal.RESULT).write_bytes(data)
    (folder / seal.HTML).write_bytes(reports.render_html(result, options.language))
    (folder / seal.PDF).write_bytes(reports.render_pdf(result, options.language, result_json=data))
    return result
