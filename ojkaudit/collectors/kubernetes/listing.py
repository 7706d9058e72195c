"""Reads one kind completely, page by page, or says exactly how completely.

Steps, and what each defends against:
1. A page is taken only when it is a list of the wanted kind: a login page or a cut body is not.
2. Objects go to the sink page by page: a cluster never lies in memory as a whole.
3. An object is taken once: a page that comes twice must not count twice.
4. Continue tokens must move on, revisions must stay: pages of one list show one moment.
5. What the server says remains must come: a list that ends early is partial, not complete.
6. An expired token restarts the list once; objects already taken must then come again unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ojkaudit.collectors.kubernetes.answers import broken, parse_object, refusal
from ojkaudit.collectors.kubernetes.kinds import ReadOutcome, ServedKind
from ojkaudit.collectors.kubernetes.wire import JSON, Requester, RequestFailedError, Tally
from ojkaudit.model.evidence import Payload
from ojkaudit.model.outcome import CoverageStatus

METADATA_VERSION = "meta.k8s.io/v1"
METADATA_ACCEPT = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

Take = Callable[[Payload], None]
"""Receives one object with apiVersion and kind."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page whose form was checked."""

    items: tuple[Mapping[str, object], ...]
    revision: str
    token: str
    """Empty on the last page."""
    remaining: int | None
    """How many more the server says there are; None when it does not say."""


class ExpiredError(Exception):
    """The continue token is too old: the list has to begin anew."""


class FaultyError(Exception):
    """Reading cannot go on.

    Args:
        outcome: What that means when nothing was read yet.
    """

    def __init__(self, outcome: ReadOutcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


class KindReader:
    """Reads one kind. Use once."""

    def __init__(
        self,
        requester: Requester,
        kind: ServedKind,
        *,
        page_size: int,
        take: Take,
        page_done: Callable[[], None],
        tally: Tally,
    ) -> None:
        """Prepare.

        Args:
            requester: Sends the requests.
            kind: What to read.
            page_size: Objects per request.
            take: Receives each object, once.
            page_done: Called after the objects of each page.
            tally: Counts the requests.
        """
        self._requester = requester
        self._kind = kind
        self._page_size = page_size
        self._take = take
        self._page_done = page_done
        self._tally = tally
        self._taken: dict[Key, str] = {}
        self._notes: list[str] = []

    @property
    def count(self) -> int:
        """Return how many objects were taken so far."""
        return len(self._taken)

    def read(self) -> ReadOutcome:
        """Read the list; never raises for what a server can do wrong."""
        try:
            return self._read_again_once()
        except RequestFailedError as error:
            return self._ended(ReadOutcome(status=CoverageStatus.ERROR, detail=error.message))
        except FaultyError as error:
            return self._ended(error.outcome)

    def _read_again_once(self) -> ReadOutcome:
        try:
            return self._read_all()
        except ExpiredError:
            self._tally.retries["list restarted after 410"] += 1
        before = dict(self._taken)
        try:
            outcome = self._read_all(before)
        except ExpiredError:
            gone = ReadOutcome(
                status=CoverageStatus.ERROR,
                http_status=410,
                detail="the list expired twice before it was read to the end",
            )
            return self._ended(gone)
        if before and outcome.status is CoverageStatus.COMPLETE:
            return self._partial(f"{len(before)} objects changed while the list was read", 200)
        return outcome

    def _read_all(self, before: dict[Key, str] | None = None) -> ReadOutcome:
        """Read from the first to the last page.

        Args:
            before: Objects taken in an earlier attempt, by key; those that come again unchanged
                are removed from it.
        """
        token, revision, expected = "", "", 0
        self._notes = []
        seen: set[Key] = set()
        tokens: set[str] = set()
        while True:
            page = self._page(token)
            if token and page.revision != revision:
                self._notes.append(f"revision changed from {revision} to {page.revision}")
            revision = page.revision
            for item in page.items:
                self._take_once(item, seen, before)
            self._page_done()
            # The most that any page announced: one that holds too little must not lower it.
            expected = max(expected, len(seen) + (page.remaining or 0))
            if not page.token:
                return self._finished(len(seen), expected)
            if page.token in tokens:
                raise FaultyError(self._error("the server repeats a continue token"))
            tokens.add(page.token)
            token = page.token

    def _page(self, token: str) -> Page:
        query = {"limit": str(self._page_size)} | ({"continue": token} if token else {})
        accept = METADATA_ACCEPT if self._kind.wanted.is_secret else JSON
        reply = self._requester.get(self._kind.path, query, self._tally, accept=accept)
        if reply.status == 410 and token:
            raise ExpiredError
        if reply.status != 200:
            raise FaultyError(refusal(reply, self._kind.right))
        wanted = self._kind.wanted
        api_version = METADATA_VERSION if wanted.is_secret else wanted.api_version
        page = _parse_page(parse_object(reply.body), api_version)
        if isinstance(page, str):
            raise FaultyError(broken(reply, page))
        return page

    def _take_once(
        self, item: Mapping[str, object], seen: set[Key], before: dict[Key, str] | None
    ) -> None:
        metadata = item.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else None
        if not isinstance(metadata, Mapping) or not isinstance(name, str) or not name:
            raise FaultyError(self._error("an object of the list has no name"))
        wanted = self._kind.wanted
        if not wanted.is_secret and item.get("kind", wanted.kind) != wanted.kind:
            raise FaultyError(self._error("the list holds objects of another kind"))
        key = (str(metadata.get("namespace") or ""), name)
        if key in seen:
            self._notes.append("an object came twice")
            return
        seen.add(key)
        version = f"{metadata.get('uid')} {metadata.get('resourceVersion')}"
        if before is not None and before.get(key) == version:
            del before[key]
        if key in self._taken:
            return
        self._taken[key] = version
        self._take({**item, "apiVersion": wanted.api_version, "kind": wanted.kind})

    def _finished(self, count: int, expected: int) -> ReadOutcome:
        if count < expected:
            self._notes.append(f"{expected} objects were announced, {count} came")
        if self._notes:
            return self._partial("; ".join(dict.fromkeys(self._notes)), 200)
        return ReadOutcome(status=CoverageStatus.COMPLETE, http_status=200)

    def _ended(self, outcome: ReadOutcome) -> ReadOutcome:
        """Return how reading ended before its end: with something read it is partial."""
        if not self._taken:
            return outcome
        detail = f"stopped after {self.count} objects: {outcome.detail}"
        return self._partial(detail, outcome.http_status, outcome.missing_right)

    def _partial(self, detail: str, http_status: int, missing_right: str = "") -> ReadOutcome:
        return ReadOutcome(
            status=CoverageStatus.PARTIAL,
            http_status=http_status,
            detail=detail,
            missing_right=missing_right,
        )

    def _error(self, detail: str) -> ReadOutcome:
        return ReadOutcome(status=CoverageStatus.ERROR, http_status=200, detail=detail)


def _parse_page(document: Mapping[str, object] | None, api_version: str) -> Page | str:
    """Return the page, or what is wrong with it."""
    if document is None:
        return "the answer is not a JSON object"
    # The name of a list is not always its kind and "List": a CRD can choose another one.
    is_list = str(document.get("kind", "")).endswith("List")
    if not is_list or document.get("apiVersion") != api_version:
        return f"the answer is not a list of {api_version}"
    metadata = document.get("metadata")
    items = document.get("items", "missing")
    if items is None:
        items = []  # how a real server writes an empty list of metadata
    if not isinstance(items, list) or not isinstance(metadata, dict):
        return "the list has no items or no metadata"
    if not all(isinstance(item, dict) for item in items):
        return "the list holds something that is not an object"
    remaining = metadata.get("remainingItemCount")
    token = metadata.get("continue") or ""
    if not isinstance(token, str) or not (remaining is None or isinstance(remaining, int)):
        return "the list's metadata is malformed"
    return Page(
        items=tuple(items),
        revision=str(metadata.get("resourceVersion", "")),
        token=token,
        remaining=remaining,
    )
