"""Sign the files of a run folder: PDF first, then the JSON, then the sums of what is on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ojkaudit import signing
from ojkaudit.errors import ConfigurationError, KeyMaterialError, Problem
from ojkaudit.model.config import Config
from ojkaudit.model.result import AssessmentResult
from ojkaudit.pipeline.world import World

RESULT = "result.json"
RESULT_SIGNATURE = "result.json.p7s"
FINDINGS = "findings.jsonl.zst"
EVIDENCE = "evidence.zip"
PDF = "report.pdf"
HTML = "report.html"
SUMS = "SHA256SUMS"
SUMS_SIGNATURE = "SHA256SUMS.p7s"
INSTRUCTIONS = "VERIFIKASI.txt"

OFFICIAL = "Segel laporan audit ojkaudit"
DEMONSTRATION = "DEMONSTRASI ojkaudit, bukan laporan resmi"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """A key that passed its pre-flight, with what to warn of."""

    key: signing.SigningKey
    roots: tuple[bytes, ...] = ()
    """Root certificates the configuration names, for the instructions."""
    warnings: tuple[str, ...] = ()


def load_sealing_key(config: Config, world: World) -> SealingKey:
    """Load the configured key and check it before anything is collected.

    Raises:
        ConfigurationError: No key is configured.
        KeyMaterialError: The key cannot be loaded, or may not sign today.
    """
    settings = config.signing
    if settings is None:
        raise ConfigurationError(
            f"{config.file}: no 'signing' section, so the report cannot be sealed",
            hint="Add it ('ojkaudit init' shows how), or pass --no-seal for an unsigned draft.",
        )
    passphrase = world.read_secret(settings.passphrase) if settings.passphrase else None
    source = signing.open_key_source(
        signing.KeySettings(
            kind=settings.kind,
            path=settings.key_file,
            certificate_path=settings.certificate_file,
            chain_paths=settings.chain_files,
            passphrase=signing.Secret(passphrase) if passphrase is not None else None,
        )
    )
    key = source.load()
    roots = tuple(path.read_bytes() for path in settings.trust_roots)
    found = signing.preflight(key, now=world.clock(), trust_roots=roots)
    errors = [p for p in found if p.severity == "error"]
    if errors:
        raise KeyMaterialError(
            "the signing key may not be used",
            hint=errors[0].hint,
            problems=tuple(
                Problem(file=str(settings.key_file), line=0, message=p.message) for p in errors
            ),
        )
    return SealingKey(key=key, roots=roots, warnings=tuple(p.message for p in found))


def seal(
    folder: Path,
    result: AssessmentResult,
    *,
    sealing: SealingKey,
    clock: Callable[[], datetime],
) -> None:
    """Sign the PDF in place, then the result, then the sums over everything on disk.

    The order matters: a signature inside the PDF changes its bytes.
    """
    key, signing_time = sealing.key, clock()
    reason = DEMONSTRATION if result.demonstration else OFFICIAL
    pdf = folder / PDF
    pdf.write_bytes(
        signing.sign_pdf(pdf.read_bytes(), key, signing_time=signing_time, reason=reason)
    )
    data = (folder / RESULT).read_bytes()
    (folder / RESULT_SIGNATURE).write_bytes(
        signing.sign_bytes(data, key, signing_time=signing_time)
    )
    instructions = signing.verification_text(
        assessment_id=result.assessment_id,
        institution=result.institution.name,
        key=key,
        trust_roots=sealing.roots,
        demonstration=result.demonstration,
    )
    (folder / INSTRUCTIONS).write_text(instructions, encoding="utf-8")
    names = sorted(path.name for path in folder.iterdir())
    sums = signing.write_sums(folder, names)
    (folder / SUMS).write_bytes(sums)
    (folder / SUMS_SIGNATURE).write_bytes(signing.sign_bytes(sums, key, signing_time=signing_time))
