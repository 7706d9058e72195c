"""The steps of a verification that judge signatures and who made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ojkaudit.model.text import Text
from ojkaudit.signing.attachment import embedded_result
from ojkaudit.signing.certificates import fingerprint, name_of
from ojkaudit.signing.check_cms import CheckedSignature, check_detached
from ojkaudit.signing.check_pdf import CheckedPdfSignature, check_pdf
from ojkaudit.signing.folder import FolderReading
from ojkaudit.signing.layout import REPORT_PDF, RESULT
from ojkaudit.signing.refusal import Refusal, RefusedError, guarded
from ojkaudit.signing.report import StepStatus, VerificationStep
from ojkaudit.signing.result_facts import ResultFacts
from ojkaudit.signing.roles import ROLES, SEAL, Role
from ojkaudit.signing.steps import StepCode, make_step, run_step
from ojkaudit.signing.trust import TrustPolicy, judge_certificate

Steps = tuple[VerificationStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature that holds under the certificate it carries."""

    subject: str
    """Name of the file that carries it."""
    role: Role
    signature: CheckedSignature
    signing_time: datetime
    """As claimed by the signer."""


def check_file_signature(
    reading: FolderReading, code: StepCode, name: str
) -> tuple[VerificationStep, Signed | None]:
    """Return whether `NAME.p7s` holds over the file `name`."""
    signature_name = f"{name}.p7s"

    def check() -> tuple[Signed, Text]:
        found = check_detached(reading.contents[signature_name], reading.contents[name])
        if found.signing_time is None:
            raise RefusedError("waktu tanda tangan tidak ada", "it carries no signing time")
        signed = Signed(
            subject=signature_name, role=SEAL, signature=found, signing_time=found.signing_time
        )
        return signed, _signed_by((signed,))

    return run_step(
        code,
        signature_name,
        check,
        reading=reading,
        needs=(signature_name, name),
    )


def check_pdf_signatures(
    reading: FolderReading, required: Sequence[Role], facts: ResultFacts | None
) -> tuple[VerificationStep, tuple[Signed | None, ...]]:
    """Return whether every role required by the verifier or by `result.json` has signed the PDF."""
    declared = facts.required_signatures if facts is not None else ()

    def check() -> tuple[tuple[Signed, ...], Text]:
        unknown = sorted(set(declared) - set(ROLES))
        if unknown:
            raise RefusedError(
                f"result.json mewajibkan peran yang tidak dikenal: {', '.join(unknown)}",
                f"result.json requires roles not known here: {', '.join(unknown)}",
            )
        wanted = [role for role in ROLES.values() if role in required or role.name in declared]
        signed = tuple(map(_from_pdf, check_pdf(reading.contents[REPORT_PDF], wanted)))
        return signed, _signed_by(signed)

    step, found = run_step(
        StepCode.PDF_SIGNATURES,
        REPORT_PDF,
        check,
        reading=reading,
        needs=(REPORT_PDF,),
    )
    return step, (None,) if found is None else found


def _from_pdf(found: CheckedPdfSignature) -> Signed:
    return Signed(
        subject=REPORT_PDF,
        role=found.role,
        signature=found.signature,
        signing_time=found.signing_time,
    )


def _signed_by(signed: Sequence[Signed]) -> Text:
    who = "; ".join(
        f"{name_of(item.signature.certificate)} ({item.signing_time:%Y-%m-%d %H:%M:%S %Z})"
        for item in signed
    )
    return Text(
        id=f"utuh; nama dan waktu menurut penanda tangan: {who}",
        en=f"intact; name and time as the signer claims: {who}",
    )


def check_attachment(reading: FolderReading) -> VerificationStep:
    """Return whether the PDF embeds this very `result.json` and nothing else."""

    def check() -> tuple[None, Text]:
        result = reading.contents[RESULT]
        if embedded_result(reading.contents[REPORT_PDF], max_bytes=len(result)) != result:
            raise RefusedError(
                f"lampiran PDF berbeda dari {RESULT}", f"the PDF embeds another {RESULT}"
            )
        return None, Text(id="sama", en="the same bytes")

    step, _ = run_step(
        StepCode.PDF_ATTACHMENT,
        REPORT_PDF,
        check,
        reading=reading,
        needs=(REPORT_PDF, RESULT),
    )
    return step


def check_same_signer(signed: Sequence[Signed | None]) -> VerificationStep:
    """Return whether everything sealed was sealed by one certificate."""
    seals = [item for item in signed if item is None or item.role is SEAL]
    holding = [item for item in seals if item is not None]
    prints = {fingerprint(item.signature.certificate) for item in holding}
    if len(holding) < len(seals):
        text = Text(id="tidak semua tanda tangan sah", en="not every signature holds")
        return make_step(StepCode.SAME_SIGNER, StepStatus.UNDECIDED, ".", text, "not_compared")
    if len(prints) != 1:
        text = Text(id="segel dari sertifikat berlainan", en="sealed by different certificates")
        return make_step(StepCode.SAME_SIGNER, StepStatus.FAILED, ".", text, "different")
    text = Text(
        id=f"sidik jari SHA-256 sertifikat: {min(prints)}",
        en=f"SHA-256 fingerprint of the certificate: {min(prints)}",
    )
    return make_step(StepCode.SAME_SIGNER, StepStatus.OK, ".", text)


def check_trust(signed: Sequence[Signed | None], policy: TrustPolicy) -> Steps:
    """Return for each signature whether its signer may be trusted."""
    steps = tuple(_trust(item, policy) for item in signed if item is not None)
    if len(steps) == len(signed):
        return steps
    text = Text(
        id="penanda tangan yang tidak sah tidak dinilai",
        en="the signer of a signature that does not hold is not judged",
    )
    return *steps, make_step(StepCode.TRUST, StepStatus.UNDECIDED, ".", text, "not_judged")


def _trust(item: Signed, policy: TrustPolicy) -> VerificationStep:
    verdict = guarded(
        lambda: judge_certificate(
            item.signature.certificate,
            item.signature.others,
            signing_time=item.signing_time,
            policy=policy,
        )
    )
    if isinstance(verdict, Refusal):
        return make_step(StepCode.TRUST, StepStatus.FAILED, item.subject, verdict.detail, "refused")
    reason = "" if verdict.status is StepStatus.OK else verdict.code
    return make_step(StepCode.TRUST, verdict.status, item.subject, verdict.detail, reason)
