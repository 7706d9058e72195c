"""Which kinds a server serves, under which path, with which verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

READ_WRITE = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiType:
    """One served kind of one version of a group."""

    group: str = ""
    """Empty for the core group."""
    version: str = "v1"
    kind: str
    plural: str = ""
    """Empty means: derive from the kind."""
    namespaced: bool = True
    verbs: tuple[str, ...] = READ_WRITE
    custom: bool = False
    """Custom resources carry apiVersion and kind on every item of a list; built-in kinds do not."""
    short_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.plural:
            object.__setattr__(self, "plural", plural_of(self.kind))

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """`pods`, `deployments.apps`: as error messages write it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


_IRREGULAR = {
    "Endpoints": "endpoints",
    "SecurityContextConstraints": "securitycontextconstraints",
}


def plural_of(kind: str) -> str:
    """Return the plural a resource of `kind` usually has."""
    if kind in _IRREGULAR:
        return _IRREGULAR[kind]
    word = kind.lower()
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word + "s"


def _types(group: str, version: str, namespaced: str, cluster: str) -> list[ApiType]:
    return [
        ApiType(group=group, version=version, kind=kind, namespaced=True)
        for kind in namespaced.split()
    ] + [
        ApiType(group=group, version=version, kind=kind, namespaced=False)
        for kind in cluster.split()
    ]


BUILT_IN: tuple[ApiType, ...] = (
    *_types(
        "",
        "v1",
        "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate"
        " ReplicationController ResourceQuota Secret ServiceAccount Service",
        "Node PersistentVolume",
    ),
    # Namespaces cannot be deleted in one go.
    ApiType(
        kind="Namespace",
        namespaced=False,
        verbs=tuple(verb for verb in READ_WRITE if verb != "deletecollection"),
    ),
    *_types("apiregistration.k8s.io", "v1", "", "APIService"),
    *_types("apps", "v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""),
    *_types("autoscaling", "v2", "HorizontalPodAutoscaler", ""),
    *_types("autoscaling", "v1", "HorizontalPodAutoscaler", ""),
    *_types("batch", "v1", "CronJob Job", ""),
    *_types("networking.k8s.io", "v1", "Ingress NetworkPolicy", "IngressClass"),
    *_types("policy", "v1", "PodDisruptionBudget", ""),
    *_types(
        "rbac.authorization.k8s.io", "v1", "Role RoleBinding", "ClusterRole ClusterRoleBinding"
    ),
    *_types("storage.k8s.io", "v1", "", "CSIDriver StorageClass VolumeAttachment"),
    *_types(
        "admissionregistration.k8s.io",
        "v1",
        "",
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
        " ValidatingWebhookConfiguration",
    ),
    *_types("apiextensions.k8s.io", "v1", "", "CustomResourceDefinition"),
    *_types("scheduling.k8s.io", "v1", "", "PriorityClass"),
    *_types("discovery.k8s.io", "v1", "EndpointSlice", ""),
    ApiType(
        group="authentication.k8s.io",
        kind="SelfSubjectReview",
        namespaced=False,
        verbs=("create",),
    ),
    ApiType(
        group="authorization.k8s.io",
        kind="SelfSubjectAccessReview",
        namespaced=False,
        verbs=("create",),
    ),
)

# Groups of a plain server: their lists never carry kind and apiVersion on items.
_PLAIN_GROUPS = frozenset(kind.group for kind in BUILT_IN)


def split_api_version(api_version: str) -> tuple[str, str]:
    """Return (group, version)."""
    group, _, version = api_version.rpartition("/")
    return group, version


class TypeTable:
    """All served kinds, found by (group, version, plural) or (group, version, kind)."""

    def __init__(self, types: Iterable[ApiType], objects: Iterable[Mapping[str, object]]) -> None:
        self._by_plural: dict[tuple[str, str, str], ApiType] = {}
        self._by_kind: dict[tuple[str, str, str], ApiType] = {}
        for kind in (*BUILT_IN, *types):
            self.add(kind)
        for item in objects:
            self.ensure(item)

    def add(self, kind: ApiType) -> None:
        """Serve `kind`, replacing an entry of the same name."""
        self._by_plural[kind.group, kind.version, kind.plural] = kind
        self._by_kind[kind.group, kind.version, kind.kind] = kind

    def ensure(self, item: Mapping[str, object]) -> ApiType:
        """Return the type of `item`, adding a derived one when nothing serves it yet."""
        group, version = split_api_version(str(item["apiVersion"]))
        kind = str(item["kind"])
        known = self._by_kind.get((group, version, kind))
        if known is None:
            metadata = item["metadata"]
            assert isinstance(metadata, Mapping)
            known = ApiType(
                group=group,
                version=version,
                kind=kind,
                namespaced="namespace" in metadata,
                custom=group not in _PLAIN_GROUPS and not group.endswith(".k8s.io"),
            )
            self.add(known)
        return known

    def find(self, group: str, version: str, plural: str) -> ApiType | None:
        return self._by_plural.get((group, version, plural))

    def groups(self) -> dict[str, dict[str, list[ApiType]]]:
        """Return the kinds by group, then version, in the order they were declared."""
        result: dict[str, dict[str, list[ApiType]]] = {}
        for kind in self._by_plural.values():
            result.setdefault(kind.group, {}).setdefault(kind.version, []).append(kind)
        return result
