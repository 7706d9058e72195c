"""Things that go wrong on purpose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

Rewrite = Callable[[dict[str, object]], dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How the answers for one resource or path go wrong.

    Without `status` and without any of the flags only `delay` and `rewrite` apply.
    """

    status: int = 0
    """Answer with this code and the body a real server sends with it. 410 applies to requests with
    a continue token only, as there is nothing to expire otherwise."""
    retry_after: str = "1"
    """Value of Retry-After on a 429; empty leaves the header out."""
    after_items: int = 0
    """Only pages that begin at or behind this item are hit; 0 hits every request."""
    times: int = 0
    """How many requests are hit; 0 is all of them."""
    delay: float = 0.0
    """Seconds to wait before answering."""
    reset: bool = False
    """Reset the TCP connection instead of answering."""
    cut: bool = False
    """Announce the whole body, send half of it, close."""
    truncate: bool = False
    """Send half of the body and announce just that half: broken JSON in sound HTTP."""
    garbage: bool = False
    """200, application/json, but the body is not JSON."""
    login_page: bool = False
    """200, text/html: what a captive proxy answers."""
    redirect: str = ""
    """Answer 302 to this address."""
    rewrite: Rewrite | None = None
    """Change the decoded document before it is sent."""


class FaultTable:
    """The faults set, each with what is left of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[tuple[str, Fault, list[int]]] = []

    def add(self, place: str, fault: Fault) -> None:
        with self._lock:
            self._faults.append((place, fault, [fault.times or -1]))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, places: set[str], start: int, continued: bool) -> Fault | None:
        """Return the first fault that hits a request for `places` starting at item `start`."""
        with self._lock:
            for place, fault, left in self._faults:
                if place not in places or left[0] == 0 or start < fault.after_items:
                    continue
                if fault.status == 410 and not continued:
                    continue
                left[0] -= 1
                return fault
        return None
