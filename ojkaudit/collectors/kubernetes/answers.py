"""What an answer other than the expected one means for coverage."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from ojkaudit.collectors.kubernetes.kinds import ReadOutcome
from ojkaudit.collectors.kubernetes.wire import Reply
from ojkaudit.model.outcome import CoverageStatus

CREDENTIALS = "valid credentials for this cluster"

_TEXT_404 = b"404 page not found"


def parse_object(body: bytes) -> Mapping[str, object] | None:
    """Return the JSON object in `body`, or None when it is anything else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def reason_of(reply: Reply) -> str:
    """Return the `reason` of a Status document, or an empty string."""
    status = parse_object(reply.body)
    if status is None or status.get("kind") != "Status":
        return ""
    return str(status.get("reason", ""))


def is_not_served(reply: Reply) -> bool:
    """Return whether a Kubernetes server says that it has no such path.

    A 404 page of a proxy in between says nothing about the cluster.
    """
    is_plain = reply.body.strip() == _TEXT_404
    return reply.status == 404 and (is_plain or reason_of(reply) == "NotFound")


def refusal(reply: Reply, right: str) -> ReadOutcome:
    """Return what an answer that is not 200 means.

    Args:
        reply: The answer.
        right: What the request takes, in words.
    """
    if reply.status == 401:
        return ReadOutcome(
            status=CoverageStatus.DENIED,
            http_status=401,
            detail="the server does not accept the credentials",
            missing_right=CREDENTIALS,
        )
    if reply.status == 403:
        return ReadOutcome(
            status=CoverageStatus.DENIED,
            http_status=403,
            detail=f"not allowed to {right}",
            missing_right=right,
        )
    if is_not_served(reply):
        return ReadOutcome(
            status=CoverageStatus.ABSENT,
            http_status=404,
            detail="the server does not serve this kind",
        )
    reason = reason_of(reply)
    detail = f"the server answered {reply.status}" + (f" {reason}" if reason.isalnum() else "")
    return ReadOutcome(status=CoverageStatus.ERROR, http_status=reply.status, detail=detail)


def broken(reply: Reply, what: str) -> ReadOutcome:
    """Return the outcome of an answer whose body is not what its status promises."""
    return ReadOutcome(status=CoverageStatus.ERROR, http_status=reply.status, detail=what)
