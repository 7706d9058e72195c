"""collect + assess + report + seal."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from ojkaudit.model.config import Config
from ojkaudit.model.outcome import Language, Severity
from ojkaudit.model.result import AssessmentResult
from ojkaudit.pipeline import seal as sealing
from ojkaudit.pipeline.assess import AssessOptions, Run, assess
from ojkaudit.pipeline.collect import collect
from ojkaudit.pipeline.compare import read_run_view
from ojkaudit.pipeline.plan import Plan
from ojkaudit.pipeline.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; None or False leaves it to the configuration."""

    fail_on: Severity | None = None
    allow_incomplete: bool = False
    previous: Path | None = None
    language: Language | None = None
    as_of: datetime | None = None
    """Judge as at this time instead of now; the signature keeps the real time."""


def audit(plan: Plan, out: Path, world: World, wanted: Wanted, *, seal: bool) -> Run:
    """Read live state and write a sealed run folder.

    The key and the earlier run are checked before anything is collected: a long collection must
    not end in an error that was there from the start.

    Raises:
        OjkauditError: Whatever stands in the way, with its exit code.
    """
    finish = _sealer(plan.config, world) if seal else None
    if wanted.previous is not None:
        read_run_view(wanted.previous)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".collect-") as folder:
        evidence = Path(folder) / sealing.EVIDENCE
        collect(plan, evidence, world)
        return assess(plan, evidence, out, world, _options(plan.config, wanted), finish)


def assess_evidence(
    plan: Plan, evidence: Path, out: Path, world: World, wanted: Wanted, *, seal: bool
) -> Run:
    """Judge an archive collected earlier and write a sealed run folder."""
    finish = _sealer(plan.config, world) if seal else None
    return assess(plan, evidence, out, world, _options(plan.config, wanted), finish)


def _sealer(config: Config, world: World) -> Callable[[Path, AssessmentResult], None]:
    loaded = sealing.load_sealing_key(config, world)
    for warning in loaded.warnings:
        world.stage(warning)
    return partial(sealing.seal, sealing=loaded, clock=world.clock)


def _options(config: Config, wanted: Wanted) -> AssessOptions:
    return AssessOptions(
        language=wanted.language or config.language,
        fail_on=wanted.fail_on or config.output.fail_on,
        allow_incomplete=wanted.allow_incomplete or config.output.allow_incomplete,
        previous=wanted.previous,
        as_of=wanted.as_of,
    )
