"""What goes back over the wire: bodies with the wording of a real server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One response before compression."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """A request that ends in an error answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def encode(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def document(body: object, status: int = 200) -> Answer:
    return Answer(status, encode(body) + b"\n")


def text(status: int, body: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(
        status, body.encode(), TEXT, {"X-Content-Type-Options": "nosniff"} | dict(headers or {})
    )


def failure(
    code: int,
    reason: str,
    message: str,
    *,
    details: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
) -> Answer:
    """A `Status` document, fields in the order a real server writes them."""
    body: dict[str, object] = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": dict(metadata or {}),
        "status": "Failure",
        "message": message,
        "reason": reason,
    }
    if details is not None:
        body["details"] = dict(details)
    return document(body | {"code": code}, code)


def unauthorized() -> Answer:
    return failure(401, "Unauthorized", "Unauthorized")


def forbidden(
    user: str, verb: str, group: str, resource: str, namespace: str = "", name: str = ""
) -> Answer:
    qualified = f"{resource}.{group}" if group else resource
    subject = f'{qualified} "{name}"' if name else qualified
    scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    details = {"name": name, "group": group, "kind": resource}
    answer = failure(
        403,
        "Forbidden",
        f'{subject} is forbidden: User "{user}" cannot {verb} resource "{resource}"'
        f' in API group "{group}" {scope}',
        details={key: value for key, value in details.items() if value},
    )
    return Answer(403, answer.body, JSON, {"X-Content-Type-Options": "nosniff"})


def forbidden_path(user: str, path: str) -> Answer:
    message = f'forbidden: User "{user}" cannot get path "{path}"'
    answer = failure(403, "Forbidden", message, details={})
    return Answer(403, answer.body, JSON, {"X-Content-Type-Options": "nosniff"})


def unknown_resource() -> Answer:
    return failure(404, "NotFound", "the server could not find the requested resource", details={})


def unknown_path() -> Answer:
    return text(404, "404 page not found\n")


def unknown_name(group: str, resource: str, name: str) -> Answer:
    qualified = f"{resource}.{group}" if group else resource
    details = {"name": name, "group": group, "kind": resource}
    return failure(
        404,
        "NotFound",
        f'{qualified} "{name}" not found',
        details={key: value for key, value in details.items() if value},
    )


def method_not_allowed() -> Answer:
    return failure(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        details={},
    )


def not_acceptable() -> Answer:
    return failure(
        406,
        "NotAcceptable",
        "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml,"
        " application/vnd.kubernetes.protobuf, application/json;stream=watch,"
        " application/vnd.kubernetes.protobuf;stream=watch",
        details={},
    )


def bad_request(message: str) -> Answer:
    return failure(400, "BadRequest", message)


def expired(fresh_token: str = "") -> Answer:
    """410; with a token by which the client may take an inconsistent remainder."""
    if not fresh_token:
        return failure(410, "Expired", "The resourceVersion for the provided list is too old.")
    return failure(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can"
        " start a new list without the continue parameter, or use the continue token in this"
        " response to retrieve the remainder of the results. Continuing with the provided token"
        " results in an inconsistent list - objects that were created, modified, or deleted"
        " between the time the first chunk was returned and now may show up in the list.",
        metadata={"continue": fresh_token},
    )


def too_many_requests(retry_after: str = "1") -> Answer:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return text(429, "Too many requests, please try again later.\n", headers)


def service_unavailable() -> Answer:
    return text(503, "service unavailable\n")


def server_error(code: int) -> Answer:
    """500 and 504 as a Status, 503 as text, as a real server writes them."""
    if code == 503:
        return service_unavailable()
    reason = "Timeout" if code == 504 else "InternalError"
    return failure(code, reason, "Internal error occurred: etcdserver: request timed out")
