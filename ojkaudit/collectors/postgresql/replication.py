"""Replication as the server sees it: who streams, through which slot, and from where."""

from __future__ import annotations

from collections.abc import Sequence

from ojkaudit.collectors.postgresql.conninfo import parse_conninfo, sslmode
from ojkaudit.collectors.postgresql.rows import Row, present, text, whole


def replication_rows(senders: Sequence[Row], slots: Sequence[Row]) -> list[dict[str, object]]:
    """Return the walsenders; `logical` is true for one that serves a logical slot."""
    logical_pids = {
        whole(slot, "active_pid") for slot in slots if text(slot, "slot_type") == "logical"
    } - {None}
    rows = []
    for sender in senders:
        row = present(sender)
        row["logical"] = row.pop("pid", None) in logical_pids
        rows.append(row)
    return rows


def slot_rows(slots: Sequence[Row]) -> list[dict[str, object]]:
    """Return the slots without the process that happens to use them."""
    return [{k: v for k, v in present(slot).items() if k != "active_pid"} for slot in slots]


def wal_receiver(rows: Sequence[Row]) -> Row:
    """Return the one WAL receiver: `status` is `none` when no receiver runs.

    Of its connection string only the names of the options and `sslmode` are kept; when it cannot
    be parsed, both keys are absent.
    """
    if not rows:
        return {"status": "none"}
    receiver = present(rows[0])
    receiver.pop("conninfo", None)
    try:
        options = parse_conninfo(text(rows[0], "conninfo"))
    except ValueError:
        return receiver
    if options:
        receiver["sslmode"] = sslmode(options)
        receiver["conninfo_keys"] = sorted(options)
    return receiver
