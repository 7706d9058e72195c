"""Key source: a private key and its certificate in PEM files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.certificates import load_certificates
from ojkaudit.signing.interface import KeySettings, SigningKey
from ojkaudit.signing.key_files import (
    belongs_to,
    is_open_to_others,
    make_signing_key,
    read_chain,
    read_key_file,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate


class PemKeySource:
    """Reads a PEM private key, encrypted or not, and PEM certificates."""

    def __init__(self, settings: KeySettings) -> None:
        self._settings = settings

    def load(self) -> SigningKey:
        """Return the key.

        Raises:
            KeyMaterialError: A file is missing or unreadable, the passphrase does not open it, or
                it holds no key or no certificate.
        """
        settings = self._settings
        data = read_key_file(settings.path, "private key file")
        private_key = self._private_key(data)
        in_key_file = load_certificates(data)
        separate = settings.certificate_path
        found = read_chain((separate,)) if separate is not None else in_key_file
        if not found:
            raise KeyMaterialError(
                f"private key file {settings.path} holds no certificate",
                hint="Name the certificate's file too, or append the certificate to the key file.",
            )
        certificate = _own(private_key, found)
        rest = [c for c in (*found, *in_key_file) if c is not certificate]
        return make_signing_key(
            private_key,
            certificate,
            [*rest, *read_chain(settings.chain_paths)],
            exposed=settings.passphrase is None and is_open_to_others(settings.path),
        )

    def _private_key(self, data: bytes) -> PrivateKeyTypes:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        path, secret = self._settings.path, self._settings.passphrase
        password = secret.reveal().encode() if secret is not None else None
        try:
            return load_pem_private_key(data, password)
        except TypeError:
            # The library tells only in this way that key and passphrase do not go together.
            if password is None:
                message, hint = "is encrypted and no passphrase was given", "Give its passphrase."
            else:
                message = "is not encrypted, yet a passphrase was given"
                hint = "Encrypt the key (openssl pkey -aes256) or drop the passphrase."
        except (ValueError, UnsupportedAlgorithm):
            message = "cannot be opened: the passphrase is wrong or it holds no private key"
            hint = f"Try: openssl pkey -in {path.name} -noout"
        raise KeyMaterialError(f"private key file {path} {message}", hint=hint)


def _own(private_key: PrivateKeyTypes, found: list[Certificate]) -> Certificate:
    # Bundles come in either order; the signer's certificate is the one that fits the key. Where
    # none fits, the first is kept and the preflight says that it does not.
    return next((c for c in found if belongs_to(private_key, c)), found[0])
