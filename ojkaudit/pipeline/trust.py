"""Root certificates that the verifier trusts; never those of the folder being verified."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ojkaudit.errors import ConfigurationError


def read_roots(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """Return the PEM bytes of the given root certificates.

    Raises:
        ConfigurationError: A file cannot be read or holds no PEM certificate.
    """
    roots = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from error
        if b"-----BEGIN CERTIFICATE-----" not in data:
            raise ConfigurationError(
                f"{path}: holds no PEM certificate",
                hint="Convert it: openssl x509 -inform der -in root.cer -out root.pem",
            )
        roots.append(data)
    return tuple(roots)
