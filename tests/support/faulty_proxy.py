"""A proxy that stands before a server as nginx does, and fails as it is told to.

    with FaultyProxy(upstream) as proxy:
        proxy.fault("POST", r"/actions/publish$", lose_answer(504))
        client = httpx.Client(base_url=proxy.url)

Every request is kept, as it arrived, in `proxy.requests`. Links in the server's answers are made to name the proxy,
so that who follows them stays behind it. A fault that no request has met is an error when the `with` ends.
"""

from __future__ import annotations

import http.client
import re
import socket
import struct
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault = Callable[["Exchange"], None]

PAGE = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center><hr>nginx</body></html>"
PER_CONNECTION = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "content-length",
}
OWN_WORDS = {*PER_CONNECTION, "host", "accept-encoding"}  # said by the proxy itself to the server
WITH_LINKS = re.compile(r"json|html|xml")
NO_LINGER = struct.pack("ii", 1, 0)  # closing then resets the connection
BODILESS = (204, 304)


@dataclass(frozen=True)
class Request:
    """A request as it arrived; of one that was broken off, the part of its body that was read."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Answer:
    """What is sent back for a request."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass
class Rule:
    """Which requests meet a fault: `times` of those that match, from the `nth` (counted from 1) on."""

    method: str
    path: re.Pattern[str]
    meet: Fault
    nth: int
    times: int
    seen: int = 0

    def takes(self, request: Request) -> bool:
        if request.method != self.method or not self.path.search(request.path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass
class Exchange:
    """One request between its client and the server, in the hands of a fault."""

    handler: _Handler
    request: Request
    unread: int
    upstream: str

    def read(self) -> None:
        """Read what is left of the request's body."""
        self._read(self.unread)

    def read_half(self) -> None:
        if self.unread < 2:
            raise AssertionError(
                f"{self.request.path} has no body of a known length that could be broken off"
            )
        self._read(self.unread // 2)

    def _read(self, size: int) -> None:
        self.request = Request(
            self.request.method,
            self.request.path,
            self.request.headers,
            self.request.body + self.handler.rfile.read(size),
        )
        self.unread -= size
        self.handler.server.requests.append(self.request)

    def forward(self) -> Answer:
        """Let the server have what was read, and give what it answers; it sees the client leave if that is not all."""
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc)
        try:
            connection.putrequest(self.request.method, self.request.path)
            for key, value in self.request.headers:
                if key.lower() not in OWN_WORDS:
                    connection.putheader(key, value)
            if self.request.body or self.request.method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(self.request.body) + self.unread))
            connection.endheaders(self.request.body or None)
            if self.unread:
                connection.sock.shutdown(socket.SHUT_WR)
            response = connection.getresponse()
            return self._as_ours(response, response.read())
        finally:
            connection.close()

    def _as_ours(self, response: http.client.HTTPResponse, body: bytes) -> Answer:
        theirs, ours = _origin(self.upstream), _origin(self.handler.server.url)
        if WITH_LINKS.search(response.headers.get("Content-Type", "")):
            body = body.replace(theirs.encode(), ours.encode())
        kept = [(key, value) for key, value in response.getheaders() if key.lower() not in PER_CONNECTION]
        return Answer(response.status, tuple((key, value.replace(theirs, ours)) for key, value in kept), body)

    def answer(self, answer: Answer, share: float = 1.0) -> None:
        """Send an answer, or the share of its body that is to arrive."""
        handler = self.handler
        handler.send_response_only(answer.status)
        for key, value in answer.headers:
            handler.send_header(key, value)
        if answer.status not in BODILESS:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if self.request.method != "HEAD" and answer.status not in BODILESS:
            handler.wfile.write(answer.body[: int(len(answer.body) * share)])

    def reset(self) -> None:
        self.handler.close_connection = True
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def pass_on(exchange: Exchange) -> None:
    """Do what a proxy does when all is well."""
    exchange.read()
    exchange.answer(exchange.forward())


def page(status: int, retry_after: str | None = None) -> Answer:
    """Return an error in the words of a proxy: a page of HTML."""
    waiting = (("Retry-After", retry_after),) if retry_after is not None else ()
    return Answer(status, (("Content-Type", "text/html"), *waiting), PAGE % (status, status))


def refuse(status: int, retry_after: str | None = None) -> Fault:
    """Answer in the server's place, which never sees the request."""

    def meet(exchange: Exchange) -> None:
        exchange.read()
        exchange.answer(page(status, retry_after))

    return meet


def lose_answer(status: int) -> Fault:
    """Let the server do what it is asked, and answer that it did not."""

    def meet(exchange: Exchange) -> None:
        exchange.read()
        exchange.forward()
        exchange.answer(page(status))

    return meet


def reset_in_request(exchange: Exchange) -> None:
    """Break the connection when half of the request's body is through; the server has dealt with it by then."""
    exchange.read_half()
    with suppress(http.client.HTTPException, ConnectionError):  # a server may leave such a request unanswered
        exchange.forward()
    exchange.reset()


def reset_before_answer(exchange: Exchange) -> None:
    """Let the server do what it is asked, then break the connection."""
    exchange.read()
    exchange.forward()
    exchange.reset()


def reset_in_answer(exchange: Exchange) -> None:
    """Let the server do what it is asked, then break the connection when half of its answer is through."""
    exchange.read()
    exchange.answer(exchange.forward(), share=0.5)
    exchange.reset()


@dataclass
class Hold:
    """Keep the client waiting: `reached` tells that a request is held, and setting `released` lets it go on."""

    forward_first: bool
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        exchange.read()
        answer = exchange.forward() if self.forward_first else None
        self.reached.set()
        self.released.wait()
        exchange.answer(answer or exchange.forward())


class FaultyProxy(ThreadingHTTPServer):
    """Listens on a free port of this machine while its `with` lasts, before the server at `upstream`, a URL."""

    daemon_threads = False  # each is waited for when the `with` ends

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.url = f"http://127.0.0.1:{self.server_address[1]}{urlsplit(upstream).path}"
        self.requests: list[Request] = []
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._clients: set[socket.socket] = set()
        self._errors: list[BaseException] = []

    def fault(self, method: str, path: str, meet: Fault, *, nth: int = 1, times: int = 1) -> None:
        """Let the `nth` request (and those after it, up to `times`) whose path holds this pattern meet a fault."""
        self._rules.append(Rule(method, re.compile(path), meet, nth, times))

    def fault_for(self, request: Request) -> Fault:
        with self._lock:
            return next((rule.meet for rule in self._rules if rule.takes(request)), pass_on)

    def __enter__(self) -> Self:
        self._serving = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._serving.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.shutdown()
        self._serving.join()
        for rule in self._rules:
            if isinstance(rule.meet, Hold):
                rule.meet.released.set()
        with self._lock:
            for client in self._clients:
                client.shutdown(socket.SHUT_RD)  # an answer that is under way still arrives
        self.server_close()
        if kind is None:
            for error in self._errors:
                raise error
            unmet = [f"{rule.method} {rule.path.pattern}" for rule in self._rules if rule.seen < rule.nth]
            assert not unmet, f"no request met the fault of {unmet}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._clients.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._clients.discard(request)
        self.close_request(request)  # at once: an orderly end would come before the reset

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):  # clients may leave
            self._errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer in two parts would wait 40 ms for the other side's word
    server: FaultyProxy

    def log_message(self, *_: object) -> None:
        """Say nothing: what came is kept."""

    def meet(self) -> None:
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "")
        body = self._read_chunks() if chunked else b""
        unread = 0 if chunked else int(self.headers.get("Content-Length", 0))
        request = Request(self.command, self.path, tuple(self.headers.items()), body)
        exchange = Exchange(self, request, unread, self.server.upstream)
        self.server.fault_for(request)(exchange)

    def _read_chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = meet  # noqa: N815
