"""Find what is wrong with a signing key before anything is collected or rendered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ojkaudit.signing.certificates import (
    key_weakness,
    load_certificates,
    load_roots,
    names_revocation,
    public_key_der,
    usage_problem,
)
from ojkaudit.signing.interface import PreflightProblem, ProblemSeverity, SigningKey
from ojkaudit.signing.path import PathProblem, find_path_problem
from ojkaudit.signing.quiet import quiet_libraries

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

RENEWAL_NOTICE = timedelta(days=30)
"""An Indonesian certificate authority takes days to renew; a monthly run must warn once before."""


def preflight(
    key: SigningKey, *, now: datetime, trust_roots: Sequence[bytes] = ()
) -> tuple[PreflightProblem, ...]:
    """Return everything wrong with `key`, errors first; with an error it must not sign.

    Args:
        key: The key to be used.
        now: Aware.
        trust_roots: PEM or DER roots that readers trust; the chain is checked when given.

    Raises:
        KeyMaterialError: A trust root cannot be read.
    """
    roots = load_roots(trust_roots)
    (leaf,) = load_certificates(key.certificate_pem)
    problems = [
        *_key_problems(key, leaf),
        *_date_problems(leaf, now),
        *_usage_problems(leaf),
        *_chain_problems(key, leaf, roots, now),
    ]
    return tuple(sorted(problems, key=lambda p: p.severity is not ProblemSeverity.ERROR))


def _error(code: str, message: str, hint: str) -> PreflightProblem:
    return PreflightProblem(severity=ProblemSeverity.ERROR, code=code, message=message, hint=hint)


def _warning(code: str, message: str, hint: str) -> PreflightProblem:
    return PreflightProblem(severity=ProblemSeverity.WARNING, code=code, message=message, hint=hint)


def _key_problems(key: SigningKey, leaf: Certificate) -> Iterator[PreflightProblem]:
    if key.operation.public_key_der() != public_key_der(leaf):
        yield _error(
            "key_mismatch",
            f"the private key does not belong to the certificate of {key.subject}",
            "Name the certificate that was issued for this key.",
        )
    weakness = key_weakness(leaf)
    if weakness:
        yield _error(
            "weak_key",
            f"the signing key is too weak: {weakness}",
            "Ask for a certificate over RSA of 2048 bits or more, or P-256.",
        )
    if key.exposed:
        yield _warning(
            "exposed",
            "the private key lies unencrypted in a file that others may read",
            "Encrypt it, or take the rights away: chmod 600.",
        )


def _date_problems(leaf: Certificate, now: datetime) -> Iterator[PreflightProblem]:
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if now < start:
        yield _error(
            "not_yet_valid",
            f"the signing certificate is valid only from {start:%Y-%m-%d %H:%M} UTC",
            "Check this machine's clock, or wait.",
        )
    elif now > end:
        yield _error(
            "expired",
            f"the signing certificate expired on {end:%Y-%m-%d %H:%M} UTC",
            "Renew it with its certificate authority.",
        )
    elif end - now < RENEWAL_NOTICE:
        yield _warning(
            "expires_soon",
            f"the signing certificate expires in {(end - now).days} days, on {end:%Y-%m-%d}",
            "Renew it with its certificate authority.",
        )


def _usage_problems(leaf: Certificate) -> Iterator[PreflightProblem]:
    code, reason = usage_problem(leaf)
    if code:
        yield _error(
            code,
            f"the signing certificate may not sign documents: {reason}",
            "Ask for a certificate for document signing (digitalSignature or nonRepudiation).",
        )
    if names_revocation(leaf):
        yield _warning(
            "revocation_demanded",
            "the certificate names a CRL or OCSP responder, so readers need a fresh status of it",
            "Give readers the CRL with the report; without it verify cannot decide.",
        )


def _chain_problems(
    key: SigningKey, leaf: Certificate, roots: Sequence[Certificate], now: datetime
) -> Iterator[PreflightProblem]:
    if not roots:
        return
    others = [c for pem in key.chain_pem for c in load_certificates(pem)]
    with quiet_libraries():
        problem = find_path_problem(leaf, others, roots=roots, crls=(), moment=now, mode="none")
    own_dates = not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc
    if problem is None or (own_dates and problem is not PathProblem.FOREIGN):
        return
    if problem is PathProblem.FOREIGN:
        yield _error(
            "foreign_root",
            "the signing certificate's chain does not end in a configured trust root",
            "Add the certificates in between (chain files), or correct the trust roots.",
        )
    else:
        yield _error(
            "bad_chain",
            f"the signing certificate's chain does not hold ({problem.value})",
            "Ask the certificate authority for the current chain.",
        )
