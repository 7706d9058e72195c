"""Parameters in force: the catalog's values, overridden by the profile, in the types they declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ojkaudit.errors import ContentError
from ojkaudit.model.catalog import Catalog, Parameter, ParameterValue, Profile
from ojkaudit.model.outcome import ParameterOrigin

EVIDENCE_MAX_AGE_HOURS = "evidence_max_age_hours"
DEFAULT_EVIDENCE_MAX_AGE_HOURS = 24
"""Used where the catalog has no such parameter; ADR 0004."""
ATTESTATION_WARN_DAYS = "attestation_warn_days"
DEFAULT_WARN_DAYS = 60
"""Days before its last day from which a certificate or waiver is `expiring`; ADR 0004."""


def effective(catalog: Catalog, profile: Profile) -> tuple[Parameter, ...]:
    """Return every parameter with the value in force, by name.

    Raises:
        ContentError: The profile overrides a parameter the catalog does not have, or a value is
            not of the declared type.
    """
    overrides = {override.name: override for override in profile.parameters}
    unknown = sorted(set(overrides) - {parameter.name for parameter in catalog.parameters})
    if unknown:
        raise ContentError(f"profile {profile.id} overrides '{unknown[0]}', which no parameter is")
    result = []
    for parameter in sorted(catalog.parameters, key=lambda p: p.name):
        override = overrides.get(parameter.name)
        if override is not None:
            parameter = replace(
                parameter,
                value=override.value,
                origin=ParameterOrigin.PROFILE,
                citation=override.rationale,
            )
        result.append(replace(parameter, value=_typed(parameter)))
    return tuple(result)


def variables(parameters: tuple[Parameter, ...]) -> Mapping[str, object]:
    """Return what expressions see as `params`: lists as lists, doubles as doubles."""
    return {p.name: list(p.value) if isinstance(p.value, tuple) else p.value for p in parameters}


def whole(values: Mapping[str, object], name: str, default: int) -> int:
    """Return an integer parameter, or the default when the catalog has none of that name."""
    value = values.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _typed(parameter: Parameter) -> ParameterValue:
    value = parameter.value
    match parameter.type:
        case "double" if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case "int" if type(value) is int:
            return value
        case "bool" if isinstance(value, bool):
            return value
        case "string" if isinstance(value, str):
            return value
        case "list(string)" if isinstance(value, tuple) and _all(value, str):
            return value
        case "list(int)" if isinstance(value, tuple) and _all(value, int):
            return value
        case "list(double)" if isinstance(value, tuple):
            return tuple(float(item) for item in value)
    raise ContentError(f"parameter {parameter.name} is not of its type {parameter.type}")


def _all(values: tuple[object, ...], kind: type) -> bool:
    return all(type(item) is kind for item in values)
