"""Users and their rights, and the reviews by which a user asks for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

Right = tuple[str, str, str]
"""(group, resource, verb); "*" matches anything."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What one user may do."""

    rights: frozenset[Right]
    inverted: bool
    """True: everything but `rights`."""

    @classmethod
    def all(cls) -> Rights:
        return cls(frozenset(), inverted=True)

    @classmethod
    def none(cls) -> Rights:
        return cls(frozenset(), inverted=False)

    @classmethod
    def only(cls, *rights: Right) -> Rights:
        return cls(frozenset(rights), inverted=False)

    @classmethod
    def all_but(cls, *rights: Right) -> Rights:
        return cls(frozenset(rights), inverted=True)

    def allow(self, group: str, resource: str, verb: str) -> bool:
        """True when a request for (group, resource, verb) passes."""
        hit = any(
            g in ("*", group) and r in ("*", resource) and v in ("*", verb)
            for g, r, v in self.rights
        )
        return hit != self.inverted

    @property
    def unlimited(self) -> bool:
        """True when even paths that are no resources (/metrics) are open."""
        return self.inverted and not self.rights


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can authenticate."""

    name: str
    rights: Rights
    token: str

    @property
    def uid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"user:{self.name}"))


def access_review(user: User, body: Mapping[str, object], now: str) -> dict[str, object]:
    """Answer a SelfSubjectAccessReview."""
    spec = body.get("spec")
    attributes = spec.get("resourceAttributes") if isinstance(spec, Mapping) else None
    asked = attributes if isinstance(attributes, Mapping) else {}
    allowed = user.rights.allow(
        str(asked.get("group", "")), str(asked.get("resource", "")), str(asked.get("verb", ""))
    )
    status: dict[str, object] = {"allowed": allowed}
    if allowed:
        status["reason"] = (
            f'RBAC: allowed by ClusterRoleBinding "{user.name}" of ClusterRole "{user.name}"'
            f' to User "{user.name}"'
        )
    fields = {".": {}} | {f"f:{key}": {} for key in sorted(asked)}
    manager = {
        "manager": "unknown",
        "operation": "Update",
        "apiVersion": "authorization.k8s.io/v1",
        "time": now,
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {"f:resourceAttributes": fields}},
    }
    return {
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {"managedFields": [manager]},
        "spec": spec,
        "status": status,
    }


def subject_review(user: User, now: str) -> dict[str, object]:
    """Answer a SelfSubjectReview."""
    info = {"username": user.name, "uid": user.uid, "groups": ["system:authenticated"]}
    return {
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"creationTimestamp": now},
        "status": {"userInfo": info},
    }
