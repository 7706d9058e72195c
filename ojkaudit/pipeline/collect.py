"""Live state → evidence archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ojkaudit import __version__
from ojkaudit.collectors.archive import SCHEMA_VERSION, ArchiveBuilder
from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.registry import collectors_for, families
from ojkaudit.collectors.runner import run_collectors
from ojkaudit.errors import CollectionError, ConfigurationError
from ojkaudit.model.config import Config
from ojkaudit.model.evidence import Coverage, SnapshotInfo, TargetInfo
from ojkaudit.model.outcome import CoverageStatus
from ojkaudit.pipeline.plan import Plan
from ojkaudit.pipeline.world import World


def collection_context(plan: Plan, world: World) -> CollectionContext:
    """Return what collectors may use, with every kind the plan needs."""
    return CollectionContext(
        kinds=plan.kinds,
        clock=world.clock,
        read_secret=world.read_secret,
        progress=world.collecting,
        user_agent=f"ojkaudit/{__version__}",
    )


def collect(plan: Plan, out: Path, world: World) -> tuple[Coverage, ...]:
    """Read every target and write the archive `out`; return how completely each kind was read.

    Raises:
        ConfigurationError: No target is configured, or `out` cannot be written.
        CollectionError: No target but the register could be reached.
    """
    check_writable(out)
    world.stage("collect")
    builder = ArchiveBuilder()
    collectors = collectors_for(plan.config)
    run_collectors(collectors, plan.kinds, collection_context(plan, world), builder)
    coverage = builder.coverages()
    refuse_unreachable(plan.config, coverage)
    info = SnapshotInfo(
        schema_version=SCHEMA_VERSION,
        collected_at=world.clock(),
        collector_version=__version__,
        families=families(),
        targets=all_targets(plan.config, builder.targets()),
    )
    builder.write(out, info)
    return coverage


def check_writable(out: Path) -> None:
    """Refuse early what would fail after a long collection.

    Raises:
        ConfigurationError: The folder does not exist, or the file exists already.
    """
    if not out.parent.is_dir():
        raise ConfigurationError(f"{out.parent}: no such folder", hint="Create it first.")
    if out.exists():
        raise ConfigurationError(
            f"{out}: exists already", hint="Evidence is never overwritten: name another file."
        )


def refuse_unreachable(config: Config, coverage: Sequence[Coverage]) -> None:
    """Refuse a run that saw nothing but its own register.

    Raises:
        CollectionError: Each configured target ended in errors only; the first cause is named.
    """
    targets = {t.id for t in config.kubernetes} | {t.id for t in config.postgresql}
    entries = [c for c in coverage if c.target in targets]
    if not entries or any(c.status is not CoverageStatus.ERROR for c in entries):
        return
    causes = sorted({f"{c.target}: {c.detail}" for c in entries})
    raise CollectionError(
        "every target is unreachable: " + "; ".join(causes[:5]),
        hint="Run 'ojkaudit doctor -c ojkaudit.yaml' to see what to fix.",
    )


def all_targets(config: Config, spoken: Sequence[TargetInfo]) -> tuple[TargetInfo, ...]:
    """Return every configured target, those that never answered included, sorted by id."""
    known = {info.id: info for info in spoken}
    for cluster in config.kubernetes:
        known.setdefault(
            cluster.id,
            TargetInfo(
                id=cluster.id, family="kubernetes", address=cluster.server, site=cluster.site
            ),
        )
    for server in config.postgresql:
        address = f"{server.host}:{server.port}"
        known.setdefault(
            server.id,
            TargetInfo(id=server.id, family="postgresql", address=address, site=server.site),
        )
    return tuple(known[name] for name in sorted(known))
