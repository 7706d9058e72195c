"""Reads a snapshot back from its file, strictly: whatever the manifest does not vouch for is refused."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ojkaudit import canonical
from ojkaudit.collectors.archive import (
    COVERAGE,
    JUDGED_WITH,
    MANIFEST,
    SCHEMA_VERSION,
    lines_digest,
    member_name,
    store,
)
from ojkaudit.compression import compress_lines, decompress_lines
from ojkaudit.errors import CollectionError
from ojkaudit.model.codec import decode
from ojkaudit.model.evidence import Coverage, Resource, ResourceRef, SnapshotInfo, make_resource

MAX_MEMBER_BYTES = 4 << 30
"""A member that unpacks to more is refused: no kind of a real cluster comes near."""
MAX_MANIFEST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One kind of one target, as the manifest lists it."""

    name: str
    target: str
    kind: str
    count: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Head of an archive."""

    schema_version: str
    info: SnapshotInfo
    coverage_sha256: str
    members: tuple[Member, ...]


class ArchiveSnapshot:
    """A Snapshot backed by an archive file."""

    def __init__(self, path: Path) -> None:
        """Open the archive and check its head, its list of members and its coverage.

        Raises:
            CollectionError: The file is no archive of ours, or its parts contradict its manifest.
        """
        self._path = path
        self._archive = self._open()
        self._manifest = self._read_manifest()
        self._members = {(m.target, m.kind): m for m in self._manifest.members}
        self._check_names()
        self._coverage = self._read_coverage()
        self._check_coverage()

    @property
    def info(self) -> SnapshotInfo:
        """Head of the snapshot."""
        return self._manifest.info

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical manifest, which vouches for every member by its digest."""
        return canonical.sha256(self._bytes(MANIFEST, MAX_MANIFEST_BYTES))

    def coverage(self) -> tuple[Coverage, ...]:
        """Return every coverage entry, sorted by target and kind."""
        return self._coverage

    def resources(self, target: str, kind: str) -> Iterator[Resource]:
        """Yield the resources of one kind of one target, in stored order.

        Raises:
            CollectionError: The member does not match its digest, its count or its kind.
        """
        member = self._members.get((target, kind))
        if member is None:
            return
        lines = self._lines(member.name)
        if lines_digest(lines) != member.sha256 or len(lines) != member.count:
            raise self._broken(member.name, "does not match its digest in the manifest")
        for line in lines:
            yield self._resource(line, member)

    def judged_with(self) -> object | None:
        """Return the inputs an assessment judged this snapshot with; None when none did."""
        if JUDGED_WITH not in self._archive.namelist():
            return None
        lines = self._lines(JUDGED_WITH)
        if len(lines) != 1:
            raise self._broken(JUDGED_WITH, "does not hold one document")
        return self._json(lines[0], JUDGED_WITH)

    def verify_all(self) -> int:
        """Read every resource once, so that every digest is checked; return how many there are."""
        return sum(1 for m in self._manifest.members for _ in self.resources(m.target, m.kind))

    def copy_with(self, judged_with: object, path: Path) -> None:
        """Write a copy of this archive to `path` that also holds what it was judged with."""
        inputs = b"".join(compress_lines([canonical.dumps(judged_with)]))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as copy:
            for name in [n for n in self._archive.namelist() if n != JUDGED_WITH]:
                store(copy, name, self._archive.read(name))
            store(copy, JUDGED_WITH, inputs)

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._path)
        except (OSError, zipfile.BadZipFile) as error:
            raise CollectionError(
                f"{self._path}: cannot be read as an evidence archive ({error})",
                hint="Give the evidence.zip that 'ojkaudit collect' or 'ojkaudit audit' wrote.",
            ) from error

    def _read_manifest(self) -> Manifest:
        data = self._json(self._bytes(MANIFEST, MAX_MANIFEST_BYTES), MANIFEST)
        version = data.get("schema_version") if isinstance(data, dict) else None
        if version != SCHEMA_VERSION:
            raise self._broken(MANIFEST, f"has schema version {version!r}, not {SCHEMA_VERSION!r}")
        try:
            return decode(Manifest, data)
        except ValueError as error:
            raise self._broken(MANIFEST, str(error)) from error

    def _check_names(self) -> None:
        names = self._archive.namelist()
        known = {MANIFEST, COVERAGE, *(m.name for m in self._manifest.members)}
        if len(names) != len(set(names)):
            raise self._broken(MANIFEST, "the archive holds two members of one name")
        for name in set(names) - known - {JUDGED_WITH}:
            raise self._broken(name, "is not in the manifest")
        for name in known - set(names):
            raise self._broken(name, "is in the manifest but not in the archive")
        for member in self._manifest.members:
            if member.name != member_name(member.target, member.kind):
                raise self._broken(member.name, "does not lie where its kind belongs")

    def _read_coverage(self) -> tuple[Coverage, ...]:
        lines = self._lines(COVERAGE)
        if lines_digest(lines) != self._manifest.coverage_sha256:
            raise self._broken(COVERAGE, "does not match its digest in the manifest")
        try:
            return tuple(decode(Coverage, self._json(line, COVERAGE)) for line in lines)
        except ValueError as error:
            raise self._broken(COVERAGE, str(error)) from error

    def _check_coverage(self) -> None:
        # A target that is not listed would be judged by nobody, and of two of one name only one.
        targets = [info.id for info in self.info.targets]
        if len(targets) != len(set(targets)):
            raise self._broken(MANIFEST, "lists two targets of one name")
        for entry in self._coverage:
            if entry.target not in targets:
                raise self._broken(COVERAGE, f"speaks of {entry.target}, which is no target")
        # Evidence without proof of how it was read could pass for complete.
        counted = {(c.target, c.kind): c.count for c in self._coverage}
        if len(counted) != len(self._coverage):
            raise self._broken(COVERAGE, "records one kind twice")
        for key, member in self._members.items():
            if counted.get(key) != member.count:
                raise self._broken(member.name, "holds another count than its coverage records")
        for key, count in counted.items():
            if count and key not in self._members:
                raise self._broken(COVERAGE, f"counts {count} of {key[1]}, but none is stored")

    def _resource(self, line: bytes, member: Member) -> Resource:
        data = self._json(line, member.name)
        if not isinstance(data, dict) or set(data) != {"ref", "payload"}:
            raise self._broken(member.name, "holds a line that is no resource")
        try:
            ref = decode(ResourceRef, data["ref"])
        except ValueError as error:
            raise self._broken(member.name, str(error)) from error
        if (ref.target, ref.kind) != (member.target, member.kind):
            raise self._broken(member.name, f"holds a resource of {ref.target} {ref.kind}")
        return make_resource(ref, data["payload"])

    def _lines(self, name: str) -> list[bytes]:
        data = self._bytes(name, MAX_MEMBER_BYTES)
        try:
            return list(decompress_lines(data, max_bytes=MAX_MEMBER_BYTES))
        except ValueError as error:
            raise self._broken(name, str(error)) from error

    def _bytes(self, name: str, limit: int) -> bytes:
        try:
            entry = self._archive.getinfo(name)
        except KeyError as error:
            raise self._broken(name, "is missing") from error
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > limit:
            raise self._broken(name, "is compressed by zip or too large")
        try:
            return self._archive.read(entry)
        except (OSError, zipfile.BadZipFile) as error:
            raise self._broken(name, str(error)) from error

    def _json(self, data: bytes, name: str) -> object:
        try:
            return json.loads(data)
        except ValueError as error:
            raise self._broken(name, f"is not JSON ({error})") from error

    def _broken(self, member: str, what: str) -> CollectionError:
        return CollectionError(
            f"{self._path}: {member} {what}",
            hint="The archive is damaged or was edited: collect again, or ask for the original.",
        )
