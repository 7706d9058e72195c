"""Verify a run folder: is it whole, who signed it, and is that somebody to trust.

The steps, numbered as they are reported:

1. `folder_layout`: the folder holds exactly the files of a run, plain files of sane size.
2. `sums_signature`: `SHA256SUMS.p7s` holds over the bytes of `SHA256SUMS`.
3. `sums_names`: `SHA256SUMS` lists exactly the files it must.
4. `sums_digests`: each file has the digest listed; one entry for each that has not.
5. `result_signature`: `result.json.p7s` holds over the bytes of `result.json`.
6. `result_schema`: `result.json` has a known schema version and the facts needed below.
7. `pdf_signatures`: the PDF's signatures hold by the strict rules of `check_pdf`; every role that
   the verifier or `result.json` requires has signed.
8. `pdf_attachment`: the PDF embeds exactly one file, byte for byte `result.json`.
9. `result_digests`: findings and evidence have the digests that `result.json` names.
10. `same_signer`: list, result and PDF are sealed by the same certificate.
11. `trust`: for each of these signatures, the signer's certificate (see `trust`).

Every file is read once, at the beginning; all steps look at those bytes. Trust comes from the
caller alone, never from the folder. A step that cannot be made is never passed over: a missing
file fails every step that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ojkaudit.errors import UsageError
from ojkaudit.signing.certificates import load_crls, load_roots
from ojkaudit.signing.check_folder import check_digests, check_layout, check_schema, check_sums
from ojkaudit.signing.check_signers import (
    check_attachment,
    check_file_signature,
    check_pdf_signatures,
    check_same_signer,
    check_trust,
)
from ojkaudit.signing.folder import read_folder
from ojkaudit.signing.layout import RESULT, SUMS
from ojkaudit.signing.report import VerificationReport
from ojkaudit.signing.roles import ROLES, Role
from ojkaudit.signing.steps import StepCode
from ojkaudit.signing.trust import TrustPolicy


def verify_run(
    folder: Path,
    *,
    trust_roots: Sequence[bytes],
    now: datetime,
    required_roles: Sequence[str] = ("seal",),
    crls: Sequence[bytes] = (),
) -> VerificationReport:
    """Return what a verification of the run folder `folder` finds.

    Args:
        folder: The run folder, under whatever name the receiver gave it.
        trust_roots: Root certificates the verifier trusts, PEM or DER; without any the best
            decision is UNDECIDED.
        now: Aware.
        required_roles: Names of the roles that must have signed the PDF.
        crls: Certificate revocation lists at hand, PEM or DER.

    Raises:
        UsageError: There is no such folder or no such role.
        KeyMaterialError: A trust root or CRL cannot be read.
        ValueError: `now` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("the time has no time zone")
    required = _roles(required_roles)
    policy = TrustPolicy(roots=tuple(load_roots(trust_roots)), crls=load_crls(crls), now=now)
    reading = read_folder(folder)
    sums_step, sums = check_file_signature(reading, StepCode.SUMS_SIGNATURE, SUMS)
    result_step, result = check_file_signature(reading, StepCode.RESULT_SIGNATURE, RESULT)
    schema_step, facts = check_schema(reading)
    pdf_step, pdf = check_pdf_signatures(reading, required, facts)
    signed = (sums, result, *pdf)
    return VerificationReport(
        steps=(
            *check_layout(reading),
            sums_step,
            *check_sums(reading),
            result_step,
            schema_step,
            pdf_step,
            check_attachment(reading),
            *check_digests(reading, facts),
            check_same_signer(signed),
            *check_trust(signed, policy),
        ),
        files=reading.digests,
    )


def _roles(names: Sequence[str]) -> tuple[Role, ...]:
    unknown = sorted(set(names) - set(ROLES))
    if unknown:
        raise UsageError(
            f"no such role: {', '.join(unknown)}", hint=f"Known roles: {', '.join(ROLES)}."
        )
    return tuple(ROLES[name] for name in names)
