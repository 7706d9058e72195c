"""The main job on a bundled snapshot, sealed with a throw-away key and verified."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from ojkaudit import signing
from ojkaudit.errors import OjkauditError
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.pipeline import seal as sealing
from ojkaudit.pipeline.assess import AssessOptions, Run, assess
from ojkaudit.pipeline.bundled import read_platform
from ojkaudit.pipeline.bundled_archive import build_archive
from ojkaudit.pipeline.compare import read_result
from ojkaudit.pipeline.plan import make_plan
from ojkaudit.pipeline.verify import verify
from ojkaudit.pipeline.world import World

JUDGED_AFTER = timedelta(minutes=5)
"""A bundled snapshot is judged as at five minutes after it was taken, so its dates keep their sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """A finished demonstration."""

    run: Run
    root: Path
    """The throw-away root certificate, outside the run folder."""
    report: signing.VerificationReport


def demo(snapshot: str, out: Path, world: World, language: Language) -> Demonstration:
    """Judge the bundled snapshot, seal the run with a throw-away key, verify and replay it.

    A run of an earlier demonstration of the same snapshot is replaced; any other is not touched.

    Raises:
        UsageError: No snapshot of that name is bundled.
        OjkauditError: Whatever stands in the way, with its exit code.
    """
    world.stage("collect")
    platform = read_platform(snapshot)
    plan = make_plan(platform.config_file)
    key = signing.make_demo_key(now=world.clock(), common_name="ojkaudit demonstrasi")
    out.mkdir(parents=True, exist_ok=True)
    judged_at = replace(world, clock=lambda: platform.collected_at + JUDGED_AFTER)
    options = AssessOptions(
        language=language, fail_on=plan.config.output.fail_on, demonstration=True
    )
    with tempfile.TemporaryDirectory(dir=out, prefix=".demo-") as folder:
        evidence = Path(folder) / sealing.EVIDENCE
        build_archive(platform, plan.kinds, evidence)
        fresh = assess(plan, evidence, Path(folder), judged_at, options, _sealer(key, world))
        run = replace(fresh, folder=_move(fresh.folder, out))
    root = out / "trust" / "root.pem"
    root.parent.mkdir(exist_ok=True)
    root.write_bytes(key.root_pem)
    world.stage("verify")
    report = verify(run.folder, trust_roots=[key.root_pem], now=world.clock(), replay=True)
    return Demonstration(run=run, root=root, report=report)


def _sealer(key: signing.DemoKey, world: World) -> Callable[[Path, AssessmentResult], None]:
    loaded = sealing.SealingKey(key=key.key, roots=(key.root_pem,))
    return partial(sealing.seal, sealing=loaded, clock=world.clock)


def _move(fresh: Path, out: Path) -> Path:
    final = out / fresh.name
    if final.exists() and _is_demonstration(final):
        shutil.rmtree(final)
    fresh.rename(final)
    return final


def _is_demonstration(folder: Path) -> bool:
    try:
        return read_result(folder).demonstration
    except OjkauditError:
        return False
