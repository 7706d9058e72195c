"""A private key held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.hazmat.primitives.hashes import HashAlgorithm


class SoftwareKey:
    """Signs with a key that was read from a file; the key itself never leaves the object."""

    __slots__ = ("_key",)

    def __init__(self, key: PrivateKeyTypes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
            raise KeyMaterialError(
                "the private key is neither RSA nor an elliptic curve",
                hint="Ask the certificate authority for an RSA or P-256/P-384 certificate.",
            )
        self._key = key

    def __repr__(self) -> str:
        """Return the kind of object, nothing of the key."""
        return "SoftwareKey(***)"

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature of `data`: RSA PKCS#1 v1.5, or ECDSA in DER."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        algorithm = _hash(digest)
        if isinstance(self._key, EllipticCurvePrivateKey):
            return self._key.sign(data, ECDSA(algorithm))
        return self._key.sign(data, PKCS1v15(), algorithm)

    def public_key_der(self) -> bytes:
        """Return the public half as DER `SubjectPublicKeyInfo`."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _hash(name: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

    known: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}
    return known[name]
