"""A TCP relay that gives connections another loopback source address.

libpq cannot choose its source address, and a connection to 127.0.0.1 always comes from 127.0.0.1.
The relay listens on 127.0.0.1 and connects onwards from the address it is given, so the server
reports that address. TLS passes through untouched.
"""

from __future__ import annotations

import contextlib
import socket
import threading

_BLOCK = 1 << 16


class Relay:
    """Listens on a free port of 127.0.0.1 and passes bytes on to `port` from `source_address`."""

    def __init__(self, *, port: int, source_address: str) -> None:
        self._target = ("127.0.0.1", port)
        self._source = (source_address, 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Stop listening and cut every connection."""
        # shutdown wakes the blocked accept; close alone would leave it waiting.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        while True:
            try:
                inward, _ = self._listener.accept()
            except OSError:
                return
            try:
                outward = socket.create_connection(self._target, 10, self._source)
            except OSError:
                inward.close()
                continue
            outward.settimeout(None)
            with self._lock:
                self._open |= {inward, outward}
            thread = threading.Thread(target=self._carry, args=(inward, outward), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, inward: socket.socket, outward: socket.socket) -> None:
        back = threading.Thread(target=_pump, args=(outward, inward), daemon=True)
        back.start()
        _pump(inward, outward)
        back.join()
        with self._lock:
            self._open -= {inward, outward}
        inward.close()
        outward.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(_BLOCK):
            sink.sendall(block)
    for side in (source, sink):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
