"""Assessment results for tests: a rich one by hand, a compliant one, and a large one."""

from tests.support.results.large import large_result
from tests.support.results.parts import HOSTILE_NAME
from tests.support.results.rich import passing_result, rich_result

__all__ = ["HOSTILE_NAME", "large_result", "passing_result", "rich_result"]
