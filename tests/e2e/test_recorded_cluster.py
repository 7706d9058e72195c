"""The main job on a recorded cluster: another team's objects, without the status of a live cluster."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.kube_server import KubeServer, Rights
from tests.support.kube_server.recorded import RecordedCluster, load
from tests.support.live import AUDITOR, COMPLIANT, SECRETS, write_key
from tests.support.needs import recordings_dir
from tests.support.program import Done, program

pytestmark = [pytest.mark.recordings, pytest.mark.slow]

TARGET = "okd-terekam"


@pytest.fixture(scope="module")
def recorded() -> RecordedCluster:
    return load(recordings_dir() / "cluster")


@pytest.fixture(scope="module")
def server(recorded: RecordedCluster) -> Iterator[KubeServer]:
    with KubeServer(
        objects=recorded.objects,
        types=recorded.types,
        users={AUDITOR: Rights.all_but(("", "secrets", "*"))},
        down={"metrics.k8s.io/v1beta1"},
    ) as running:
        yield running


@pytest.fixture(scope="module")
def audited(
    server: KubeServer,
    tmp_path_factory: pytest.TempPathFactory,
    record_testsuite_property: Callable[[str, object], None],
) -> tuple[Done, Path]:
    folder = tmp_path_factory.mktemp("recorded")
    root = write_key(folder)
    document = yaml.safe_load((COMPLIANT / "ojkaudit.yaml").read_text(encoding="utf-8"))
    cluster = {"id": TARGET, "server": server.url, "ca_file": str(server.ca_file)}
    document["targets"] = {"kubernetes": [cluster | {"token_env": "OJKAUDIT_TOKEN"}]}
    document["register"] = {}
    document["signing"] = {"pkcs12": "segel.p12", "passphrase_env": "OJKAUDIT_PASSPHRASE"}
    config = folder / "ojkaudit.yaml"
    config.write_text(yaml.safe_dump(document), encoding="utf-8")
    environment = {**SECRETS, "OJKAUDIT_TOKEN": server.token(AUDITOR)}
    done = program("audit", "-c", config, "--out", folder / "runs", env=environment)
    # Kilobytes on Linux; the largest of all children so far, so an upper bound for this one.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    record_testsuite_property("recorded_cluster_audit_peak_mib", round(peak))
    sys.stderr.write(f"peak memory of the audit of the recorded cluster: <= {peak:.0f} MiB\n")
    return done, root


def result_of(done: Done) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((done.run_folder / "result.json").read_bytes())
    return loaded


def test_it_runs_to_the_end_and_is_not_fine(audited: tuple[Done, Path]) -> None:
    done, root = audited
    assert done.code == 1, done.err
    verified = program("verify", done.run_folder, "--trust", root, "--replay")
    assert verified.code == 0, verified.out


def test_every_object_is_accounted_for(
    audited: tuple[Done, Path], recorded: RecordedCluster
) -> None:
    """Coverage counts every object of each kind read; every kind wanted has one entry."""
    coverage = {c["kind"]: c for c in result_of(audited[0])["coverage"] if c["target"] == TARGET}  # type: ignore[attr-defined]
    read = {kind: entry for kind, entry in coverage.items() if entry["status"] == "complete"}
    assert len(read) > 20
    for kind, entry in read.items():
        assert entry["count"] == recorded.counts.get(kind, 0), kind
    for kind, entry in coverage.items():
        assert entry["status"] in ("complete", "absent"), entry
        if entry["status"] == "absent":
            assert not recorded.counts.get(kind), kind


def test_nothing_passes_that_reads_a_status_nobody_recorded(audited: tuple[Done, Path]) -> None:
    """The recorded objects of OKD are manifests: no operator ever wrote their status."""
    rules = {rule["id"]: rule for rule in result_of(audited[0])["rules"]}  # type: ignore[attr-defined]
    for rule in ("ENC-002", "LOG-002"):
        assert rules[rule]["counts"]["pass"] == 0, rules[rule]["counts"]
        assert rules[rule]["outcome"] in ("fail", "unknown"), rule


def test_no_rule_on_databases_or_an_empty_register_passes(audited: tuple[Done, Path]) -> None:
    from ojkaudit.pipeline.plan import load_catalog

    outcomes = {rule["id"]: rule["outcome"] for rule in result_of(audited[0])["rules"]}  # type: ignore[attr-defined]
    for rule in load_catalog().rules:
        families = {kind.split("/")[0] for kind in rule.subjects}
        if families == {"postgresql"}:
            assert outcomes[rule.id] == "unknown", rule.id
        if families == {"register"} and rule.subjects != ("register/Site",):
            assert outcomes[rule.id] == "unknown", rule.id
