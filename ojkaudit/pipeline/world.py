"""What the use cases may know of the outside world; the command line fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ojkaudit.errors import ConfigurationError
from ojkaudit.model.config import SecretRef


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Clock, secrets and progress, handed in as values."""

    clock: Callable[[], datetime]
    """Time now, aware, UTC."""
    read_secret: Callable[[SecretRef], str]
    """Raises ConfigurationError naming the reference, never the value."""
    collecting: Callable[[str, str, int], None]
    """Target, kind, resources so far."""
    judging: Callable[[str, int, int], None]
    """Rule, rules done, rules in all."""
    stage: Callable[[str], None]
    """Name of the step that begins: `collect`, `judge`, `render`, `seal`."""


def secret_reader(environment: Mapping[str, str]) -> Callable[[SecretRef], str]:
    """Return a function that resolves references in `environment` and in files."""

    def read(reference: SecretRef) -> str:
        if reference.file is not None:
            return _from_file(reference)
        value = environment.get(reference.env, "")
        if not value:
            raise ConfigurationError(
                f"the environment variable {reference.env} is not set",
                hint=f"export {reference.env}=... before running, or use a *_file reference",
            )
        return value

    return read


def _from_file(reference: SecretRef) -> str:
    assert reference.file is not None  # noqa: S101 - the caller has looked
    try:
        text = reference.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the secret file {reference.file} cannot be read ({type(error).__name__})",
            hint="Check its path and permissions.",
        ) from error
    value = text.removesuffix("\n").removesuffix("\r")
    if not value:
        raise ConfigurationError(f"the secret file {reference.file} is empty")
    return value
