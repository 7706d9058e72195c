"""Read key and certificate files, and make a `SigningKey` of what they hold."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.certificates import (
    fingerprint,
    issued_by,
    load_certificates,
    name_of,
    one_line,
    public_key_der,
    to_pem,
)
from ojkaudit.signing.interface import SigningKey
from ojkaudit.signing.software_key import SoftwareKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

MAX_KEY_FILE_BYTES = 1024 * 1024
"""No key or certificate chain comes near it; it keeps a wrong path from filling the memory."""


def read_key_file(path: Path, what: str) -> bytes:
    """Return the bytes of `path`.

    Args:
        path: The file.
        what: How to call it in an error, for example `PKCS#12 file`.

    Raises:
        KeyMaterialError: It is missing, no file, too large or unreadable.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_KEY_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KeyMaterialError(
            f"{what} {path} cannot be read: {reason}",
            hint="Check the path and that the user running ojkaudit may read the file.",
        ) from None
    if len(data) > MAX_KEY_FILE_BYTES:
        raise KeyMaterialError(
            f"{what} {path} is larger than {MAX_KEY_FILE_BYTES} bytes",
            hint="This is no key file; check the path.",
        )
    return data


def is_open_to_others(path: Path) -> bool:
    """Return whether group or others may read `path`."""
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def read_chain(paths: Sequence[Path]) -> list[Certificate]:
    """Return every certificate in the files `paths`.

    Raises:
        KeyMaterialError: A file cannot be read or holds no certificate.
    """
    chain: list[Certificate] = []
    for path in paths:
        found = load_certificates(read_key_file(path, "certificate file"))
        if not found:
            raise KeyMaterialError(
                f"certificate file {path} holds no certificate",
                hint="Give a PEM or DER file of X.509 certificates.",
            )
        chain.extend(found)
    return chain


def make_signing_key(
    private_key: PrivateKeyTypes,
    certificate: Certificate,
    others: Sequence[Certificate],
    *,
    exposed: bool = False,
) -> SigningKey:
    """Return the key, its chain put in order from the issuer upwards.

    Raises:
        KeyMaterialError: The private key is neither RSA nor an elliptic curve.
    """
    return SigningKey(
        certificate_pem=to_pem(certificate),
        subject=name_of(certificate),
        issuer=one_line(certificate.issuer.rfc4514_string()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        fingerprint_sha256=fingerprint(certificate),
        chain_pem=tuple(to_pem(c) for c in _in_order(certificate, others)),
        operation=SoftwareKey(private_key),
        exposed=exposed,
    )


def belongs_to(private_key: PrivateKeyTypes, certificate: Certificate) -> bool:
    """Return whether `certificate` certifies the public half of `private_key`."""
    return SoftwareKey(private_key).public_key_der() == public_key_der(certificate)


def _in_order(certificate: Certificate, others: Sequence[Certificate]) -> list[Certificate]:
    ordered: list[Certificate] = []
    current = certificate
    while current.issuer != current.subject:
        above = next((c for c in others if issued_by(current, c) and c not in ordered), None)
        if above is None:
            break
        ordered.append(above)
        current = above
    return ordered
