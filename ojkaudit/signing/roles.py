"""Who signs a report: one row a role; the verifier's policy says which roles are required."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ojkaudit.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One signer of `report.pdf`."""

    name: str
    field: str
    """Name of the signature field in the PDF."""
    certifies: bool
    """True for the first signature, which certifies the document (DocMDP)."""
    label: Text
    """Read out by screen readers."""


SEAL = Role(
    name="seal",
    field="OJKAuditSeal",
    certifies=True,
    label=Text(id="Segel elektronik lembaga", en="Electronic seal of the institution"),
)

ROLES: Mapping[str, Role] = {role.name: role for role in (SEAL,)}
"""Name → role, in signing order."""


def role_of_field(field: str) -> Role | None:
    """Return the role whose signature field is called `field`."""
    return next((role for role in ROLES.values() if role.field == field), None)
