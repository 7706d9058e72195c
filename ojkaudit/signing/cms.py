"""Build the CMS object of a signature, for files (CAdES) and for PDFs (PAdES) alike."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from typing import Any

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.certificates import digest_for, key_weakness, load_certificates, to_der
from ojkaudit.signing.interface import SigningKey
from ojkaudit.signing.quiet import quiet_libraries


def digest_name(key: SigningKey) -> str:
    """Return the digest that goes with the key: `sha256`, `sha384` or `sha512`.

    Raises:
        KeyMaterialError: The key is too weak or of a kind not used.
    """
    (certificate,) = load_certificates(key.certificate_pem)
    weakness = key_weakness(certificate)
    if weakness:
        raise KeyMaterialError(
            f"the signing key cannot be used: {weakness}",
            hint="Ask for a certificate over RSA of 2048 bits or more, or P-256.",
        )
    return digest_for(certificate)


def build_cms(document_digest: bytes, key: SigningKey, *, signing_time: datetime | None) -> bytes:
    """Return a DER detached CMS signature (CAdES B-B) over a document with `document_digest`.

    Signed attributes: content-type, message-digest, signing-certificate-v2 and, when given,
    signing-time (a PDF carries that in its signature dictionary instead, ETSI EN 319 142-1).
    Holds the signer's certificate and those between it and the root, never the root.

    Args:
        document_digest: Digest of the exact bytes, made with `digest_name(key)`.
        key: Who signs.
        signing_time: Aware; None for a PDF.

    Raises:
        KeyMaterialError: The private key does not belong to the certificate, or is too weak.
    """
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    digest = digest_name(key)
    _check_key_belongs(key)
    with quiet_libraries():
        attributes = asyncio.run(
            external_signer(key).signed_attrs(
                document_digest,
                digest,
                attr_settings=PdfCMSSignedAttributes(signing_time=signing_time),
                use_pades=True,
                is_pdf_sig=signing_time is None,
            )
        )
        value = key.operation.sign(attributes.dump(), digest)
        message = asyncio.run(
            external_signer(key, value).async_sign_prescribed_attributes(digest, attributes)
        )
    return bytes(message.dump())


def external_signer(key: SigningKey, value: bytes | None = None) -> Any:
    """Return pyHanko's signer that packs a signature `value` made elsewhere."""
    from asn1crypto import x509
    from pyhanko.sign.signers.pdf_cms import ExternalSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    (leaf,) = load_certificates(key.certificate_pem)
    chain = [c for pem in key.chain_pem for c in load_certificates(pem)]
    # pyHanko leaves out self-signed certificates by their key identifiers alone; a root among the
    # chain is dropped here by name, so that no signature ever carries a root.
    below_root = [c for c in chain if c.subject != c.issuer]
    return ExternalSigner(
        signing_cert=x509.Certificate.load(to_der(leaf)),
        cert_registry=SimpleCertificateStore.from_certs(
            [x509.Certificate.load(to_der(c)) for c in below_root]
        ),
        signature_value=value,
    )


def sign_bytes(data: bytes, key: SigningKey, *, signing_time: datetime) -> bytes:
    """Return a DER detached CAdES B-B signature over exactly `data`.

    Args:
        data: The bytes as they lie on disk.
        key: Who signs.
        signing_time: Aware; recorded as the signer's claim, to the second.

    Raises:
        KeyMaterialError: The private key does not belong to the certificate, or is too weak.
        ValueError: `signing_time` is naive.
    """
    require_aware(signing_time)
    digest = hashlib.new(digest_name(key), data).digest()
    return build_cms(digest, key, signing_time=signing_time.replace(microsecond=0))


def require_aware(signing_time: datetime) -> None:
    """Refuse a time without a zone.

    Raises:
        ValueError: `signing_time` is naive.
    """
    if signing_time.tzinfo is None:
        raise ValueError("the signing time has no time zone")


def _check_key_belongs(key: SigningKey) -> None:
    from ojkaudit.signing.certificates import public_key_der

    (leaf,) = load_certificates(key.certificate_pem)
    if key.operation.public_key_der() != public_key_der(leaf):
        raise KeyMaterialError(
            f"the private key does not belong to the certificate of {key.subject}",
            hint="Name the certificate that was issued for this key.",
        )
