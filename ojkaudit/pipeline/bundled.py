"""Bundled snapshots: a platform written down as files, read into the same archive a collection makes.

A folder under `fixtures/snapshots/`:

    snapshot.yaml                 collected_at, targets, kinds listed and found empty; or
                                  `base: <other snapshot>`
    ojkaudit.yaml                 configuration with the register
    kubernetes/<target>/*.yaml    objects as served
    postgresql/<target>.yaml      one postgresql/Instance payload
    faults.yaml                   changes made to the base, each with the rule it must turn
    rights.yaml                   rights taken away from the base: kinds denied, facts hidden
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ojkaudit import content, resources
from ojkaudit.collectors.interface import CollectionContext
from ojkaudit.collectors.register import SECTIONS, SITE_KIND, RegisterCollector
from ojkaudit.errors import ContentError, UsageError
from ojkaudit.model.codec import decode
from ojkaudit.model.config import Config
from ojkaudit.model.evidence import (
    Coverage,
    Payload,
    Resource,
    ResourceRef,
    TargetInfo,
)
from ojkaudit.model.outcome import CoverageStatus
from ojkaudit.model.text import Text
from ojkaudit.pipeline.patches import Change, apply_change

_TARGET: Mapping[str, object] = {"site": "", "version": ""}
_DENIAL: Mapping[str, object] = {"missing_right": "", "detail": "", "hidden": []}
_CHANGE: Mapping[str, object] = {"namespace": "", "path": [], "value": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One realistic fault, and the rule that must find it."""

    id: str
    title: Text
    rule: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """One right taken away."""

    target: str
    kind: str
    status: CoverageStatus
    missing_right: str = ""
    detail: str = ""
    hidden: tuple[str, ...] = ()
    """Top-level facts that vanish from the payload while the kind stays readable."""


@dataclass(slots=True, kw_only=True)
class Platform:
    """A platform written down: mutable while faults and denials are applied."""

    collected_at: datetime
    config_file: Path
    targets: tuple[TargetInfo, ...]
    empty: tuple[tuple[str, str], ...]
    objects: dict[ResourceRef, Payload] = field(default_factory=dict)
    denials: tuple[Denial, ...] = ()


def snapshots_dir() -> Path:
    """Return the folder of bundled snapshots."""
    return resources.data_dir("fixtures") / "snapshots"


def read_platform(name: str) -> Platform:
    """Return the bundled platform `name` with its faults and denials applied.

    Raises:
        UsageError: No snapshot of that name is bundled.
        ContentError: Its files cannot be used.
    """
    folder = snapshots_dir() / name
    head_file = folder / "snapshot.yaml"
    if not head_file.is_file():
        known = ", ".join(sorted(p.name for p in snapshots_dir().iterdir() if p.is_dir()))
        raise UsageError(f"no bundled snapshot {name!r}", hint=f"Choose one of: {known}.")
    head = _mapping(head_file)
    if "base" in head:
        platform = read_platform(str(head["base"]))
        for fault in read_faults(name):
            apply_fault(platform, fault)
        platform.denials = (*platform.denials, *read_denials(name))
        return platform
    return _base_platform(folder, head)


def read_faults(name: str) -> tuple[Fault, ...]:
    """Return the faults a bundled snapshot makes in its base."""
    records = _records(snapshots_dir() / name / "faults.yaml", "faults")
    return tuple(decode(Fault, _with_changes(record)) for record in records)


def read_denials(name: str) -> tuple[Denial, ...]:
    """Return the rights a bundled snapshot takes away from its base."""
    records = _records(snapshots_dir() / name / "rights.yaml", "denied")
    return tuple(decode(Denial, {**_DENIAL, **record}) for record in records)


def apply_fault(platform: Platform, fault: Fault) -> None:
    """Make one fault in the platform."""
    for change in fault.changes:
        apply_change(platform.objects, change, where=fault.id)


def _base_platform(folder: Path, head: Mapping[str, object]) -> Platform:
    targets = tuple(
        decode(TargetInfo, {**_TARGET, **record}) for record in _list_of_mappings(head["targets"])
    )
    platform = Platform(
        collected_at=decode(datetime, head["collected_at"]),
        config_file=folder / "ojkaudit.yaml",
        targets=targets,
        empty=tuple(
            (str(record["target"]), str(record["kind"]))
            for record in _list_of_mappings(head["empty"])
        ),
    )
    for target in targets:
        if target.family == "kubernetes":
            for file in sorted((folder / "kubernetes" / target.id).glob("*.yaml")):
                _add_objects(platform, target.id, file)
        elif target.family == "postgresql":
            payload = _mapping(folder / "postgresql" / f"{target.id}.yaml")
            ref = ResourceRef(target=target.id, kind="postgresql/Instance", name=target.id)
            platform.objects[ref] = payload
    _add_register(platform)
    return platform


def _add_objects(platform: Platform, target: str, file: Path) -> None:
    for document in content.read_documents(file, scalars=content.Scalars.KUBECTL):
        data = document.data
        if not isinstance(data, dict):
            raise ContentError(f"{file}: a document is no Kubernetes object")
        metadata = data["metadata"]
        ref = ResourceRef(
            target=target,
            kind=f"kubernetes/{data['apiVersion']}/{data['kind']}",
            namespace=metadata.get("namespace", ""),
            name=metadata["name"],
            uid=metadata.get("uid", ""),
        )
        if ref in platform.objects:
            raise ContentError(f"{file}: {ref.label()} is written twice")
        platform.objects[ref] = data


def _add_register(platform: Platform) -> None:
    config = content.load_config(platform.config_file)
    sink = _ObjectSink(platform)
    context = CollectionContext(
        kinds=register_kinds(config),
        clock=lambda: platform.collected_at,
        read_secret=lambda _: "",
        progress=lambda *_: None,
        user_agent="",
    )
    RegisterCollector(
        sites=config.sites,
        register=config.register,
        address=config.file.name,
        institution=config.institution.name,
    ).collect(context, sink)


def register_kinds(config: Config) -> tuple[str, ...]:
    """Return every kind of the register that the configuration has a section for."""
    present = [kind for kind, section in SECTIONS.items() if section in config.register.records]
    return (*sorted(present), SITE_KIND)


class _ObjectSink:
    """Keeps register resources among the platform's objects, so that faults can change them."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def resource(self, resource: Resource) -> None:
        self._platform.objects[resource.ref] = dict(resource.payload)

    def coverage(self, coverage: Coverage) -> None:
        """Coverage is decided when the archive is built."""

    def target(self, info: TargetInfo) -> None:
        self._platform.targets = (*self._platform.targets, info)


def _mapping(file: Path) -> dict[str, object]:
    data = content.read_document(file).data
    if not isinstance(data, dict):
        raise ContentError(f"{file}: expected a mapping")
    return data


def _records(file: Path, key: str) -> list[dict[str, object]]:
    return _list_of_mappings(_mapping(file)[key]) if file.is_file() else []


def _with_changes(record: Mapping[str, object]) -> dict[str, object]:
    changes = [{**_CHANGE, **change} for change in _list_of_mappings(record["changes"])]
    return {**record, "changes": changes}


def _list_of_mappings(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ContentError("a bundled snapshot: expected a list of mappings")
    return value
