"""Servers of the end-to-end tests: a pair of their own, since they change what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.live import Estate


@pytest.fixture(scope="session")
def live_estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Give a whole estate; skip loudly where PostgreSQL is not installed."""
    # Imported here so that collecting these tests costs nothing when none of them runs.
    from tests.support.live import estate
    from tests.support.postgres import postgres_pair

    with postgres_pair() as pair, estate(tmp_path_factory.mktemp("estate"), pair) as made:
        yield made
