"""One request at a time: what an answer is, and when to ask again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ojkaudit.errors import CollectionError

JSON = "application/json"
MAX_RETRIES = 3
"""Attempts after the first; with the pauses below about 10 seconds, then the kind is an error."""
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
"""However long a server asks us to wait."""
_RETRIED = frozenset({429, 500, 502, 503, 504})

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of the server, whatever its status."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    retry_after: str = ""


class RequestFailedError(CollectionError):
    """No usable answer came: connection, TLS, timeout, cut body.

    Args:
        message: What happened, without credentials.
        retryable: Whether the same request may succeed a moment later.
    """

    def __init__(self, message: str, *, retryable: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable


class Wire(Protocol):
    """Sends a request once."""

    def send(
        self, method: str, path: str, query: Query, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        """Return the answer.

        Raises:
            RequestFailedError: None came.
        """


class Tally:
    """What reading one kind cost."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.requests = 0
        self.retries: Counter[str] = Counter()

    def describe(self) -> str:
        """Return the reasons of all retries, as `429 (2 times), connection broken (once)`."""
        parts = (
            f"{reason} ({'once' if count == 1 else f'{count} times'})"
            for reason, count in sorted(self.retries.items())
        )
        return ", ".join(parts)


class Requester:
    """Sends requests and repeats what is worth repeating."""

    def __init__(
        self, wire: Wire, *, sleep: Callable[[float], None], jitter: Callable[[], float]
    ) -> None:
        """Use `wire`.

        Args:
            wire: Sends a request once.
            sleep: Waits for so many seconds.
            jitter: Returns a number from 0 to 1, so that many clients do not return together.
        """
        self._wire = wire
        self._sleep = sleep
        self._jitter = jitter

    def get(self, path: str, query: Query, tally: Tally, *, accept: str = JSON) -> Reply:
        """GET `path`; a 429 or 5xx that lasts is returned like any other answer.

        Raises:
            RequestFailedError: No answer came, also after asking again.
        """
        return self._repeat("GET", path, query, {"Accept": accept}, None, tally)

    def post(self, path: str, body: bytes, tally: Tally) -> Reply:
        """POST a JSON document to `path`; only used for reviews that store nothing.

        Raises:
            RequestFailedError: No answer came, also after asking again.
        """
        headers = {"Accept": JSON, "Content-Type": JSON}
        return self._repeat("POST", path, {}, headers, body, tally)

    def _repeat(
        self,
        method: str,
        path: str,
        query: Query,
        headers: Mapping[str, str],
        body: bytes | None,
        tally: Tally,
    ) -> Reply:
        for attempt in range(MAX_RETRIES + 1):
            tally.requests += 1
            is_last = attempt == MAX_RETRIES
            retry_after = ""
            try:
                reply = self._wire.send(method, path, query, headers, body)
            except RequestFailedError as error:
                if is_last or not error.retryable:
                    raise
                reason = error.message
            else:
                if is_last or reply.status not in _RETRIED:
                    return reply
                reason, retry_after = str(reply.status), reply.retry_after
            tally.retries[reason] += 1
            self._sleep(self._pause(attempt, retry_after))
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, attempt: int, retry_after: str) -> float:
        pause: float = FIRST_PAUSE_SECONDS * 2**attempt
        if retry_after.isdigit():
            pause = max(pause, float(retry_after))
        return min(pause * (1 + self._jitter() / 2), MAX_PAUSE_SECONDS)
