"""Make a throw-away key for demonstrations; nobody but its own root vouches for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.certificates import to_pem
from ojkaudit.signing.interface import DemoKey
from ojkaudit.signing.key_files import make_signing_key

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, Name

LIFETIME = timedelta(days=365)
"""Long enough to show a demonstration report to somebody months later."""

CLOCK_SKEW = timedelta(hours=1)
"""The certificate starts this much earlier, for a verifier whose clock is behind."""

MAX_COMMON_NAME = 64
"""ub-common-name of RFC 5280, appendix A."""

ROOT_NAME = "ojkaudit demonstration root - not for production"


def make_demo_key(*, now: datetime, common_name: str) -> DemoKey:
    """Return a new RSA-2048 key certified by a new root, whose private key is forgotten at once.

    The signer's certificate names no CRL and no OCSP responder.

    Args:
        now: Aware; the certificates are valid from an hour before it, for a year.
        common_name: Name of the signer, 1 to 64 characters.

    Raises:
        KeyMaterialError: `common_name` is empty or too long.
        ValueError: `now` is naive.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if now.tzinfo is None:
        raise ValueError("the time has no time zone")
    if not 0 < len(common_name) <= MAX_COMMON_NAME:
        raise KeyMaterialError(
            f"the signer's name has {len(common_name)} characters",
            hint=f"Give a name of 1 to {MAX_COMMON_NAME} characters.",
        )
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    leaf_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    root_name = _name(ROOT_NAME)
    root = (
        _builder(root_name, root_name, root_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, SHA256())
    )
    leaf = (
        _builder(_name(common_name), root_name, leaf_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(_document_purposes(), critical=False)
        .add_extension(_authority_key(root), critical=False)
        .sign(root_key, SHA256())
    )
    return DemoKey(key=make_signing_key(leaf_key, leaf, [root]), root_pem=to_pem(root))


def _name(common_name: str) -> Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: Name, issuer: Name, key: RSAPrivateKey, now: datetime) -> CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _document_purposes() -> x509.ExtendedKeyUsage:
    from cryptography import x509

    # emailProtection as well: poppler's pdfsig trusts no signer without it.
    oids = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36")
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])


def _authority_key(root: Certificate) -> x509.AuthorityKeyIdentifier:
    from cryptography import x509

    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
