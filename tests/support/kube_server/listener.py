"""Sockets: accepts, authenticates, records, lets faults happen, compresses."""

from __future__ import annotations

import gzip
import json
import os
import socket
import ssl
import struct
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.support.kube_server import answers
from tests.support.kube_server.access import User
from tests.support.kube_server.answers import Answer, RefusalError
from tests.support.kube_server.faults import Fault, FaultTable
from tests.support.kube_server.routes import Api, Call, find_place
from tests.support.kube_server.store import Token

GZIP_FROM_BYTES = 128 * 1024  # a real server leaves smaller answers alone


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request as it arrived, without its secret."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case; of Authorization only the scheme is kept."""
    user: str
    """Empty when nobody was authenticated."""

    @property
    def is_read_only(self) -> bool:
        """True for GET and for reviews of the caller's own rights, which store nothing."""
        return self.method == "GET" or (
            self.method == "POST"
            and self.path.rpartition("/")[2] in ("selfsubjectaccessreviews", "selfsubjectreviews")
        )


class Listener(ThreadingHTTPServer):
    """HTTPS on a free port of 127.0.0.1; each connection has its own thread."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, api: Api, users: Sequence[User], faults: FaultTable, context: ssl.SSLContext
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api
        self.users = users
        self.faults = faults
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.context = context
        self._seen: list[SeenRequest] = []
        self._open: dict[int, tuple[socket.socket, threading.Thread]] = {}

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:
        """Shake hands in the connection's own thread, so that nobody blocks the accepting one."""
        try:
            request.settimeout(30)
            secure = self.context.wrap_socket(request, server_side=True)
        except (OSError, ValueError):
            request.close()
            return
        with self.lock:
            self._open[id(secure)] = (secure, threading.current_thread())
        try:
            super().process_request_thread(secure, client_address)
        finally:
            with self.lock:
                self._open.pop(id(secure), None)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests break connections on purpose; nobody wants the tracebacks."""

    def close_connections(self) -> None:
        """Close what clients keep open and wait for the threads."""
        self.closing.set()
        with self.lock:
            left = list(self._open.values())
        for connection, _ in left:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for _, thread in left:
            thread.join(5)

    def record(self, request: SeenRequest) -> None:
        with self.lock:
            self._seen.append(request)

    def seen(self) -> list[SeenRequest]:
        with self.lock:
            return list(self._seen)

    def authenticate(self, authorization: str, certificate_name: str) -> User | None:
        """Return who asks, by bearer token or client certificate."""
        scheme, _, token = authorization.partition(" ")
        for user in self.users:
            if scheme.lower() == "bearer" and token == user.token:
                return user
            if not authorization and certificate_name == user.name:
                return user
        return None


class _Handler(BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names the base class looks up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Tests read `requests` instead."""

    def _handle(self) -> None:
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        path = url.path.rstrip("/") or "/"
        authorization = headers.get("authorization", "")
        user = self.server.authenticate(authorization, self._certificate_name())
        shown = dict(headers)
        if authorization:
            shown["authorization"] = authorization.partition(" ")[0] + " <removed>"
        name = user.name if user is not None else ""
        self.server.record(SeenRequest(self.command, path, query, shown, name))
        if user is None:
            self._send(answers.unauthorized(), headers, None)
            return
        call = Call(
            method=self.command, path=path, query=query, headers=headers, user=user, body=body
        )
        fault = self._fault(call)
        if fault is not None and fault.delay:
            self.server.closing.wait(fault.delay)
        if fault is not None and fault.reset:
            self._reset()
            return
        answer = _broken_answer(fault, call) if fault is not None else None
        self._send(answer or self.server.api.answer(call), headers, fault)

    def _certificate_name(self) -> str:
        assert isinstance(self.connection, ssl.SSLSocket)
        certificate = self.connection.getpeercert() or {}
        for part in certificate.get("subject", ()):
            for key, value in part:
                if key == "commonName":
                    return str(value)
        return ""

    def _fault(self, call: Call) -> Fault | None:
        places = {call.path}
        start, token = 0, call.query.get("continue", "")
        place = find_place(call.path)
        if place is not None:
            places |= {place.plural, f"{place.plural}.{place.group}"}
            kind = self.server.api.types.find(place.group, place.version, place.plural)
            if token and kind is not None:
                try:
                    start = self.server.api.store.count_before(
                        kind, place.namespace, Token.decode(token)
                    )
                except RefusalError:
                    start = 0
        return self.server.faults.take(places, start, bool(token))

    def _reset(self) -> None:
        """Close with RST: linger of zero seconds."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _send(self, answer: Answer, asked: Mapping[str, str], fault: Fault | None) -> None:
        body, content_type = _spoil(answer, fault)
        headers = {"Cache-Control": "no-cache, private"} | dict(answer.headers)
        if content_type:
            headers["Content-Type"] = content_type
        if "gzip" in asked.get("accept-encoding", "") and len(body) >= GZIP_FROM_BYTES:
            body = gzip.compress(body, 1)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault is not None and fault.cut:
            self.close_connection = True
            body = body[: len(body) // 2]
        self.wfile.write(body)


def _broken_answer(fault: Fault, call: Call) -> Answer | None:
    """Return the answer a real server gives with the code of `fault`; None when it has none."""
    if fault.redirect:
        return answers.text(302, "Found\n", {"Location": fault.redirect})
    if not fault.status:
        return None
    place = find_place(call.path)
    match fault.status:
        case 401:
            return answers.unauthorized()
        case 403 if place is not None:
            verb = "get" if place.name else "list"
            return answers.forbidden(call.user.name, verb, place.group, place.plural)
        case 403:
            return answers.forbidden_path(call.user.name, call.path)
        case 404:
            return answers.unknown_resource() if place is not None else answers.unknown_path()
        case 410:
            token = Token.decode(call.query["continue"])
            return answers.expired(Token(-1, token.start).encode(slash=False))
        case 429:
            return answers.too_many_requests(fault.retry_after)
        case code if code >= 500:
            return answers.server_error(code)
    raise AssertionError(f"no fault known with status {fault.status}")


def _spoil(answer: Answer, fault: Fault | None) -> tuple[bytes, str]:
    """Return body and content type, spoilt as `fault` says."""
    if fault is None:
        return answer.body, answer.content_type
    if fault.login_page:
        return b"<!doctype html><title>Sign in</title>\n", "text/html; charset=utf-8"
    if fault.garbage:
        return b"\x00\xff not JSON at all", answers.JSON
    body = answer.body
    if fault.rewrite is not None:
        body = answers.encode(fault.rewrite(json.loads(body)))
    if fault.truncate:
        body = body[: len(body) // 2]
    return body, answer.content_type
