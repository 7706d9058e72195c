"""Print the figures the documentation quotes, each with how it was measured."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("ojkaudit")
ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "fixtures" / "snapshots" / "compliant" / "ojkaudit.yaml"


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished process."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    out: str


def measure(arguments: Sequence[str | Path]) -> Measured:
    """Run a command to its end and return what the operating system accounts for it."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([*map(str, arguments)], stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        out.seek(0)
        text = out.read()
    return Measured(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        peak_mib=usage.ru_maxrss / 1024,
        out=text,
    )


def line(name: str, runs: Sequence[Measured]) -> None:
    """Print the medians of some runs."""
    cpu = statistics.median(r.cpu_seconds for r in runs)
    wall = statistics.median(r.wall_seconds for r in runs)
    peak = max(r.peak_mib for r in runs)
    say(f"{name:44} cpu {cpu:7.3f} s  wall {wall:7.3f} s  peak {peak:6.1f} MiB  n={len(runs)}")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def pages(pdf: Path) -> int:
    """Return how many pages a PDF has."""
    import pikepdf

    with pikepdf.open(pdf) as document:
        return len(document.pages)


def main() -> None:
    """Measure start-up, the demonstration, the PDF and an audit's memory."""
    line("ojkaudit --version", [measure([PROGRAM, "--version"]) for _ in range(20)])
    with tempfile.TemporaryDirectory() as folder:
        demos = [measure([PROGRAM, "demo", "--out", Path(folder) / str(i)]) for i in range(3)]
        line("ojkaudit demo (drifted)", demos)
        run = Path(demos[0].out.splitlines()[-1])
        pdf = Path(folder) / "again.pdf"
        renders = []
        for number in range(3):
            target = pdf.with_stem(f"again{number}")
            renders.append(measure([PROGRAM, "report", run, "--format", "pdf", "--out", target]))
        line("ojkaudit report --format pdf (drifted)", renders)
        say(f"{'pages of that PDF':44} {pages(run / 'report.pdf')}")
        root = run.parent / "trust" / "root.pem"
        verifies = [
            measure([PROGRAM, "verify", run, "--trust", root, "--replay"]) for _ in range(3)
        ]
        line("ojkaudit verify --replay (drifted)", verifies)
    say(f"{'peak of this harness itself':44} {own_peak_mib():.1f} MiB")
    if "--recorded" in sys.argv[1:]:
        recorded()


def own_peak_mib() -> float:
    """Return the peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def recorded() -> None:
    """Audit the recorded cluster through the test API server, the program in its own process."""
    from tests.bench.recorded import audit_recorded

    with tempfile.TemporaryDirectory() as folder:
        found = audit_recorded(Path(folder), measure)
    line("ojkaudit audit of the recorded cluster", [found])


if __name__ == "__main__":
    main()
