"""Assessment results for tests: a hand-made one with everything a report can show, and a large one."""

from tests.support.results.large import large_result
from tests.support.results.parts import HOSTILE_NAME
from tests.support.results.rich import rich_result

__all__ = ["HOSTILE_NAME", "large_result", "rich_result"]
