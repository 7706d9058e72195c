"""What a collector is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ojkaudit.model.config import SecretRef
from ojkaudit.model.evidence import EvidenceSink

Clock = Callable[[], datetime]
"""Returns the time now, aware, UTC; given by the command line."""

SecretReader = Callable[[SecretRef], str]
"""Resolves a reference; raises ConfigurationError naming the reference, never the value."""

Progress = Callable[[str, str, int], None]
"""Called with target id, kind and number of resources read so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionContext:
    """What a collector may use of the outside world."""

    kinds: tuple[str, ...]
    """Kinds of the collector's family that the selected rules need, sorted; read no others."""
    clock: Clock
    read_secret: SecretReader
    progress: Progress
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `doctor`."""

    name: str
    """What was checked, for example `list nodes`."""
    ok: bool
    detail: str
    remedy: str = ""
    """What to run or change, when not ok."""


class Collector(Protocol):
    """Reads one target."""

    @property
    def target_id(self) -> str:
        """Id of the target in the configuration."""

    @property
    def family(self) -> str:
        """First segment of the kinds it yields."""

    def collect(self, context: CollectionContext, sink: EvidenceSink) -> None:
        """Read every kind of `context.kinds` and record one coverage entry for each.

        Expected failures (denied, absent, timeout, garbage) are recorded as coverage, not raised.
        What is raised all the same, the runner turns into `error` coverage for each kind that has
        none yet.
        """

    def check(self, context: CollectionContext) -> tuple[Check, ...]:
        """Return whether the target is reachable and each right needed is held; reads no data."""
