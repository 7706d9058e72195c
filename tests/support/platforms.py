"""Bundled platforms as archives, whole or changed by the test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ojkaudit.model.codec import encode_time
from ojkaudit.model.outcome import CoverageStatus
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.assess import AssessOptions, judging_inputs
from ojkaudit.pipeline.bundled import Denial, Platform, read_platform
from ojkaudit.pipeline.bundled_archive import build_archive
from ojkaudit.pipeline.demo import JUDGED_AFTER
from ojkaudit.pipeline.plan import Plan, make_plan
from ojkaudit.pipeline.world import World


def plan_of(platform: Platform) -> Plan:
    """Return the plan of a bundled platform."""
    return make_plan(platform.config_file)


def judged_at(platform: Platform) -> datetime:
    """Return the time a bundled platform is judged at."""
    return platform.collected_at + JUDGED_AFTER


def as_of(platform: Platform) -> str:
    """Return that time as the command line takes it."""
    return encode_time(judged_at(platform))


def archive(name: str, path: Path, *denials: Denial) -> Platform:
    """Write the bundled platform `name`, with rights taken away, as an archive."""
    platform = read_platform(name)
    platform.denials = (*platform.denials, *denials)
    build_archive(platform, plan_of(platform).kinds, path)
    return platform


def denied(target: str, kind: str) -> Denial:
    """Return the denial of one kind."""
    return Denial(
        target=target, kind=kind, status=CoverageStatus.DENIED, missing_right=f"list {kind}"
    )


def quiet_world(now: datetime) -> World:
    """Return a world whose clock stands still and which says nothing."""
    return World(
        clock=lambda: now,
        read_secret=lambda _: "",
        collecting=lambda *_: None,
        judging=lambda *_: None,
        stage=lambda _: None,
    )


def judge(platform: Platform, plan: Plan, folder: Path) -> tuple[Finding, ...]:
    """Judge a platform and return every finding."""
    from ojkaudit import engine
    from ojkaudit.collectors.archive_reader import ArchiveSnapshot

    path = folder / "evidence.zip"
    path.unlink(missing_ok=True)
    build_archive(platform, plan.kinds, path)
    options = AssessOptions(language=plan.config.language, fail_on=plan.config.output.fail_on)
    inputs = judging_inputs(plan, options, quiet_world(judged_at(platform)), sealed=True)
    return tuple(engine.evaluate(inputs, ArchiveSnapshot(path)))
