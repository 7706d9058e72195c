"""Writes a snapshot to one file: stored zip members, each JSON lines in Zstandard frames.

Layout, version 1.0:

    manifest.json                                head, and per member its name, count and digest
    coverage.jsonl.zst                           one Coverage a line, sorted by target and kind
    resources/<target>/<kind>.jsonl.zst          {"ref": ..., "payload": ...} a line, sorted;
                                                 `/` in a kind is written `~`
    judged_with.json.zst                         added by an assessment: catalog, profile, waivers
                                                 and time it judged with; not part of the snapshot

Same snapshot, same bytes: members are sorted, zip times are fixed.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ojkaudit import canonical
from ojkaudit.compression import compress_lines
from ojkaudit.errors import InternalError
from ojkaudit.model.codec import encode
from ojkaudit.model.evidence import Coverage, Resource, SnapshotInfo, TargetInfo

SCHEMA_VERSION = "1.0"
MANIFEST = "manifest.json"
COVERAGE = "coverage.jsonl.zst"
JUDGED_WITH = "judged_with.json.zst"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def member_name(target: str, kind: str) -> str:
    """Return the member that holds one kind of one target."""
    return f"resources/{target}/{kind.replace('/', '~')}.jsonl.zst"


def lines_digest(lines: Sequence[bytes]) -> str:
    """Return the SHA-256 over newline-ended lines, whatever their compression."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
        digest.update(b"\n")
    return digest.hexdigest()


class ArchiveBuilder:
    """An EvidenceSink that keeps compressed lines and writes them, sorted, at the end.

    Safe to use from several threads. Memory: the canonical JSON of the kind being read, and the
    compressed form of those already read.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], list[tuple[Resource, bytes]]] = {}
        self._members: dict[tuple[str, str], tuple[bytes, int, str]] = {}
        self._coverage: dict[tuple[str, str], Coverage] = {}
        self._targets: dict[str, TargetInfo] = {}

    def resource(self, resource: Resource) -> None:
        """Keep one resource."""
        line = canonical.dumps({"ref": encode(resource.ref), "payload": resource.payload})
        key = (resource.ref.target, resource.ref.kind)
        with self._lock:
            self._open.setdefault(key, []).append((resource, line))

    def coverage(self, coverage: Coverage) -> None:
        """Record how completely a kind was read, and close its member.

        Raises:
            InternalError: The kind of this target was recorded before.
        """
        key = (coverage.target, coverage.kind)
        with self._lock:
            if key in self._coverage:
                raise InternalError(f"coverage of {key} recorded twice")
            self._coverage[key] = coverage
            kept = self._open.pop(key, [])
        if kept:
            lines = [line for _, line in sorted(kept, key=lambda pair: (pair[0].ref, pair[1]))]
            member = (b"".join(compress_lines(lines)), len(lines), lines_digest(lines))
            with self._lock:
                self._members[key] = member

    def target(self, info: TargetInfo) -> None:
        """Record what a target said of itself."""
        with self._lock:
            self._targets[info.id] = info

    def targets(self) -> tuple[TargetInfo, ...]:
        """Return the targets that spoke, sorted by id."""
        return tuple(self._targets[name] for name in sorted(self._targets))

    def coverages(self) -> tuple[Coverage, ...]:
        """Return the coverage so far, sorted by target and kind."""
        return tuple(self._coverage[key] for key in sorted(self._coverage))

    def write(self, path: Path, info: SnapshotInfo) -> None:
        """Write the archive to `path`; nothing is left behind when that fails.

        Raises:
            InternalError: Resources were kept of a kind whose coverage was never recorded.
        """
        if self._open:
            raise InternalError(f"no coverage recorded for {sorted(self._open)[0]}")
        coverage = [canonical.dumps(encode(c)) for c in self.coverages()]
        members = [(member_name(*key), key, *self._members[key]) for key in sorted(self._members)]
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "info": encode(info),
            "coverage_sha256": lines_digest(coverage),
            "members": [
                {"name": name, "target": key[0], "kind": key[1], "count": count, "sha256": digest}
                for name, key, _, count, digest in members
            ],
        }
        partial = path.with_name(path.name + ".partial")
        try:
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
                store(archive, MANIFEST, canonical.dumps(manifest))
                store(archive, COVERAGE, b"".join(compress_lines(coverage)))
                for name, _, data, _, _ in members:
                    store(archive, name, data)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def store(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add one stored member with a fixed time and mode, so that bytes depend on content only."""
    member = zipfile.ZipInfo(name, _ZIP_TIME)
    member.external_attr = 0o644 << 16
    member.create_system = 3
    archive.writestr(member, data)
