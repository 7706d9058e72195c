"""What a key source is, what it is opened with, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, Protocol


class Secret:
    """A passphrase that shows itself only when asked."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the passphrase."""
        return self._value

    def __repr__(self) -> str:
        """Return `***`."""
        return "***"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a pickle would hold the passphrase in the clear."""
        raise TypeError("a secret is not written anywhere")

    def __deepcopy__(self, _memo: object) -> Secret:
        """Return the object itself, so that `dataclasses.asdict` need not pickle it."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySettings:
    """Where the key lies."""

    kind: str
    """Name of a key source in the registry: `pem` or `pkcs12`."""
    path: Path
    """The PKCS#12 file, or the PEM file that holds the private key."""
    certificate_path: Path | None = None
    """PEM only: the certificate, when it is not in the file of the key."""
    chain_paths: tuple[Path, ...] = ()
    """PEM files of the certificates between the signer's and the root."""
    passphrase: Secret | None = None


class PrivateOperation(Protocol):
    """The one thing asked of a private key; it may live in a file, a token or a remote service."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature of `data` under `digest` (`sha256`, `sha384` or `sha512`).

        RSA signs with PKCS#1 v1.5, elliptic curves with ECDSA in DER.
        """

    def public_key_der(self) -> bytes:
        """Return the public half as DER `SubjectPublicKeyInfo`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A certificate and the means to sign under it."""

    certificate_pem: bytes = field(repr=False)
    subject: str
    """RFC 4514 name of the signer."""
    issuer: str
    """RFC 4514 name of who issued the certificate."""
    not_before: datetime
    not_after: datetime
    fingerprint_sha256: str
    """Of the DER certificate: 64 lower-case hex digits."""
    chain_pem: tuple[bytes, ...] = field(repr=False)
    """The issuer's certificate first, then its issuer's, and so on; may be empty."""
    operation: PrivateOperation = field(repr=False, compare=False)
    exposed: bool = False
    """True when the private key lies unencrypted in a file that others may read."""


class KeySource(Protocol):
    """Where a signing key comes from."""

    def load(self) -> SigningKey:
        """Return the key.

        Raises:
            KeyMaterialError: The file is missing, unreadable, in another format or encrypted with
                another passphrase.
        """


class ProblemSeverity(StrEnum):
    """Whether signing may go on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightProblem:
    """One thing that is or will be wrong with a signing key."""

    severity: ProblemSeverity
    code: str
    """Stable word, for example `expires_soon`."""
    message: str
    """One line, without secrets."""
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKey:
    """A throw-away signing key and the root it was issued under."""

    key: SigningKey
    root_pem: bytes
