"""Change one place of one written-down object: how faults are made."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from enum import StrEnum

from ojkaudit.errors import ContentError
from ojkaudit.model.evidence import Payload, ResourceRef


class Operation(StrEnum):
    """What a change does."""

    SET = "set"
    """Put `value` at `path`; the last step may be new."""
    DELETE = "delete"
    """Remove what is at `path`."""
    APPEND = "append"
    """Add `value` to the list at `path`."""
    ADD_OBJECT = "add_object"
    """Add the whole object `value`."""
    REMOVE_OBJECT = "remove_object"
    """Remove the whole object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to one object."""

    target: str
    kind: str
    namespace: str
    name: str
    op: Operation
    path: tuple[str, ...]
    """Keys; a step into a list is its index as text."""
    value: object


def apply_change(objects: dict[ResourceRef, Payload], change: Change, *, where: str) -> None:
    """Apply a change in place.

    Raises:
        ContentError: The object or the path is not there, so the change would change nothing.
    """
    if change.op is Operation.ADD_OBJECT:
        if not isinstance(change.value, dict):
            raise ContentError(f"{where}: the object to add is no mapping")
        ref = ResourceRef(
            target=change.target, kind=change.kind, namespace=change.namespace, name=change.name
        )
        objects[ref] = change.value
        return
    ref = _find(objects, change, where)
    if change.op is Operation.REMOVE_OBJECT:
        del objects[ref]
        return
    payload = copy.deepcopy(dict(objects[ref]))
    _edit(payload, change, where)
    objects[ref] = payload


def _find(objects: dict[ResourceRef, Payload], change: Change, where: str) -> ResourceRef:
    for ref in objects:
        if (ref.target, ref.kind, ref.namespace, ref.name) == (
            change.target,
            change.kind,
            change.namespace,
            change.name,
        ):
            return ref
    raise ContentError(
        f"{where}: no {change.kind} {change.namespace}/{change.name} in {change.target}"
    )


def _edit(payload: object, change: Change, where: str) -> None:
    *steps, last = change.path
    place = payload
    for step in steps:
        place = _step(place, step, where)
    if change.op is Operation.APPEND:
        target = _step(place, last, where)
        if not isinstance(target, list):
            raise ContentError(f"{where}: {'.'.join(change.path)} is no list")
        target.append(change.value)
    elif isinstance(place, dict):
        _edit_mapping(place, last, change, where)
    elif isinstance(place, list):
        _step(place, last, where)
        if change.op is Operation.DELETE:
            del place[int(last)]
        else:
            place[int(last)] = change.value
    else:
        raise ContentError(f"{where}: {'.'.join(change.path)} leads nowhere")


def _edit_mapping(place: dict[str, object], last: str, change: Change, where: str) -> None:
    if change.op is Operation.DELETE:
        if last not in place:
            raise ContentError(f"{where}: {'.'.join(change.path)} is not there")
        del place[last]
    else:
        place[last] = change.value


def _step(place: object, step: str, where: str) -> object:
    if isinstance(place, dict) and step in place:
        return place[step]
    if isinstance(place, list) and step.isdigit() and int(step) < len(place):
        return place[int(step)]
    raise ContentError(f"{where}: the path step {step!r} is not there")
