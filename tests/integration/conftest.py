"""Fixtures that start real servers once for all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.postgres import PostgresPair
    from tests.support.postgres.lender import Lender


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[PostgresPair]:
    """Give a PostgreSQL primary with a streaming standby; skip loudly where it is not installed."""
    # Imported here so that collecting these tests costs nothing when none of them runs.
    from tests.support.postgres import postgres_pair

    with postgres_pair() as pair:
        yield pair


@pytest.fixture(scope="session")
def lender(postgres_servers: PostgresPair) -> Iterator[Lender]:
    """Give a lender's databases, roles and planted secrets on the pair."""
    from tests.support.postgres.lender import lender_databases

    with lender_databases(postgres_servers) as prepared:
        yield prepared
