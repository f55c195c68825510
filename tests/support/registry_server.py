"""A registry on the loopback interface, which answers as it is told to.

    server.answers[:] = [answer(csl())]

The last answer is given again and again; every request is kept in `server.seen`, where `server` is the fixture `registry_server`.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[BaseHTTPRequestHandler], None]

CSL = "application/vnd.citationstyles.csl+json"


def csl(**fields: Any) -> bytes:
    """Return a work's metadata as a registry gives them."""
    item = {
        "type": "journal-article",
        "title": "SciPy 1.0",
        "DOI": "10.1038/S41592-019-0686-2",
        "author": [{"family": "Virtanen", "given": "Pauli", "sequence": "first"}],
        "issued": {"date-parts": [[2020, 2, 3]]},
        "abstract": "not printed",
    }
    return json.dumps(item | fields).encode()


def answer(body: bytes = b"", kind: str = CSL, status: int = 200, **headers: str) -> Answer:
    """Return what sends a body with its status and headers; those given replace the usual ones."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


class RegistryServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[BaseHTTPRequestHandler] = []
        self.answers: list[Answer] = []
        self.base = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: RegistryServer

    def do_GET(self) -> None:
        self.server.seen.append(self)
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *_: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return "Fri, 20 Nov 2026 12:00:00 GMT"


@pytest.fixture
def registry_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RegistryServer]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = RegistryServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
