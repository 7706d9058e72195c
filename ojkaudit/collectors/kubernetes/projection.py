"""What of an object is kept: without the noise of the server, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ojkaudit.collectors.redaction import redact_object
from ojkaudit.model.evidence import Payload

_IDENTITY = frozenset({"metadata.name", "metadata.namespace", "metadata.uid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Which parts of the objects of one kind are kept."""

    paths: frozenset[str] = frozenset()
    """Dotted paths through mappings (`spec`, `status.conditions`); empty keeps everything."""
    managed_fields: bool = False
    """Keep `metadata.managedFields`, often half of an object."""

    def apply(self, item: Payload) -> Payload:
        """Return the kept part of `item`; apiVersion, kind and identity always belong to it."""
        kept: Payload = item
        if self.paths:
            kept = {key: item[key] for key in ("apiVersion", "kind") if key in item}
            for path in sorted(self.paths | _IDENTITY):
                kept = _merge(kept, _pick(item, path.split(".")))
        metadata = kept.get("metadata")
        if self.managed_fields or not isinstance(metadata, Mapping):
            return kept
        return {
            **kept,
            "metadata": {key: metadata[key] for key in metadata if key != "managedFields"},
        }


def keep(item: Payload, projection: Projection) -> tuple[Payload, tuple[str, ...]]:
    """Return what is stored of `item`, and the paths whose values were replaced."""
    return redact_object(projection.apply(item))


def _pick(item: Payload, parts: Iterable[str]) -> Payload:
    first, *rest = parts
    if first not in item:
        return {}
    inner = item[first]
    if not rest:
        return {first: inner}
    return {first: _pick(inner, rest)} if isinstance(inner, Mapping) else {}


def _merge(left: Payload, right: Payload) -> Payload:
    merged = dict(left)
    for key, value in right.items():
        mine = merged.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            merged[key] = _merge(mine, value)
        else:
            merged[key] = value
    return merged
