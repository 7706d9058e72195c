from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ojkaudit import canonical
from ojkaudit.collectors import archive as writing
from ojkaudit.collectors.archive import ArchiveBuilder, member_name
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.compression import compress_lines
from ojkaudit.errors import CollectionError, InternalError
from ojkaudit.model.evidence import (
    Coverage,
    Resource,
    ResourceRef,
    SnapshotInfo,
    TargetInfo,
    make_resource,
)
from ojkaudit.model.outcome import CoverageStatus

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
POD = "kubernetes/v1/Pod"
NODE = "kubernetes/v1/Node"
INFO = SnapshotInfo(
    schema_version="1.0",
    collected_at=NOW,
    collector_version="test",
    families=("kubernetes",),
    targets=(TargetInfo(id="k", family="kubernetes", address="https://k"),),
)


def pod(name: str) -> Resource:
    return make_resource(
        ResourceRef(target="k", kind=POD, namespace="a", name=name), {"name": name, "n": 1}
    )


def covered(kind: str, count: int) -> Coverage:
    return Coverage(
        target="k",
        kind=kind,
        status=CoverageStatus.COMPLETE,
        verb="LIST",
        count=count,
        read_at=NOW,
    )


def build(path: Path, names: list[str]) -> Path:
    builder = ArchiveBuilder()
    for name in names:
        builder.resource(pod(name))
    builder.coverage(covered(POD, len(names)))
    builder.coverage(covered(NODE, 0))
    builder.write(path, INFO)
    return path


def rewrite(path: Path, change: dict[str, bytes | None]) -> None:
    """Write the archive anew with members replaced, added or (None) dropped."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members.update({name: data for name, data in change.items() if data is not None})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name, data in members.items():
            if change.get(name, b"") is not None:
                new.writestr(name, data)


def read_all(path: Path) -> list[Resource]:
    snapshot = ArchiveSnapshot(path)
    snapshot.verify_all()
    return list(snapshot.resources("k", POD))


def test_what_was_written_comes_back_sorted(tmp_path: Path) -> None:
    found = read_all(build(tmp_path / "e.zip", ["c", "a", "b"]))
    assert [r.ref.name for r in found] == ["a", "b", "c"]
    assert found[0] == pod("a")


def test_order_of_reading_does_not_change_the_bytes(tmp_path: Path) -> None:
    one = build(tmp_path / "1.zip", ["a", "b", "c"]).read_bytes()
    two = build(tmp_path / "2.zip", ["c", "b", "a"]).read_bytes()
    assert one == two


def test_digest_names_the_content(tmp_path: Path) -> None:
    one = ArchiveSnapshot(build(tmp_path / "1.zip", ["a"]))
    two = ArchiveSnapshot(build(tmp_path / "2.zip", ["b"]))
    assert one.digest != two.digest


def test_judging_inputs_do_not_change_the_snapshot_digest(tmp_path: Path) -> None:
    plain = ArchiveSnapshot(build(tmp_path / "1.zip", ["a"]))
    assert plain.judged_with() is None
    plain.copy_with({"now": "x"}, tmp_path / "2.zip")
    judged = ArchiveSnapshot(tmp_path / "2.zip")
    assert judged.digest == plain.digest
    assert judged.judged_with() == {"now": "x"}
    assert judged.verify_all() == 1


def test_coverage_is_recorded_once(tmp_path: Path) -> None:
    builder = ArchiveBuilder()
    builder.coverage(covered(POD, 0))
    with pytest.raises(InternalError):
        builder.coverage(covered(POD, 0))


def test_resources_without_coverage_are_never_written(tmp_path: Path) -> None:
    builder = ArchiveBuilder()
    builder.resource(pod("a"))
    with pytest.raises(InternalError):
        builder.write(tmp_path / "e.zip", INFO)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_resource_is_refused(tmp_path: Path) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    other = build(tmp_path / "o.zip", ["b"])
    with zipfile.ZipFile(other) as archive:
        foreign = archive.read(member_name("k", POD))
    rewrite(path, {member_name("k", POD): foreign})
    with pytest.raises(CollectionError, match="does not match its digest"):
        read_all(path)


@pytest.mark.parametrize("name", ["extra.txt", "resources/k/kubernetes~v1~Secret.jsonl.zst"])
def test_an_added_member_is_refused(tmp_path: Path, name: str) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    rewrite(path, {name: b"x"})
    with pytest.raises(CollectionError, match="is not in the manifest"):
        ArchiveSnapshot(path)


@pytest.mark.parametrize("name", [writing.COVERAGE, member_name("k", POD)])
def test_a_dropped_member_is_refused(tmp_path: Path, name: str) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    rewrite(path, {name: None})
    with pytest.raises(CollectionError, match="not in the archive"):
        ArchiveSnapshot(path)


def test_coverage_changed_to_complete_is_refused(tmp_path: Path) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(writing.MANIFEST))
    forged = canonical.dumps({"target": "k"})
    rewrite(path, {writing.COVERAGE: b"".join(compress_lines([forged]))})
    with pytest.raises(CollectionError, match="coverage"):
        ArchiveSnapshot(path)
    manifest["coverage_sha256"] = writing.lines_digest([forged])
    rewrite(path, {writing.MANIFEST: canonical.dumps(manifest)})
    with pytest.raises(CollectionError, match="missing field"):
        ArchiveSnapshot(path)


def test_count_that_contradicts_coverage_is_refused(tmp_path: Path) -> None:
    builder = ArchiveBuilder()
    builder.resource(pod("a"))
    builder.coverage(covered(POD, 2))
    builder.write(tmp_path / "e.zip", INFO)
    with pytest.raises(CollectionError, match="another count"):
        ArchiveSnapshot(tmp_path / "e.zip")


def test_coverage_that_counts_what_is_not_stored_is_refused(tmp_path: Path) -> None:
    builder = ArchiveBuilder()
    builder.coverage(covered(POD, 2))
    builder.write(tmp_path / "e.zip", INFO)
    with pytest.raises(CollectionError, match="none is stored"):
        ArchiveSnapshot(tmp_path / "e.zip")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip at all"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "e.zip"
    path.write_bytes(data)
    with pytest.raises(CollectionError, match=r"e\.zip: cannot be read"):
        ArchiveSnapshot(path)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    path = build(tmp_path / "e.zip", ["a", "b"])
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CollectionError):
        ArchiveSnapshot(path)


def test_an_unknown_version_is_refused(tmp_path: Path) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    rewrite(path, {writing.MANIFEST: canonical.dumps({"schema_version": "9.0"})})
    with pytest.raises(CollectionError, match="schema version"):
        ArchiveSnapshot(path)


@pytest.mark.parametrize("targets", [(), ("okd", "okd")])
def test_evidence_of_a_target_that_nobody_would_judge_is_refused(
    tmp_path: Path, targets: tuple[str, ...]
) -> None:
    path = build(tmp_path / "e.zip", ["a"])
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    (listed,) = manifest["info"]["targets"]
    manifest["info"]["targets"] = [{**listed, "id": name} for name in targets]
    rewrite(path, {"manifest.json": canonical.dumps(manifest)})
    with pytest.raises(CollectionError, match="target"):
        ArchiveSnapshot(path)
