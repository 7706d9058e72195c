"""Decide whether a certificate may be trusted: chain, dates, purpose, revocation.

Numbered as `judge_certificate` goes through them:

1. The signing time lies within the certificate's dates and not in the future.
2. The certificate may sign documents (keyUsage, extended key usage) and its key is strong enough.
3. Without a root nothing more can be said: undecided.
4. A path leads to a given root and holds at the signing time (RFC 5280, section 6).
5. The path still holds now. One that has expired cannot be told from one that was expired when
   it was used, as long as nothing but the signer's own clock tells the time: undecided.
6. Where a certificate of the path names a CRL or an OCSP responder, revocation is checked with the
   CRLs at hand: revoked is a no, no fresh answer is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ojkaudit.model.text import Text
from ojkaudit.signing.certificates import key_weakness, to_der, usage_problem
from ojkaudit.signing.path import PathProblem, RevocationMode, find_path_problem
from ojkaudit.signing.quiet import quiet_libraries
from ojkaudit.signing.report import StepStatus

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the signer's clock may be ahead of the verifier's."""

_MAY_SIGN = frozenset(
    {
        "basic_constraints",
        "certificate_policies",
        "extended_key_usage",
        "key_usage",
        "subject_alt_name",
        "1.3.6.1.5.5.7.1.3",
        "qc_statements",
    }
)
"""Critical extensions of a signer's certificate that are understood here; RFC 5280, 4.2 demands
that any other is refused. (1.3.6.1.5.5.7.1.3 is qcStatements.)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustVerdict:
    """Whether a signer is trusted, and why."""

    status: StepStatus
    code: str
    detail: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPolicy:
    """What the verifier brings along; nothing of it comes from the run folder."""

    roots: tuple[Certificate, ...]
    crls: tuple[bytes, ...]
    """DER or PEM."""
    now: datetime


def judge_certificate(
    certificate: Certificate,
    others: Sequence[Certificate],
    *,
    signing_time: datetime,
    policy: TrustPolicy,
) -> TrustVerdict:
    """Return whether `certificate` may be trusted for a signature claimed at `signing_time`.

    Args:
        certificate: The signer's.
        others: Certificates sent along with the signature; used to build a path, never as roots.
        signing_time: As claimed by the signer; aware.
        policy: Roots, CRLs and the time now.
    """
    early = _check_dates(certificate, signing_time, policy.now) or _check_purpose(certificate)
    if early is not None:
        return early
    if not policy.roots:
        return _undecided(
            "no_root",
            "utuh, tetapi tidak ada sertifikat akar tepercaya yang diberikan",
            "intact, but no trusted root certificate was given",
        )
    with quiet_libraries():
        return _check_paths(certificate, others, signing_time, policy)


def _check_dates(
    certificate: Certificate, signing_time: datetime, now: datetime
) -> TrustVerdict | None:
    if signing_time > now + CLOCK_TOLERANCE:
        return _failed(
            "signed_in_future",
            f"waktu tanda tangan {signing_time:%Y-%m-%d %H:%M} UTC belum terjadi",
            f"the signing time {signing_time:%Y-%m-%d %H:%M} UTC lies in the future",
        )
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= signing_time <= end:
        return _failed(
            "signed_outside_validity",
            f"ditandatangani di luar masa berlaku sertifikat ({start:%Y-%m-%d} - {end:%Y-%m-%d})",
            f"signed outside the certificate's validity ({start:%Y-%m-%d} - {end:%Y-%m-%d})",
        )
    return None


def _check_purpose(certificate: Certificate) -> TrustVerdict | None:
    code, reason = usage_problem(certificate)
    if not code:
        reason = key_weakness(certificate)
        code = "weak_key" if reason else ""
    if not code:
        unknown = _unknown_critical(certificate)
        reason = f"it has critical extensions not understood here: {unknown}"
        code = "critical_extension" if unknown else ""
    if not code:
        return None
    return _failed(
        code,
        f"sertifikat tidak boleh dipakai menandatangani dokumen: {reason}",
        f"the certificate may not sign documents: {reason}",
    )


def _unknown_critical(certificate: Certificate) -> str:
    from asn1crypto import x509

    parsed = x509.Certificate.load(to_der(certificate))
    return ", ".join(sorted(set(parsed.critical_extensions) - _MAY_SIGN))


def _check_paths(
    certificate: Certificate,
    others: Sequence[Certificate],
    signing_time: datetime,
    policy: TrustPolicy,
) -> TrustVerdict:
    def problem(moment: datetime, mode: RevocationMode) -> PathProblem | None:
        return find_path_problem(
            certificate, others, roots=policy.roots, crls=policy.crls, moment=moment, mode=mode
        )

    then = problem(signing_time, "none")
    if then is not None:
        return _failed(*_FAILURES[then]) if then in _FAILURES else _failed(*_BROKEN)
    now = problem(policy.now, "none") or problem(policy.now, "hard-fail")
    if now is None:
        return TrustVerdict(
            status=StepStatus.OK,
            code="trusted",
            detail=Text(
                id="rantai sertifikat berujung pada akar tepercaya yang diberikan",
                en="the certificate chain ends in a given root",
            ),
        )
    if now in _DOUBTS:
        return _undecided(*_DOUBTS[now])
    return _failed(*_FAILURES.get(now, _BROKEN))


_BROKEN = (
    "bad_chain",
    "rantai sertifikat tidak sah pada waktu tanda tangan",
    "the certificate chain does not hold at the signing time",
)

_FAILURES = {
    PathProblem.FOREIGN: (
        "foreign_root",
        "rantai sertifikat tidak berujung pada akar tepercaya yang diberikan",
        "the certificate chain does not end in a given root",
    ),
    PathProblem.REVOKED: (
        "revoked",
        "sertifikat dalam rantai telah dicabut",
        "a certificate of the chain has been revoked",
    ),
}

_DOUBTS = {
    PathProblem.EXPIRED: (
        "expired",
        "sertifikat dalam rantai telah kedaluwarsa dan waktu tanda tangan tidak terbukti",
        "a certificate of the chain has expired and nothing proves the signing time",
    ),
    PathProblem.REVOCATION_UNKNOWN: (
        "revocation_unknown",
        "sertifikat menunjuk CRL atau OCSP, tetapi status pencabutannya tidak dapat diperiksa",
        "a certificate names a CRL or OCSP responder and no fresh status is at hand",
    ),
}


def _failed(code: str, id_: str, en: str) -> TrustVerdict:
    return TrustVerdict(status=StepStatus.FAILED, code=code, detail=Text(id=id_, en=en))


def _undecided(code: str, id_: str, en: str) -> TrustVerdict:
    return TrustVerdict(status=StepStatus.UNDECIDED, code=code, detail=Text(id=id_, en=en))
