"""Read from `result.json` the few facts that the other files are held against."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ojkaudit.model.result import SCHEMA_VERSION
from ojkaudit.signing.layout import EVIDENCE, FINDINGS
from ojkaudit.signing.refusal import RefusedError

_HEX = re.compile(r"[0-9a-f]{64}")

DIGEST_KEYS: Mapping[str, str] = {EVIDENCE: "evidence_file", FINDINGS: "findings_file"}
"""File → key under `digests` of `result.json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """What `result.json` says about its run folder."""

    assessment_id: str
    digests: Mapping[str, str]
    """Name of the file → SHA-256."""
    required_signatures: tuple[str, ...]
    """Names of roles."""


def read_result_facts(data: bytes) -> ResultFacts:
    """Return the facts in `data`.

    Raises:
        RefusedError: It is no JSON object, names a key twice, has a schema version this release
            does not know, or lacks one of the facts.
    """
    document = _object(json.loads(data, object_pairs_hook=_unique), "result.json")
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise RefusedError(
            f"versi skema {version!r} tidak dikenal, hanya {SCHEMA_VERSION!r}",
            f"schema version {version!r} is not known, only {SCHEMA_VERSION!r}",
        )
    digests = _object(document.get("digests"), "digests")
    required = document.get("required_signatures")
    identifier = document.get("assessment_id")
    if not isinstance(identifier, str) or not identifier or not isinstance(required, list):
        raise _lacking("assessment_id, required_signatures")
    return ResultFacts(
        assessment_id=identifier,
        digests={name: _digest(digests, key) for name, key in DIGEST_KEYS.items()},
        required_signatures=tuple(str(role) for role in required),
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedError("ada kunci JSON ganda", "a JSON key comes twice")
    return found


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _lacking(where)
    return value


def _digest(digests: Mapping[str, object], key: str) -> str:
    value = digests.get(key)
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise _lacking(f"digests.{key}")
    return value


def _lacking(where: str) -> RefusedError:
    return RefusedError(f"tidak ada {where} yang sah", f"it has no valid {where}")
