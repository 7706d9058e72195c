"""Key source: a PKCS#12 file, the form in which Indonesian certificate authorities deliver keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.interface import KeySettings, SigningKey
from ojkaudit.signing.key_files import make_signing_key, read_chain, read_key_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

    Content = tuple[PrivateKeyTypes | None, Certificate | None, list[Certificate]]


class Pkcs12KeySource:
    """Reads a PKCS#12 file (`.p12`, `.pfx`)."""

    def __init__(self, settings: KeySettings) -> None:
        self._settings = settings

    def load(self) -> SigningKey:
        """Return the key.

        Raises:
            KeyMaterialError: The file is missing or unreadable, the passphrase does not open it,
                or it lacks the key or its certificate.
        """
        settings = self._settings
        private_key, certificate, others = self._open(read_key_file(settings.path, "PKCS#12 file"))
        if private_key is None or certificate is None:
            lacking = "private key" if private_key is None else "certificate of its key"
            raise KeyMaterialError(
                f"PKCS#12 file {settings.path} holds no {lacking}",
                hint="Export key and certificate together: openssl pkcs12 -export -inkey … -in …",
            )
        return make_signing_key(
            private_key, certificate, [*others, *read_chain(settings.chain_paths)]
        )

    def _open(self, data: bytes) -> Content:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

        path, secret = self._settings.path, self._settings.passphrase
        password = secret.reveal().encode() if secret is not None else None
        try:
            return load_key_and_certificates(data, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            given = "the passphrase is wrong" if password is not None else "no passphrase was given"
            raise KeyMaterialError(
                f"PKCS#12 file {path} cannot be opened: {given}, or it is no PKCS#12 file",
                hint=f"Try: openssl pkcs12 -in {path.name} -noout",
            ) from None
