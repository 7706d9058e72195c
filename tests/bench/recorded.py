"""An audit of the recorded cluster: the test API server here, the program in its own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.support.kube_server import KubeServer, Rights
from tests.support.kube_server.recorded import load
from tests.support.needs import ROOT, recordings_dir

if TYPE_CHECKING:
    from tests.bench.__main__ import Measured

CONFIG = ROOT / "fixtures" / "snapshots" / "compliant" / "ojkaudit.yaml"


def audit_recorded(folder: Path, measure: Callable[[Sequence[str | Path]], Measured]) -> Measured:
    """Audit the recorded cluster once, without a seal, and return what it took."""
    cluster = load(recordings_dir() / "cluster")
    with KubeServer(
        objects=cluster.objects, types=cluster.types, users={"auditor": Rights.all()}
    ) as server:
        config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
        config["targets"] = {
            "kubernetes": [
                {
                    "id": "rekaman",
                    "server": server.url,
                    "ca_file": str(server.ca_file),
                    "token_env": "BENCH_TOKEN",
                }
            ]
        }
        path = folder / "ojkaudit.yaml"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        os.environ["BENCH_TOKEN"] = server.token("auditor")
        program = Path(sys.executable).with_name("ojkaudit")
        return measure([program, "audit", "-c", path, "--out", folder / "runs", "--no-seal"])
