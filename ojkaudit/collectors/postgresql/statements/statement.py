"""What a statement is: SQL, the fact it fills and the right it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import LiteralString

_RELATION = re.compile(r"\b(?:FROM|JOIN)\s+((?:pg_catalog|ojkaudit)\.[a-z_]+)\b(?!\s*\()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SELECT."""

    fact: str
    """Key of the payload that it fills."""
    sql: LiteralString
    right: str = ""
    """What to run when it is denied, `{user}` standing for the quoted role; empty: any role may,
    unless somebody revoked SELECT on the catalogs."""

    def right_for(self, user: str) -> str:
        """Return what an administrator must run so that the quoted role `user` may read it."""
        text = self.right or f"GRANT SELECT ON {', '.join(self.relations)} TO {{user}}"
        return text.replace("{user}", user)

    @property
    def relations(self) -> tuple[str, ...]:
        """Relations it names, sorted; set-returning functions are not among them."""
        return tuple(sorted(set(_RELATION.findall(self.sql))))


STATS_RIGHT = "GRANT pg_read_all_stats TO {user}"
SETTINGS_RIGHT = "GRANT pg_read_all_settings TO {user}"
HELPER_RIGHT = "run as superuser the SQL that `ojkaudit doctor` prints for role {user}"
MONITOR_RIGHT = "GRANT pg_monitor TO {user}"
