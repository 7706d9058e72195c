"""Asks the cluster which rights the auditing user holds; stores nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from ojkaudit.collectors.kubernetes.answers import parse_object, refusal
from ojkaudit.collectors.kubernetes.kinds import ServedKind
from ojkaudit.collectors.kubernetes.wire import Requester, RequestFailedError, Tally

REVIEW_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
REVIEW_RIGHT = "create selfsubjectaccessreviews in group 'authorization.k8s.io'"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessAnswer:
    """Whether one kind may be listed."""

    allowed: bool | None
    """None: the question itself was not answered."""
    detail: str = ""


def may_list(requester: Requester, kind: ServedKind) -> AccessAnswer:
    """Return the answer of a SelfSubjectAccessReview for listing `kind` in the whole cluster."""
    attributes = {"verb": "list", "resource": kind.plural} | (
        {"group": kind.wanted.group} if kind.wanted.group else {}
    )
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    try:
        reply = requester.post(REVIEW_PATH, orjson.dumps(review), Tally())
    except RequestFailedError as error:
        return AccessAnswer(allowed=None, detail=error.message)
    if reply.status not in (200, 201):
        return AccessAnswer(allowed=None, detail=refusal(reply, REVIEW_RIGHT).detail)
    document = parse_object(reply.body) or {}
    status = document.get("status")
    allowed = status.get("allowed") if isinstance(status, Mapping) else None
    if not isinstance(allowed, bool):
        return AccessAnswer(allowed=None, detail="the review has no answer")
    return AccessAnswer(allowed=allowed, detail="" if allowed else f"not allowed to {kind.right}")
