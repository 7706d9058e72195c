"""Build and validate a certificate path to a given root, at one moment, without the network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from ojkaudit.signing.certificates import to_der

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

RevocationMode = Literal["none", "hard-fail"]
"""Names of pyHanko's policies: no check; or checked wherever a certificate names CRL or OCSP."""


class PathProblem(StrEnum):
    """Why no path holds."""

    FOREIGN = "foreign"
    """No path leads to a given root."""
    BROKEN = "broken"
    """A signature, constraint, algorithm or start date is wrong."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"


def find_path_problem(
    certificate: Certificate,
    others: Sequence[Certificate],
    *,
    roots: Sequence[Certificate],
    crls: Sequence[bytes],
    moment: datetime,
    mode: RevocationMode,
) -> PathProblem | None:
    """Return why no path from `certificate` to one of `roots` holds at `moment`; None if one does.

    Args:
        certificate: The signer's.
        others: What the path may lead through; never trusted by itself.
        roots: Where it must end.
        crls: DER or PEM; used with `hard-fail`.
        moment: Aware.
        mode: Whether revocation counts.
    """
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    context = ValidationContext(
        trust_roots=[_parsed(root) for root in roots],
        other_certs=[_parsed(other) for other in others],
        moment=moment,
        crls=list(crls),
        ocsps=[],
        revocation_mode=mode,
        allow_fetching=False,
    )
    validator = CertificateValidator(_parsed(certificate), validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError) as error:
        return _classify(error)
    return _anchor_problem(path, moment)


def _parsed(certificate: Certificate) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(to_der(certificate))


def _classify(error: object) -> PathProblem:
    from pyhanko_certvalidator import errors

    match error:
        case errors.ExpiredError():
            return PathProblem.EXPIRED
        case errors.RevokedError():
            return PathProblem.REVOKED
        case errors.InsufficientRevinfoError():
            return PathProblem.REVOCATION_UNKNOWN
        # A self-signed certificate that is no root is reported as an invalid certificate.
        case errors.PathBuildingError() | errors.InvalidCertificateError():
            return PathProblem.FOREIGN
        case _:
            return PathProblem.BROKEN


def _anchor_problem(path: Any, moment: datetime) -> PathProblem | None:
    # RFC 5280 leaves the root's own dates to the verifier, and the library ignores them.
    root = path.first
    if moment < root.not_valid_before:
        return PathProblem.BROKEN
    if moment > root.not_valid_after:
        return PathProblem.EXPIRED
    return None
