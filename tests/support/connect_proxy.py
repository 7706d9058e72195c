"""A proxy that knows CONNECT only, with or without a password."""

from __future__ import annotations

import base64
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Proxy:
    """A running proxy."""

    port: int
    connected: list[str] = field(default_factory=list)
    """host:port of each tunnel that was opened."""


@contextmanager
def connect_proxy(user: str = "", password: str = "") -> Iterator[Proxy]:
    """Run a proxy on 127.0.0.1; with `user`, others are refused with 407."""
    wanted = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            given = self.headers.get("Proxy-Authorization", "").removeprefix("Basic ")
            if wanted and given != wanted:
                self.send_error(407)
                return
            proxy.connected.append(self.path)
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port))) as upstream:
                self.send_response(200)
                self.end_headers()
                _relay(self.connection, upstream)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    proxy = Proxy(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _relay(left: socket.socket, right: socket.socket) -> None:
    peers = {left: right, right: left}
    while True:
        ready, _, _ = select.select([left, right], [], [], 10)
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            peers[source].sendall(data)
        if not ready:
            return
