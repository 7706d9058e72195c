"""Which collectors exist, by family; listing them imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ojkaudit.collectors.interface import Collector
from ojkaudit.model.config import Config


def _kubernetes(config: Config) -> tuple[Collector, ...]:
    from ojkaudit.collectors.kubernetes import KubernetesCollector

    return tuple(KubernetesCollector(target) for target in config.kubernetes)


def _postgresql(config: Config) -> tuple[Collector, ...]:
    from ojkaudit.collectors.postgresql import PostgresqlCollector

    return tuple(PostgresqlCollector(target) for target in config.postgresql)


def _register(config: Config) -> tuple[Collector, ...]:
    from ojkaudit.collectors.register import RegisterCollector

    return (
        RegisterCollector(
            sites=config.sites,
            register=config.register,
            address=config.file.name,
            institution=config.institution.name,
        ),
    )


COLLECTORS: Mapping[str, Callable[[Config], tuple[Collector, ...]]] = {
    "kubernetes": _kubernetes,
    "postgresql": _postgresql,
    "register": _register,
}
"""Family → factory of one collector per configured target."""


def families() -> tuple[str, ...]:
    """Return every family this release can collect, sorted."""
    return tuple(sorted(COLLECTORS))


def collectors_for(config: Config) -> tuple[Collector, ...]:
    """Return a collector for every target of the configuration, sorted by family and id."""
    return tuple(c for family in families() for c in COLLECTORS[family](config))
