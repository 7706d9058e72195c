"""Before the first audit: what is missing, and what to run to mend it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

from ojkaudit.collectors.interface import Check, Collector
from ojkaudit.collectors.registry import collectors_for
from ojkaudit.errors import OjkauditError
from ojkaudit.pipeline.collect import collection_context
from ojkaudit.pipeline.plan import Plan
from ojkaudit.pipeline.seal import load_sealing_key
from ojkaudit.pipeline.world import World

PACKAGES = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
FONTS = ("Noto Sans", "DejaVu Sans")


def diagnose(plan: Plan, world: World) -> tuple[tuple[str, Check], ...]:
    """Return every check with the part it belongs to: targets, register, key, report."""
    found: list[tuple[str, Check]] = [
        (
            "configuration",
            Check(
                name=plan.config.file.name,
                ok=True,
                detail=f"{len(plan.rules)} rules, {len(plan.kinds)} kinds to read",
            ),
        )
    ]
    for collector in collectors_for(plan.config):
        found.extend((collector.target_id, check) for check in _target(collector, plan, world))
    found.append(("key", _key(plan, world)))
    found.append(("report", _rendering()))
    found.append(("report", _fonts()))
    return tuple(found)


def _target(collector: Collector, plan: Plan, world: World) -> tuple[Check, ...]:
    context = collection_context(plan, world)
    kinds = tuple(k for k in plan.kinds if k.split("/", 1)[0] == collector.family)
    try:
        return collector.check(replace(context, kinds=kinds))
    except OjkauditError as error:
        return (Check(name="reach", ok=False, detail=error.message, remedy=error.hint),)


def _key(plan: Plan, world: World) -> Check:
    try:
        loaded = load_sealing_key(plan.config, world)
    except OjkauditError as error:
        return Check(name="signing key", ok=False, detail=str(error), remedy=error.hint)
    detail = "; ".join(loaded.warnings) or f"usable: {loaded.key.subject}"
    return Check(name="signing key", ok=True, detail=detail)


def _rendering() -> Check:
    try:
        from ojkaudit.reports.weasy import version
    except (ImportError, OSError) as error:
        return Check(
            name="PDF rendering",
            ok=False,
            detail=f"WeasyPrint cannot start: {type(error).__name__}",
            remedy=PACKAGES,
        )
    return Check(name="PDF rendering", ok=True, detail=f"WeasyPrint {version()}")


def _fonts() -> Check:
    program = shutil.which("fc-list")
    if program is None:
        return Check(
            name="fonts",
            ok=False,
            detail="fc-list is not installed",
            remedy="apt-get install fontconfig",
        )
    listing = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        [program, ":", "family"], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    found = [name for name in FONTS if name in listing]
    if not found:
        return Check(
            name="fonts",
            ok=False,
            detail=f"none of {', '.join(FONTS)} is installed",
            remedy="apt-get install fonts-noto-core",
        )
    return Check(name="fonts", ok=True, detail=found[0])
