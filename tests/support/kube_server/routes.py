"""From a parsed request to an answer: the part of the server that knows no sockets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.support.kube_server import access, answers, discovery
from tests.support.kube_server.access import User
from tests.support.kube_server.answers import Answer, RefusalError
from tests.support.kube_server.api_types import ApiType, TypeTable
from tests.support.kube_server.store import CREATED, Page, Store, Token

PARTIAL = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
OPEN_PATHS = ("/api", "/apis", "/version", "/healthz", "/livez", "/readyz", "/openapi")
DEPRECATED = {
    (
        "",
        "v1",
        "endpoints",
    ): "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
}
_RESOURCE_PATH = re.compile(
    r"/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+)/(?P<version>[^/]+))"
    r"(?:/namespaces/(?P<namespace>[^/]+)(?=/.))?"
    r"/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?"
)
_EQUALITY = re.compile(r"\s*([\w./-]+)\s*==?\s*([\w.-]*)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request after authentication."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    user: User
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a resource path names."""

    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The state behind the routes."""

    types: TypeTable
    store: Store
    down: Collection[str] = ()
    """group/version of aggregated APIs without a backend."""
    aggregated_discovery: bool = True
    address: str = field(default="127.0.0.1:0")

    def answer(self, call: Call) -> Answer:
        """Authorise and answer; every failure is an answer too."""
        try:
            place = find_place(call.path)
            if place is not None:
                return self._resource(call, place)
            return self._path(call)
        except RefusalError as refusal:
            return refusal.answer

    def _path(self, call: Call) -> Answer:
        is_open = any(call.path == p or call.path.startswith(p + "/") for p in OPEN_PATHS)
        if not is_open and not call.user.rights.unlimited:
            return answers.forbidden_path(call.user.name, call.path)
        if call.path == "/version":
            return answers.document(discovery.version_document())
        if call.path in ("/healthz", "/livez", "/readyz"):
            return answers.text(200, "ok")
        return self._discovery(call, call.path.strip("/").split("/"))

    def _discovery(self, call: Call, parts: list[str]) -> Answer:
        if (parts in (["api"], ["apis"])) and self._wants_aggregated(call):
            return self._aggregated(call, core=parts == ["api"])
        body: Mapping[str, object] | None = None
        match parts:
            case ["api"]:
                body = discovery.api_versions(self.address)
            case ["apis"]:
                body = discovery.group_list(self.types, self.down)
            case ["api", version]:
                body = discovery.resource_list(self.types, "", version)
            case ["apis", group]:
                body = discovery.group(self.types, self.down, group)
            case ["apis", group, version]:
                if f"{group}/{version}" in self.down:
                    return answers.service_unavailable()
                body = discovery.resource_list(self.types, group, version)
        return answers.document(body) if body is not None else answers.unknown_path()

    def _wants_aggregated(self, call: Call) -> bool:
        accepted = [part.strip() for part in call.headers.get("accept", "").split(",")]
        return self.aggregated_discovery and any(
            sorted(part.split(";")) == sorted(discovery.AGGREGATED.split(";")) for part in accepted
        )

    def _aggregated(self, call: Call, *, core: bool) -> Answer:
        body = answers.encode(discovery.aggregated(self.types, self.down, core=core)) + b"\n"
        etag = f'"{hashlib.sha512(body).hexdigest().upper()}"'
        headers = {"Cache-Control": "public", "ETag": etag, "Vary": "Accept"}
        if call.headers.get("if-none-match") == etag:
            return Answer(304, b"", "", headers)
        return Answer(200, body, discovery.AGGREGATED, headers)

    def _resource(self, call: Call, place: Place) -> Answer:
        verb = _verb(call.method, place)
        # Self reviews are open to everybody (ClusterRole system:basic-user).
        is_review = verb == "create" and place.plural.startswith("selfsubject")
        if not is_review and not call.user.rights.allow(place.group, place.plural, verb):
            return answers.forbidden(
                call.user.name, verb, place.group, place.plural, place.namespace, place.name
            )
        if f"{place.group}/{place.version}" in self.down:
            return answers.service_unavailable()
        kind = self.types.find(place.group, place.version, place.plural)
        if kind is None:
            known = place.version in self.types.groups().get(place.group, {})
            return answers.unknown_resource() if known else answers.unknown_path()
        if verb not in kind.verbs or verb not in ("get", "list", "create"):
            return answers.method_not_allowed()
        if verb == "create":
            return self._create(call, kind)
        return self._get(call, kind, place) if place.name else self._list(call, kind, place)

    def _create(self, call: Call, kind: ApiType) -> Answer:
        try:
            body = json.loads(call.body)
        except ValueError:
            return answers.bad_request("couldn't get version/kind; json parse error")
        if kind.kind == "SelfSubjectAccessReview":
            return answers.document(access.access_review(call.user, body, CREATED), 201)
        if kind.kind == "SelfSubjectReview":
            return answers.document(access.subject_review(call.user, CREATED), 201)
        return answers.method_not_allowed()

    def _get(self, call: Call, kind: ApiType, place: Place) -> Answer:
        found = self.store.get(kind, place.namespace, place.name)
        if found is None:
            return answers.unknown_name(kind.group, kind.plural, place.name)
        _negotiate(call)
        return answers.document(found | {"apiVersion": kind.api_version})

    def _list(self, call: Call, kind: ApiType, place: Place) -> Answer:
        partial = _negotiate(call)
        revision = call.query.get("resourceVersion", "")
        if (
            call.query.get("resourceVersionMatch") == "Exact"
            and revision.isdigit()
            and self.store.is_compacted(int(revision))
        ):
            return answers.expired()
        token = call.query.get("continue", "")
        selector = parse_selector(call.query.get("labelSelector", ""))
        page = self.store.list(
            kind,
            place.namespace,
            int(call.query.get("limit") or 0),
            Token.decode(token) if token else None,
            selector,
        )
        body = _list_document(kind, page, partial=partial, selected=bool(selector))
        warning = DEPRECATED.get((kind.group, kind.version, kind.plural))
        headers = {"Warning": f'299 - "{warning}"'} if warning else {}
        return Answer(200, answers.encode(body) + b"\n", answers.JSON, headers)


def find_place(path: str) -> Place | None:
    """Return what a resource path names; None for discovery and other paths."""
    match = _RESOURCE_PATH.fullmatch(path)
    if match is None:
        return None
    return Place(
        group=match["group"] or "",
        version=match["core"] or match["version"],
        namespace=match["namespace"] or "",
        plural=match["plural"],
        name=match["name"] or "",
    )


def _verb(method: str, place: Place) -> str:
    if method == "GET":
        return "get" if place.name else "list"
    return {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}[method]


def _negotiate(call: Call) -> bool:
    """True for metadata only; a RefusalError with 406 when nothing accepted is offered."""
    for part in call.headers.get("accept", "*/*").split(","):
        wanted = [item.strip() for item in part.split(";")]
        if sorted(wanted) == sorted(PARTIAL.split(";")):
            return True
        if wanted[0] in ("application/json", "*/*", "application/*") and len(wanted) == 1:
            return False
    raise RefusalError(answers.not_acceptable())


def parse_selector(text: str) -> dict[str, str]:
    """Read an equality selector; anything else is refused with 400."""
    result: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        match = _EQUALITY.fullmatch(part)
        if match is None:
            raise RefusalError(
                answers.bad_request(
                    "unable to parse requirement: found '', expected: ',', ')' or identifier"
                )
            )
        result[match[1]] = match[2]
    return result


def _list_document(
    kind: ApiType, page: Page, *, partial: bool, selected: bool
) -> dict[str, object]:
    metadata: dict[str, object] = {"resourceVersion": str(page.revision)}
    if page.token:
        metadata["continue"] = page.token
        if not selected:
            metadata["remainingItemCount"] = page.remaining
    elif kind.custom and not partial:
        metadata["continue"] = ""
    if partial:
        head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        items = [head | {"metadata": item["metadata"]} for item in page.objects]
        return {
            "kind": "PartialObjectMetadataList",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": metadata,
            # Really null, not [], when there is nothing.
            "items": items or None,
        }
    if kind.custom:
        shown = [{**item, "apiVersion": kind.api_version} for item in page.objects]
    else:
        hidden = ("apiVersion", "kind")
        shown = [{k: v for k, v in item.items() if k not in hidden} for item in page.objects]
    return {
        "kind": f"{kind.kind}List",
        "apiVersion": kind.api_version,
        "metadata": metadata,
        "items": shown,
    }
