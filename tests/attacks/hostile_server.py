"""A server on the loopback interface that speaks raw bytes, so that it can say what no HTTP server would."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handler = Callable[["Visit"], None]

PACE = 0.02
MOST_DRIPS = 500
"""After so many the server goes on as a good one would, so that a client which waits for it fails the test."""


@dataclass
class Visit:
    """One request, and the connection that waits for its answer."""

    connection: socket.socket
    request: bytes
    stop: threading.Event

    def say(self, *parts: bytes) -> None:
        self.connection.sendall(b"".join(parts))

    def drip(self, piece: bytes, most: int = MOST_DRIPS) -> None:
        """Say a piece again and again, always before anybody's patience with the single byte ends."""
        for _ in range(most):
            if self.stop.wait(PACE):
                return
            self.connection.sendall(piece)


@dataclass
class HostileServer:
    """Meets each connection with the handler of the moment; the requests are kept."""

    url: str
    handler: Handler = lambda visit: visit.say(answer())
    requests: list[bytes] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def meet(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            request = b"" if getattr(self.handler, "speaks_first", False) else _head(connection)
            self.requests.append(request)
            self.handler(Visit(connection, request, self.stop))


@contextmanager
def hostile_server() -> Iterator[HostileServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=server.meet, args=(connection,), daemon=True))
                threads[-1].start()

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield server
        finally:
            server.stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join(20)
            for thread in threads:
                thread.join(20)


def answer(
    body: object = b"", status: str = "200 OK", kind: str = "application/json", **headers: str
) -> bytes:
    """Write an answer that closes the connection; what is not bytes becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Transfer_Encoding" not in headers and "Content_Length" not in headers:
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def saying(*parts: bytes) -> Handler:
    return lambda visit: visit.say(*parts)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(65_536)):
        head += piece
    return head
