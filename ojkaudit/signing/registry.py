"""Which key sources exist; listing them imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.interface import KeySettings, KeySource


def _pem(settings: KeySettings) -> KeySource:
    from ojkaudit.signing.pem import PemKeySource

    return PemKeySource(settings)


def _pkcs12(settings: KeySettings) -> KeySource:
    from ojkaudit.signing.pkcs12 import Pkcs12KeySource

    return Pkcs12KeySource(settings)


KEY_SOURCES: Mapping[str, Callable[[KeySettings], KeySource]] = {
    "pem": _pem,
    "pkcs12": _pkcs12,
}
"""Name → factory, alphabetical."""


def open_key_source(settings: KeySettings) -> KeySource:
    """Return the key source that `settings.kind` names; nothing is read yet.

    Raises:
        KeyMaterialError: No key source has that name.
    """
    factory = KEY_SOURCES.get(settings.kind)
    if factory is None:
        raise KeyMaterialError(
            f"no key source is called '{settings.kind}'",
            hint=f"Use one of: {', '.join(KEY_SOURCES)}.",
        )
    return factory(settings)
