"""What somebody with a key, or without one, can do to a run folder."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from ojkaudit import canonical, engine, reports
from ojkaudit.collectors.archive import ArchiveBuilder
from ojkaudit.collectors.archive_reader import ArchiveSnapshot
from ojkaudit.model.evidence import Coverage, Payload, Resource, make_resource
from ojkaudit.model.result import AssessmentResult
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.compare import read_result
from ojkaudit.pipeline.plan import make_plan
from ojkaudit.pipeline.seal import SealingKey
from tests.support.live import COMPLIANT, SECRETS, real_world, write_key
from tests.support.pki import report_pdf
from tests.support.platforms import archive, as_of
from tests.support.program import Done, program

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An institution's configuration, key and finished runs."""

    folder: Path
    config: Path
    root: Path
    key: SealingKey
    runs: dict[str, Path]
    """Snapshot → run folder."""


def open_office(folder: Path, *snapshots: str) -> Office:
    """Write configuration and key, and let the program judge and seal the bundled `snapshots`."""
    config = write_sealing_config(folder)
    runs = {name: assess(folder, name).run_folder for name in snapshots}
    key = seal.load_sealing_key(make_plan(config).config, real_world(SECRETS))
    return Office(folder=folder, config=config, root=folder / "root.pem", key=key, runs=runs)


def write_sealing_config(folder: Path) -> Path:
    """Write the compliant configuration with a signing key of its own into `folder`."""
    shutil.copytree(COMPLIANT / "bukti", folder / "bukti")
    document = yaml.safe_load((COMPLIANT / "ojkaudit.yaml").read_text(encoding="utf-8"))
    write_key(folder)
    document["signing"] = {
        "pkcs12": "segel.p12", "passphrase_env": "OJKAUDIT_PASSPHRASE",
        "trust_roots": ["root.pem"],
    }  # fmt: skip
    config = folder / "ojkaudit.yaml"
    config.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return config


def assess(folder: Path, snapshot: str, *options: str | Path) -> Done:
    """Judge a bundled snapshot with the configuration in `folder`."""
    path = folder / f"{snapshot}.zip"
    path.unlink(missing_ok=True)
    platform = archive(snapshot, path)
    done = program(
        "assess", path, "-c", folder / "ojkaudit.yaml", "--out", folder / "runs",
        "--as-of", as_of(platform), *options, env=SECRETS,
    )  # fmt: skip
    assert done.code in (0, 1, 3), done.err
    return done


def edit_result(folder: Path, edit: Callable[[Document], None]) -> None:
    """Change `result.json`; what its bytes look like stays as the program writes them."""
    import json

    path = folder / seal.RESULT
    document = json.loads(path.read_bytes())
    before = copy.deepcopy(document)
    edit(document)
    assert document != before, "the edit changed nothing"
    path.write_bytes(canonical.dumps(document) + _ending(path.read_bytes()))


def _ending(data: bytes) -> bytes:
    return b"\n" if data.endswith(b"\n") else b""


def edit_evidence(
    folder: Path,
    *,
    resource: Callable[[Resource], Payload | None] = lambda r: r.payload,
    coverage: Callable[[Coverage], Coverage] = lambda c: c,
    judged_with: Callable[[Document], None] = lambda d: None,
) -> None:
    """Write `evidence.zip` anew, consistent in itself, with changes; None drops a resource."""
    path = folder / seal.EVIDENCE
    old = ArchiveSnapshot(path)
    inputs = old.judged_with()
    assert isinstance(inputs, dict)
    judged_with(inputs)
    builder = ArchiveBuilder()
    for entry in old.coverage():
        kept = 0
        for item in old.resources(entry.target, entry.kind):
            payload = resource(replace(item, payload=copy.deepcopy(dict(item.payload))))
            if payload is not None:
                builder.resource(make_resource(item.ref, payload))
                kept += 1
        builder.coverage(coverage(replace(entry, count=kept)))
    plain = folder / "plain.zip"
    builder.write(plain, old.info)
    old.close()
    fresh = ArchiveSnapshot(plain)
    path.unlink()
    fresh.copy_with(inputs, path)
    fresh.close()
    plain.unlink()


def tell_digests(folder: Path) -> None:
    """Put the digests of the files as they are now into `result.json`."""

    def tell(document: Document) -> None:
        document["digests"]["evidence_file"] = canonical.sha256_file(folder / seal.EVIDENCE)
        document["digests"]["findings_file"] = canonical.sha256_file(folder / seal.FINDINGS)

    edit_result(folder, tell)


def judge_again(folder: Path) -> None:
    """Judge the stored evidence as it is now, with the inputs stored beside it."""
    snapshot = ArchiveSnapshot(folder / seal.EVIDENCE)
    stored = read_result(folder)
    inputs = engine.inputs_from_document(snapshot.judged_with())
    findings = folder / seal.FINDINGS
    findings.unlink()
    digest = reports.write_findings(findings, engine.evaluate(inputs, snapshot))
    judgement = engine.assess(inputs, reports.read_findings(findings), snapshot)
    result = engine.result_from(
        judgement,
        assessment_id=stored.assessment_id,
        evidence_file_digest=canonical.sha256_file(folder / seal.EVIDENCE),
        findings_file_digest=digest,
        comparison=stored.comparison,
    )
    (folder / seal.RESULT).write_bytes(reports.render_json(result))
    snapshot.close()


def seal_again(folder: Path, key: SealingKey) -> AssessmentResult:
    """Sign everything anew; the report becomes a short one that embeds the result as it is."""
    for name in (seal.SUMS, seal.SUMS_SIGNATURE, seal.RESULT_SIGNATURE, seal.INSTRUCTIONS):
        (folder / name).unlink(missing_ok=True)
    (folder / seal.PDF).write_bytes(report_pdf((folder / seal.RESULT).read_bytes()))
    result = read_result(folder)
    seal.seal(folder, result, sealing=key, clock=lambda: datetime.now(UTC).replace(microsecond=0))
    return result
