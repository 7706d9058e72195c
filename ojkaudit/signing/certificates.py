"""Read X.509 certificates and answer the questions asked of them before anything is trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MIN_RSA_BITS = 2048
"""NIST SP 800-131A and ETSI TS 119 312 accept nothing shorter for new signatures."""

ACCEPTED_CURVES = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
"""Curve → the digest of matching strength."""

DOCUMENT_PURPOSES = {
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.36": "documentSigning",
    "1.2.840.113583.1.1.5": "Adobe authentic documents",
    "1.3.6.1.4.1.311.10.3.12": "Microsoft document signing",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}
"""Extended key usages under which a document may be signed: OID → name."""

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def load_certificates(data: bytes) -> list[Certificate]:
    """Return the certificates in `data`: one DER, or any number of PEM blocks.

    Raises:
        KeyMaterialError: A block is no certificate.
    """
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

    blocks = _PEM.findall(data)
    try:
        if blocks:
            return [load_pem_x509_certificate(block) for block in blocks]
        if data.startswith(b"\x30"):
            return [load_der_x509_certificate(data)]
    except ValueError:
        raise KeyMaterialError(
            "a certificate cannot be read",
            hint="Give X.509 certificates as PEM or DER.",
        ) from None
    return []


def load_roots(trust_roots: Sequence[bytes]) -> list[Certificate]:
    """Return the certificates a verifier trusts.

    Raises:
        KeyMaterialError: An entry holds no readable certificate.
    """
    roots: list[Certificate] = []
    for data in trust_roots:
        found = load_certificates(data)
        if not found:
            raise KeyMaterialError(
                "a trust root holds no certificate",
                hint="Give root certificates as PEM or DER files.",
            )
        roots.extend(found)
    return roots


def load_crls(crls: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return certificate revocation lists, PEM or DER, as DER.

    Raises:
        KeyMaterialError: An entry is no CRL.
    """
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_der_x509_crl, load_pem_x509_crl

    loaded: list[bytes] = []
    for data in crls:
        load = load_pem_x509_crl if data.lstrip().startswith(b"-----") else load_der_x509_crl
        try:
            crl = load(data)
        except ValueError:
            raise KeyMaterialError(
                "a certificate revocation list cannot be read",
                hint="Give CRLs as PEM or DER files.",
            ) from None
        loaded.append(crl.public_bytes(Encoding.DER))
    return tuple(loaded)


def one_line(text: str) -> str:
    """Return `text` without line breaks and control characters.

    Names in a certificate are chosen by whoever made it; one with a line break or a terminal
    escape could write into a guide or onto a screen what it likes.
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def name_of(certificate: Certificate) -> str:
    """Return the subject as one line in RFC 4514 form."""
    return one_line(certificate.subject.rfc4514_string())


def to_pem(certificate: Certificate) -> bytes:
    """Return `certificate` as PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def to_der(certificate: Certificate) -> bytes:
    """Return `certificate` as DER."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def fingerprint(certificate: Certificate) -> str:
    """Return the SHA-256 of the DER certificate as 64 lower-case hex digits."""
    return hashlib.sha256(to_der(certificate)).hexdigest()


def public_key_der(certificate: Certificate) -> bytes:
    """Return the certified public key as DER `SubjectPublicKeyInfo`."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_weakness(certificate: Certificate) -> str:
    """Return why the certified key is too weak or of a kind not used; empty when it is fine."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    key = certificate.public_key()
    if isinstance(key, RSAPublicKey):
        short = key.key_size < MIN_RSA_BITS
        return f"RSA key of {key.key_size} bits, under {MIN_RSA_BITS}" if short else ""
    if isinstance(key, EllipticCurvePublicKey):
        known = key.curve.name in ACCEPTED_CURVES
        return "" if known else f"curve {key.curve.name} is not P-256, P-384 or P-521"
    return f"{type(key).__name__.lstrip('_')} is neither RSA nor an elliptic curve P-256 or above"


def digest_for(certificate: Certificate) -> str:
    """Return the digest to sign with: of the strength of the curve, SHA-256 for RSA."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    key = certificate.public_key()
    if isinstance(key, EllipticCurvePublicKey):
        return ACCEPTED_CURVES.get(key.curve.name, "sha256")
    return "sha256"


def usage_problem(certificate: Certificate) -> tuple[str, str]:
    """Return code and reason why `certificate` may not sign documents; two empty strings if it may.

    RFC 5280, 4.2.1.3 and 4.2.1.12: digitalSignature or nonRepudiation (contentCommitment) must be
    asserted; an extended key usage, where there is one, must allow documents.
    """
    from cryptography.x509 import (
        BasicConstraints,
        ExtendedKeyUsage,
        Extension,
        ExtensionNotFound,
        ExtensionType,
        KeyUsage,
    )

    def find(kind: type[ExtensionType]) -> Extension[ExtensionType] | None:
        try:
            return certificate.extensions.get_extension_for_class(kind)
        except ExtensionNotFound:
            return None

    constraints = find(BasicConstraints)
    if constraints and isinstance(constraints.value, BasicConstraints) and constraints.value.ca:
        return "is_authority", "it is the certificate of an authority, not of a signer"
    usage = find(KeyUsage)
    if usage is None or not isinstance(usage.value, KeyUsage):
        return "key_usage", "it has no keyUsage"
    if not (usage.value.digital_signature or usage.value.content_commitment):
        return "key_usage", "its keyUsage has neither digitalSignature nor nonRepudiation"
    extended = find(ExtendedKeyUsage)
    if extended is not None and isinstance(extended.value, ExtendedKeyUsage):
        purposes = {oid.dotted_string for oid in extended.value}
        if not purposes & set(DOCUMENT_PURPOSES):
            return "extended_key_usage", "its extended key usage does not allow signing documents"
    return "", ""


def names_revocation(certificate: Certificate) -> bool:
    """Return whether `certificate` names a CRL or an OCSP responder."""
    from cryptography.x509 import AuthorityInformationAccess, CRLDistributionPoints
    from cryptography.x509.oid import AuthorityInformationAccessOID

    for extension in certificate.extensions:
        if isinstance(extension.value, CRLDistributionPoints):
            return True
        if isinstance(extension.value, AuthorityInformationAccess) and any(
            entry.access_method == AuthorityInformationAccessOID.OCSP for entry in extension.value
        ):
            return True
    return False


def issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether `issuer` signed `certificate`."""
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
