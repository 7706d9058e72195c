"""Real PostgreSQL servers for the tests: a primary and a streaming standby, both with TLS.

    with postgres_pair() as pair:
        pair.primary.execute("SELECT 1")

What it can and cannot show: everything listens on 127.0.0.1. The standby reaches the primary
through a relay whose own address is 127.0.0.2, so the primary reports 127.0.0.2 as the standby's
address and a register can place the two servers in two sites.
"""

from __future__ import annotations

from tests.support.postgres.installation import Installation, find_installation
from tests.support.postgres.pair import PostgresPair, postgres_pair
from tests.support.postgres.server import PostgresServer

__all__ = [
    "Installation",
    "PostgresPair",
    "PostgresServer",
    "find_installation",
    "postgres_pair",
]
