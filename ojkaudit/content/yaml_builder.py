"""Build plain data and its table of places from YAML events, with bounds on depth and size.

Iterative on purpose: recursion over foreign nesting would end in the interpreter's own limits.
No message repeats a scalar, an anchor or a tag: a password may begin with `*`, `&` or `!`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml import events as yaml_events

from ojkaudit.content.marked import Mark, Marks
from ojkaudit.content.yaml_scalars import Scalar, Scalars, resolve

MAX_DEPTH = 100
MAX_ALIASED_NODES = 100_000
"""Nodes that aliases may add to one file; nine levels of nine aliases would be 387 million."""

_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_NO_KEY = object()
_BAD_TAG = "this tag has no meaning here; put a text that begins with ! in quotes"


class YamlFault(Exception):  # noqa: N818 - never leaves the reader, which turns it into a Problem
    """What is wrong, and where.

    Args:
        message: One line, without any value of the file.
        mark: Where, as PyYAML counts: from zero; None when the fault has no place.
    """

    def __init__(self, message: str, mark: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = mark.line + 1 if mark is not None else 0
        self.column = mark.column + 1 if mark is not None else 0


@dataclass(slots=True)
class _Frame:
    """One mapping or sequence that is still open."""

    container: dict[str, Any] | list[Any]
    marks: dict[str | int, Mark]
    anchor: str | None
    start: Any
    nodes_before: int
    key: object = _NO_KEY
    key_mark: Any = None
    merges: list[dict[str, Any]] = field(default_factory=list)
    own_keys: dict[str, int] = field(default_factory=dict)
    """Line of each key written in the mapping itself; merged keys are not among them."""


@dataclass(slots=True)
class _Anchored:
    value: Any
    nodes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltDocument:
    """One document of a stream."""

    data: object
    marks: Marks
    first_line: int


class Builder:
    """Consumes the events of one stream.

    Args:
        scalars: How plain scalars are read.
    """

    def __init__(self, scalars: Scalars) -> None:
        self._scalars = scalars
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._marks: Marks = {}
        self._root: object = None
        self._nodes = 0
        self._aliased = 0

    def documents(self, events: Iterable[Any]) -> Iterator[BuiltDocument]:
        """Yield each document.

        Raises:
            YamlFault: The data passes a limit or has no plain JSON form.
        """
        handlers = {
            yaml_events.ScalarEvent: self._scalar,
            yaml_events.AliasEvent: self._alias,
            yaml_events.MappingStartEvent: self._open,
            yaml_events.SequenceStartEvent: self._open,
            yaml_events.MappingEndEvent: self._close,
            yaml_events.SequenceEndEvent: self._close,
        }
        first_line = 1
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
            elif type(event) is yaml_events.DocumentStartEvent:
                first_line = _line(event)
                self._anchors, self._marks, self._root = {}, {}, None
            elif type(event) is yaml_events.DocumentEndEvent:
                yield BuiltDocument(data=self._root, marks=self._marks, first_line=first_line)

    def _scalar(self, event: Any) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.container, dict) and frame.key is _NO_KEY:
            self._set_key(frame, event)
            return
        value = self._value(event)
        self._nodes += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1)
        self._place(value, event, event.style or "")

    def _value(self, event: Any) -> Scalar:
        tag = event.tag
        if tag in (None, "!") and not event.implicit[0]:
            return str(event.value)
        if tag == "!" or tag == _TAG + "str":
            return str(event.value)
        try:
            value = resolve(event.value, self._scalars)
        except ValueError as error:
            raise YamlFault(str(error), event.start_mark) from None
        if tag is None:
            return value
        return _tagged(value, tag, event.start_mark)

    def _set_key(self, frame: _Frame, event: Any) -> None:
        if event.tag is not None and event.tag not in ("!", _TAG + "str"):
            raise YamlFault("a key must be a plain text, without a tag", event.start_mark)
        key = self._key_text(event)
        if key in frame.own_keys:
            message = f"key {key!r} appears twice (first on line {frame.own_keys[key]})"
            raise YamlFault(message, event.start_mark)
        frame.own_keys[key] = event.start_mark.line + 1
        is_merge = key == _MERGE and event.implicit[0]
        frame.key = _MERGE_KEY if is_merge else key
        frame.key_mark = event.start_mark
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(key, 1)

    def _key_text(self, event: Any) -> str:
        text = str(event.value)
        if not event.implicit[0] or event.tag is not None:
            return text
        if not text:
            raise YamlFault("an empty key; quote it if it is meant", event.start_mark)
        if self._scalars is Scalars.CORE:
            return text
        # The keys of JSON are texts: kubectl writes `on: 1` as `true: 1`.
        value = self._value(event)
        if value is None:
            raise YamlFault("a null key", event.start_mark)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _open(self, event: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise YamlFault(f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        _refuse_key_position(self._stack, event.start_mark)
        is_map = type(event) is yaml_events.MappingStartEvent
        if event.tag not in (None, "!", _TAG + ("map" if is_map else "seq")):
            raise YamlFault(_BAD_TAG, event.start_mark)
        self._nodes += 1
        container: dict[str, Any] | list[Any] = {} if is_map else []
        self._stack.append(_Frame(container, {}, event.anchor, event.start_mark, self._nodes - 1))

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        if isinstance(frame.container, dict):
            self._apply_merges(frame.container, frame)
        self._marks[id(frame.container)] = frame.marks
        if frame.anchor is not None:
            # Registered only now: an alias inside its own anchor would be endless.
            size = self._nodes - frame.nodes_before
            self._anchors[frame.anchor] = _Anchored(frame.container, size)
        self._place(frame.container, event, "", frame.start)

    def _alias(self, event: Any) -> None:
        _refuse_key_position(self._stack, event.start_mark)
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            message = (
                "this alias (*) names no anchor above it; put a text that begins with * in quotes"
            )
            raise YamlFault(message, event.start_mark)
        self._count_aliased(anchored.nodes, event.start_mark)
        # A copy, not the same object: whoever changes one use must not change the other.
        self._place(self._copy(anchored.value), event, "")

    def _count_aliased(self, nodes: int, mark: Any) -> None:
        self._nodes += nodes
        self._aliased += nodes
        if self._aliased > MAX_ALIASED_NODES:
            raise YamlFault(f"aliases add more than {MAX_ALIASED_NODES} values", mark)

    def _place(self, value: Any, event: Any, style: str, start: Any = None) -> None:
        begin = start or event.start_mark
        if not self._stack:
            self._root = value
            return
        frame = self._stack[-1]
        if isinstance(frame.container, list):
            mark = Mark(begin.line + 1, begin.column + 1, begin.line + 1, begin.column + 1, style)
            frame.marks[len(frame.container)] = mark
            frame.container.append(value)
            return
        if frame.key is _MERGE_KEY:
            frame.merges.extend(_merge_sources(value, begin))
        else:
            key, at = str(frame.key), frame.key_mark
            mark = Mark(at.line + 1, at.column + 1, begin.line + 1, begin.column + 1, style)
            frame.marks[key] = mark
            frame.container[key] = value
        frame.key = _NO_KEY

    def _apply_merges(self, container: dict[str, Any], frame: _Frame) -> None:
        for source in frame.merges:
            for key, value in source.items():
                if key not in container:
                    container[key] = value
                    frame.marks[key] = self._marks[id(source)][key]

    def _copy(self, value: Any) -> Any:
        root: list[Any] = [None]
        pending: list[tuple[Any, Any, str | int]] = [(value, root, 0)]
        while pending:
            source, target, key = pending.pop()
            if isinstance(source, dict):
                fresh: Any = dict.fromkeys(source)
                pending.extend((item, fresh, name) for name, item in source.items())
            elif isinstance(source, list):
                fresh = [None] * len(source)
                pending.extend((item, fresh, index) for index, item in enumerate(source))
            else:
                target[key] = source
                continue
            self._marks[id(fresh)] = self._marks[id(source)]
            target[key] = fresh
        return root[0]


_MERGE_KEY = object()


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refuse_key_position(stack: list[_Frame], mark: Any) -> None:
    if stack and isinstance(stack[-1].container, dict) and stack[-1].key is _NO_KEY:
        raise YamlFault("a key must be a plain text", mark)


def _merge_sources(value: Any, mark: Any) -> list[dict[str, Any]]:
    sources = value if isinstance(value, list) else [value]
    if not all(isinstance(source, dict) for source in sources):
        raise YamlFault("the merge key << takes a mapping or a list of mappings", mark)
    return sources


def _tagged(value: Scalar, tag: str, mark: Any) -> Scalar:
    kinds = {"null": type(None), "bool": bool, "int": int, "float": float}
    wanted = kinds.get(tag.removeprefix(_TAG)) if tag.startswith(_TAG) else None
    if wanted is None:
        raise YamlFault(_BAD_TAG, mark)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise YamlFault("the value does not fit its tag", mark)
    return value
