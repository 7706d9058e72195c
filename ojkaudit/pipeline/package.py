"""Run folder → one reproducible zip to hand over, with a cover letter."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from ojkaudit import reports, signing
from ojkaudit.collectors.archive import store
from ojkaudit.errors import ConfigurationError, VerificationError
from ojkaudit.model.outcome import Language
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.compare import read_result

LETTER = {Language.ID: "SURAT-PENGANTAR.txt", Language.EN: "COVER-LETTER.txt"}

RUN_FILES = (
    seal.EVIDENCE,
    seal.FINDINGS,
    seal.HTML,
    seal.INSTRUCTIONS,
    seal.PDF,
    seal.RESULT,
    seal.RESULT_SIGNATURE,
    seal.SUMS,
    seal.SUMS_SIGNATURE,
)


def package(folder: Path, out: Path, language: Language, *, now: datetime) -> Path:
    """Write `out`: the run folder as it is, and a letter to complete beside it.

    Same folder, same bytes. Nothing of the run is changed, so the receiver verifies the folder
    after unpacking.

    Raises:
        ConfigurationError: The folder is not a sealed run, or `out` exists already.
        VerificationError: The folder is altered: what cannot be verified is not handed over.
    """
    if out.exists():
        raise ConfigurationError(f"{out}: exists already", hint="Name another file with --out.")
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    missing = sorted(set(RUN_FILES) - present)
    extra = sorted(present - set(RUN_FILES))
    if missing or extra:
        what = f"lacks {missing[0]}" if missing else f"holds a foreign file, {extra[0]}"
        raise ConfigurationError(
            f"{folder}: {what}", hint="Package a sealed run folder, unchanged."
        )
    _refuse_altered(folder, now)
    result = read_result(folder)
    letter = reports.cover_letter(result, language)
    partial = out.with_name(out.name + ".partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            store(archive, LETTER[language], letter)
            for name in RUN_FILES:
                store(archive, f"{result.assessment_id}/{name}", (folder / name).read_bytes())
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return out


def _refuse_altered(folder: Path, now: datetime) -> None:
    # No root is given here: who signed is the receiver's question, whether it is intact is ours.
    report = signing.verify_run(folder, trust_roots=(), now=now)
    if report.decision is signing.Decision.INVALID:
        broken = [s for s in report.steps if s.status is signing.StepStatus.FAILED]
        raise VerificationError(
            f"{folder}: {broken[0].subject}: {broken[0].detail.en}",
            hint="Take the folder as 'ojkaudit audit' wrote it.",
        )
