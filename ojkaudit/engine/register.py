"""Certificates and attestations of the register with their expiry, as the report lists them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ojkaudit.model.dates import days_left, jakarta_day, parse_day
from ojkaudit.model.evidence import Payload, Snapshot
from ojkaudit.model.result import RegisterEntry

KIND = "register/Attestation"


def register_entries(
    snapshot: Snapshot, now: datetime, warn_days: int
) -> tuple[RegisterEntry, ...]:
    """Return every attestation of the snapshot, by id; `expiring` from `warn_days` before."""
    payloads = (
        resource.payload
        for info in snapshot.info.targets
        if info.family == KIND.partition("/")[0]
        for resource in snapshot.resources(info.id, KIND)
    )
    entries = (_entry(payload, now, warn_days) for payload in payloads)
    return tuple(sorted(entries, key=lambda entry: (entry.id, entry.type, entry.number)))


def _entry(payload: Payload, now: datetime, warn_days: int) -> RegisterEntry:
    until = _day(payload.get("valid_until"))
    left = days_left(until, now) if until is not None else None
    file = _text(payload, "file")
    return RegisterEntry(
        id=_text(payload, "id"),
        type=_text(payload, "type"),
        holder=_text(payload, "holder"),
        number=_text(payload, "number"),
        sites=_sites(payload),
        valid_until=until,
        days_left=left,
        state=_standing(payload, now) or _state(left, warn_days),
        file=file,
        file_matches=payload.get("file_ok") is True if file else None,
    )


def _standing(payload: Payload, now: datetime) -> str:
    """Return why a document is not in force whatever its last day, or ''."""
    status = payload.get("status")
    if status in ("suspended", "withdrawn"):
        return str(status)
    issued = _day(payload.get("issued"))
    return "not_yet" if issued is not None and issued > jakarta_day(now) else ""


def _state(left: int | None, warn_days: int) -> str:
    if left is None:
        return "undated"
    if left < 0:
        return "expired"
    return "expiring" if left <= warn_days else "valid"


def _sites(payload: Payload) -> tuple[str, ...]:
    several = payload.get("sites")
    names = [payload.get("site"), *(several if isinstance(several, Iterable) else ())]
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name))


def _day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return parse_day(value)
    except ValueError:
        return None


def _text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)
