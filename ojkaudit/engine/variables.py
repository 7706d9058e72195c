"""What the expressions of a rule see of one subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ojkaudit.engine.joins import JoinIndexes
from ojkaudit.model.evidence import Payload, Resource, TargetInfo
from ojkaudit.model.expressions import NAMESPACE_KIND, WORKLOAD_KINDS

_POD = "kubernetes/v1/Pod"
_CRON_JOB = "kubernetes/batch/v1/CronJob"
_TEMPLATE = ("spec", "template", "spec")
_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")


def target_variable(target: TargetInfo) -> dict[str, str]:
    """Return what expressions see as `target`."""
    return {"id": target.id, "site": target.site, "family": target.family}


def add_derived(
    variables: dict[str, object],
    names: frozenset[str],
    resource: Resource,
    target: TargetInfo,
    joins: JoinIndexes,
) -> None:
    """Add `podSpec`, `allContainers` and `namespaceObject` as far as named and there to be had.

    What is not to be had stays unset: an expression that reads it has no value, and the finding
    is unknown.
    """
    if "podSpec" in names or "allContainers" in names:
        spec = pod_spec(resource)
        if spec is not None:
            variables["podSpec"] = spec
            containers = all_containers(spec)
            if containers is not None:
                variables["allContainers"] = containers
    if "namespaceObject" in names and resource.ref.namespace:
        found = joins.matching(NAMESPACE_KIND, "metadata.name", resource.ref.namespace, target)
        if len(found) == 1:
            variables["namespaceObject"] = found[0]


def pod_spec(resource: Resource) -> Payload | None:
    """Return the pod specification of a workload; None when there is none."""
    kind = resource.ref.kind
    if kind not in WORKLOAD_KINDS:
        return None
    path: Sequence[str] = _TEMPLATE
    if kind == _POD:
        path = ("spec",)
    elif kind == _CRON_JOB:
        path = ("spec", "jobTemplate", *_TEMPLATE)
    value: object = resource.payload
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else None


def all_containers(spec: Payload) -> list[object] | None:
    """Return containers, init containers and ephemeral containers of a pod specification.

    None when one of the lists is no list, or there is no `containers` at all: an empty list would
    make every claim about "all containers" true.
    """
    result: list[object] = []
    for name in _CONTAINER_LISTS:
        containers = spec.get(name)
        if containers is None and name != "containers":
            continue
        if not isinstance(containers, list | tuple):
            return None
        result.extend(containers)
    return result
