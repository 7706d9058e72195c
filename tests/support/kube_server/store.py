"""Objects by resource, with revisions, so that pages of one list come from one moment."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.support.kube_server import answers
from tests.support.kube_server.answers import RefusalError
from tests.support.kube_server.api_types import ApiType

Key = tuple[str, str]
"""(group, plural): every version of a group shows the same objects."""
Objects = list[tuple[str, dict[str, object]]]
"""(storage key, object), sorted; the key is /namespace/name or /name."""

CREATED = "2026-01-05T02:00:00Z"


@dataclass(frozen=True, slots=True)
class Token:
    """A continue token, laid out like a real one."""

    revision: int
    """-1 asks for an inconsistent remainder, of whatever is there now."""
    start: str
    """First storage key that has not been sent yet, exclusive: the last one sent and a NUL."""

    def encode(self, *, slash: bool = True) -> str:
        start = self.start if slash else self.start.removeprefix("/")
        body = {"v": "meta.k8s.io/v1", "rv": self.revision, "start": start}
        raw = json.dumps(body, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Token:
        """Read a token; a RefusalError with 400 when it is none."""
        prefix = "invalid continue token: continue key is not valid: "
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except ValueError:
            raise RefusalError(
                answers.bad_request(f"{prefix}illegal base64 data at input byte 0")
            ) from None
        try:
            body = json.loads(raw)
            # A real server leaves the first slash out of some of its tokens, and takes both.
            return cls(int(body["rv"]), "/" + str(body["start"]).lstrip("/"))
        except (ValueError, KeyError, TypeError):
            first = chr(raw[0]) if raw else ""
            shown = first if first.isprintable() and first.isascii() else f"\\u{ord(first):04x}"
            raise RefusalError(
                answers.bad_request(
                    f"{prefix}invalid character '{shown}' looking for beginning of value"
                )
            ) from None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    objects: list[dict[str, object]]
    revision: int
    token: str
    """Empty on the last page."""
    remaining: int


class Store:
    """Thread-safe; every change makes a new revision and old ones stay readable until compacted."""

    def __init__(self, revision: int) -> None:
        self._lock = threading.Lock()
        self.revision = revision
        self._compacted = revision
        self._history: dict[Key, list[tuple[int, Objects]]] = {}

    def load(self, objects: Iterable[tuple[ApiType, Mapping[str, object]]]) -> None:
        """Fill an empty store in one revision."""
        tables: dict[Key, dict[str, dict[str, object]]] = {}
        for kind, item in objects:
            complete = self._complete(kind, item)
            tables.setdefault((kind.group, kind.plural), {})[storage_key(complete)] = complete
        for key, table in tables.items():
            self._history[key] = [(self.revision, sorted(table.items()))]

    def put(self, kind: ApiType, item: Mapping[str, object]) -> None:
        """Create or replace one object."""
        with self._lock:
            self.revision += 1
            complete = self._complete(kind, item)
            table = dict(self._latest((kind.group, kind.plural)))
            table[storage_key(complete)] = complete
            self._keep((kind.group, kind.plural), sorted(table.items()))

    def delete(self, kind: ApiType, key: str) -> None:
        """Remove one object by storage key; KeyError when it is not there."""
        with self._lock:
            self.revision += 1
            table = dict(self._latest((kind.group, kind.plural)))
            del table[key]
            self._keep((kind.group, kind.plural), sorted(table.items()))

    def compact(self) -> None:
        """Forget every revision before a new one: tokens handed out so far are expired."""
        with self._lock:
            self.revision += 1
            self._compacted = self.revision
            self._history = {key: versions[-1:] for key, versions in self._history.items()}

    def is_compacted(self, revision: int) -> bool:
        return revision < self._compacted

    def get(self, kind: ApiType, namespace: str, name: str) -> dict[str, object] | None:
        key = f"/{namespace}/{name}" if namespace else f"/{name}"
        with self._lock:
            return dict(self._latest((kind.group, kind.plural))).get(key)

    def count_before(self, kind: ApiType, namespace: str, token: Token) -> int:
        """How many objects the pages before `token` held."""
        objects = self._select((kind.group, kind.plural), namespace, token.revision)
        return sum(key < token.start for key, _ in objects)

    def list(
        self,
        kind: ApiType,
        namespace: str,
        limit: int,
        token: Token | None,
        selector: Mapping[str, str],
    ) -> Page:
        """Return one page; a RefusalError with 410 when the token's revision is compacted."""
        revision = self.revision
        if token is not None and token.revision != -1:
            if self.is_compacted(token.revision):
                fresh = Token(-1, token.start).encode(slash=False)
                raise RefusalError(answers.expired(fresh))
            revision = token.revision
        start = token.start if token is not None else ""
        objects = [
            (key, item)
            for key, item in self._select((kind.group, kind.plural), namespace, revision)
            if key >= start and _matches(item, selector)
        ]
        page = objects[:limit] if limit else objects
        remaining = len(objects) - len(page)
        # Only what comes straight from the cache (a first page) has the slash.
        slash = token is None or token.revision == -1
        following = Token(revision, page[-1][0] + "\0").encode(slash=slash) if remaining else ""
        return Page([item for _, item in page], revision, following, remaining)

    def _select(self, key: Key, namespace: str, revision: int) -> Objects:
        with self._lock:
            versions = self._history.get(key, [])
            wanted = self.revision if revision == -1 else revision
            objects = next((o for r, o in reversed(versions) if r <= wanted), [])
        if namespace:
            prefix = f"/{namespace}/"
            return [entry for entry in objects if entry[0].startswith(prefix)]
        return objects

    def _latest(self, key: Key) -> Objects:
        versions = self._history.get(key)
        return versions[-1][1] if versions else []

    def _keep(self, key: Key, objects: Objects) -> None:
        self._history.setdefault(key, []).append((self.revision, objects))

    def _complete(self, kind: ApiType, item: Mapping[str, object]) -> dict[str, object]:
        given = item["metadata"]
        assert isinstance(given, Mapping)
        metadata: dict[str, object] = dict(given)
        if kind.namespaced:
            metadata.setdefault("namespace", "default")
        name = f"{kind.qualified}/{metadata.get('namespace', '')}/{metadata['name']}"
        metadata.setdefault("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
        metadata.setdefault("resourceVersion", str(self.revision))
        metadata.setdefault("creationTimestamp", CREATED)
        rest = {key: value for key, value in item.items() if key not in ("apiVersion", "kind")}
        return {"apiVersion": kind.api_version, "kind": kind.kind} | rest | {"metadata": metadata}


def storage_key(item: Mapping[str, object]) -> str:
    """Return /namespace/name or /name."""
    metadata = item["metadata"]
    assert isinstance(metadata, Mapping)
    namespace = metadata.get("namespace")
    return f"/{namespace}/{metadata['name']}" if namespace else f"/{metadata['name']}"


def _matches(item: Mapping[str, object], selector: Mapping[str, str]) -> bool:
    if not selector:
        return True
    metadata = item["metadata"]
    assert isinstance(metadata, Mapping)
    labels = metadata.get("labels") or {}
    return all(labels.get(key) == value for key, value in selector.items())
