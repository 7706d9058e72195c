"""Resources of other kinds for expressions, found by indexes built once and not by loops."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ojkaudit.cel import Activation
from ojkaudit.engine.compiled import CompiledJoin
from ojkaudit.engine.evidence import Evidence
from ojkaudit.model.catalog import Join
from ojkaudit.model.evidence import Payload, Resource, TargetInfo

_Key = tuple[str, object]
"""A type tag beside the value: true is not 1, though 1 is 1.0."""
_DOT = re.compile(r"(?<!\\)\.")


class JoinIndexes:
    """Indexes over joined kinds; each is built at its first use."""

    def __init__(self, evidence: Evidence) -> None:
        """Keep the evidence the indexes are built over."""
        self._evidence = evidence
        self._lists: dict[tuple[tuple[str, ...], str], Sequence[Payload]] = {}
        self._indexes: dict[tuple[tuple[str, ...], str, str], Mapping[_Key, list[Payload]]] = {}
        self._maps: dict[tuple[tuple[str, ...], str, str], Mapping[object, Payload]] = {}

    def inputs(
        self, joins: Iterable[CompiledJoin], target: TargetInfo, activation: Activation
    ) -> dict[str, object]:
        """Return what a subject's expressions see as `inputs`.

        Raises:
            CelEvaluationError: A value to look up cannot be computed from the subject.
            ValueError: A joined resource lacks the field that keys it, or two share one key.
        """
        return {j.join.name: self._input(j, target, activation) for j in joins}

    def payloads(self, kind: str, target: TargetInfo | None = None) -> Sequence[Payload]:
        """Return the payloads of a kind: of one target, or of every target of the kind's family.

        Raises:
            ValueError: The evidence holds one of them twice with different content.
        """
        scope = self._scope(kind, target)
        key = (scope, kind)
        if key not in self._lists:
            self._lists[key] = [
                _payload(resource, is_ambiguous)
                for name in scope
                for resource, is_ambiguous in self._evidence.subjects(name, kind)
            ]
        return self._lists[key]

    def matching(
        self, kind: str, field: str, value: object, target: TargetInfo | None = None
    ) -> Sequence[Payload]:
        """Return the payloads whose `field` is `value`, or any item of it when that is a list.

        Raises:
            ValueError: The value is none that can be looked up.
        """
        index = self._index(kind, field, target)
        wanted = value if isinstance(value, list | tuple) else [value]
        found = [payload for item in wanted for payload in index.get(_key(item), ())]
        return found if len(wanted) == 1 else list({id(p): p for p in found}.values())

    def _input(self, compiled: CompiledJoin, target: TargetInfo, activation: Activation) -> object:
        join = compiled.join
        own = target if _family(join.kind) == target.family else None
        if compiled.equals is None:
            return self._keyed(join, own) if join.keyed_by else self.payloads(join.kind, own)
        value = compiled.equals.evaluate(activation)
        found = self.matching(join.kind, join.field, value, own)
        return keyed(found, join) if join.keyed_by else found

    def _keyed(self, join: Join, target: TargetInfo | None) -> Mapping[object, Payload]:
        key = (self._scope(join.kind, target), join.kind, join.keyed_by)
        if key not in self._maps:
            self._maps[key] = keyed(self.payloads(join.kind, target), join)
        return self._maps[key]

    def _index(
        self, kind: str, field: str, target: TargetInfo | None
    ) -> Mapping[_Key, list[Payload]]:
        key = (self._scope(kind, target), kind, field)
        if key not in self._indexes:
            index: dict[_Key, list[Payload]] = {}
            for payload in self.payloads(kind, target):
                # A value that stands twice in a list must not find its resource twice.
                for value in dict.fromkeys(_key(v) for v in values_at(payload, field)):
                    index.setdefault(value, []).append(payload)
            self._indexes[key] = index
        return self._indexes[key]

    def _scope(self, kind: str, target: TargetInfo | None) -> tuple[str, ...]:
        if target is not None:
            return (target.id,)
        return tuple(info.id for info in self._evidence.targets(_family(kind)))


def _payload(resource: Resource, is_ambiguous: bool) -> Payload:
    if is_ambiguous:
        raise ValueError(f"the evidence holds a {resource.ref.kind} twice with different content")
    return resource.payload


def keyed(payloads: Iterable[Payload], join: Join) -> dict[object, Payload]:
    """Return the payloads by the value of `join.keyed_by`.

    Raises:
        ValueError: A payload lacks it, or two share one: looking up would quietly miss one.
    """
    result: dict[object, Payload] = {}
    for payload in payloads:
        values = list(values_at(payload, join.keyed_by))
        if not values:
            raise ValueError(f"a {join.kind} lacks {join.keyed_by}, which keys inputs.{join.name}")
        for value in values:
            if result.setdefault(value, payload) is not payload:
                raise ValueError(f"two {join.kind} share one {join.keyed_by}")
    return result


def values_at(payload: object, path: str) -> Iterator[object]:
    r"""Yield the scalars at a dotted path; lists on the way and at its end yield each item.

    A dot inside a key is written `\.`: `metadata.labels.topology\.kubernetes\.io/zone`.
    """
    found: list[object] = [payload]
    for part in _DOT.split(path):
        name = part.replace("\\.", ".")
        found = [item[name] for item in _flat(found) if isinstance(item, Mapping) and name in item]
    for item in _flat(found):
        if isinstance(item, str | int | float):
            yield item


def _flat(items: Iterable[object]) -> Iterator[object]:
    for item in items:
        if isinstance(item, list | tuple):
            yield from _flat(item)
        else:
            yield item


def _key(value: object) -> _Key:
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int | float):
        return ("number", value)
    if isinstance(value, str):
        return ("string", value)
    raise ValueError(f"a {type(value).__name__} cannot be looked up in an index")


def _family(kind: str) -> str:
    return kind.partition("/")[0]
