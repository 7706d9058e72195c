"""The names of kinds, and the outcome of trying to read one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ojkaudit.model.outcome import CoverageStatus

FAMILY = "kubernetes"

_KIND = re.compile(
    r"kubernetes/(?:(?P<group>[a-z0-9]+(?:[.-][a-z0-9]+)*)/)?(?P<version>v\d+(?:(?:alpha|beta)\d+)?)/(?P<kind>[A-Za-z]\w*)"
)

METADATA_ONLY = frozenset({("", "Secret")})
"""Read only when the configuration allows it, and even then without any value."""
NEVER_READ = frozenset(
    {
        ("oauth.openshift.io", "OAuthAccessToken"),
        ("oauth.openshift.io", "OAuthAuthorizeToken"),
        ("oauth.openshift.io", "UserOAuthAccessToken"),
    }
)
"""Objects that are sessions: even their names can stand for a login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedKind:
    """A kind a rule asks for."""

    ident: str
    """As rules write it: `kubernetes/apps/v1/Deployment`, core without a group."""
    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """Return the apiVersion of its objects."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def is_secret(self) -> bool:
        """Return whether it holds values that are not to be read."""
        return (self.group, self.kind) in METADATA_ONLY

    @property
    def is_session(self) -> bool:
        """Return whether it is never read, whatever the configuration says."""
        return (self.group, self.kind) in NEVER_READ


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedKind:
    """A wanted kind with the path under which the server lists it."""

    wanted: WantedKind
    plural: str
    namespaced: bool

    @property
    def path(self) -> str:
        """Return the path of the list over the whole cluster."""
        return f"{base_path(self.wanted.group, self.wanted.version)}/{self.plural}"

    @property
    def right(self) -> str:
        """Return the right that reading it takes, in words."""
        return list_right(self.wanted.group, self.plural)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """How reading ended; the part of a Coverage that the cluster decides."""

    status: CoverageStatus
    http_status: int = 0
    detail: str = ""
    missing_right: str = ""


def parse_kind(ident: str) -> WantedKind | None:
    """Return the parts of `kubernetes/<group>/<version>/<Kind>`; None when it is not one."""
    match = _KIND.fullmatch(ident)
    if match is None:
        return None
    return WantedKind(
        ident=ident, group=match["group"] or "", version=match["version"], kind=match["kind"]
    )


def base_path(group: str, version: str) -> str:
    """Return `/api/v1` or `/apis/<group>/<version>`."""
    return f"/apis/{group}/{version}" if group else f"/api/{version}"


def list_right(group: str, plural: str) -> str:
    """Return the right to list `plural`, in the words of Kubernetes."""
    return f"list {plural} in group '{group}' at cluster scope"
