"""A web server for this machine alone: a site that is being written, in a frame that shows it anew after each build."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any, Final, Literal, Self
from urllib.parse import unquote, urlsplit

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import LARGEST_ARTIFACT, path_within, read_foreign
from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK: Final = "127.0.0.1"
_SITE: Final = "/site/"
_FRAME: Final = {"/": "index.html", "/preview.css": "preview.css", "/preview.js": "preview.js"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'none'"
)
_POLICY_OF_SITE: Final = "frame-ancestors 'self'"
_SECONDS: Final = 60
"""How long one request may take to come, and one part of an answer to go."""
_FROM_HERE: Final = ("same-origin", "none")
"""What browsers say of requests that no other page asked for."""


@dataclass(frozen=True, slots=True)
class State:
    """What the preview shows: the number of the build, what is being done, and what is wrong with the records."""

    build: int = 0
    doing: Literal["pages", "pdfs", "ready"] = "pages"
    problems: str = ""


class PreviewServer:
    """Serves a folder below ``/site/`` in the block that it is used in, and the frame that shows it at ``/``.

    It listens on the loopback address alone and answers only who asks for it by that name, so that no page of another
    host can read what is previewed.

    Raises:
        OutputError: the port is taken.

    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._changed = Condition()
        self._state: State | None = State()
        try:
            self._server = ThreadingHTTPServer((LOOPBACK, port), partial(_Handler, folder, self))
        except OSError as error:
            message = f"port {port} of this machine cannot be listened on: {error.strerror}"
            hint = "name another one with --port, or leave it out: a free one is taken then"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="preview", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return the address of the frame."""
        return f"http://{LOOPBACK}:{self.port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._state = None
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def show(self, state: State) -> None:
        """Tell every frame what there is to show."""
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def wait(self, known: State | None) -> State | None:
        """Wait until there is another state than the known one; None means that the preview has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != known)
            return self._state


class _Handler(SimpleHTTPRequestHandler):
    """Answers one request: a file of the frame or of the site, or the stream of states."""

    protocol_version = "HTTP/1.1"
    timeout = _SECONDS

    def __init__(self, folder: Path, preview: PreviewServer, *arguments: Any) -> None:
        self._folder = folder
        self._preview = preview
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer a request for a file or for the stream."""
        if not self._is_for_us():
            return
        if urlsplit(self.path).path == "/events":
            self._stream()
        else:
            self._answer()

    def do_HEAD(self) -> None:
        """Answer what a request for a file would be answered with, without the file."""
        if self._is_for_us():
            self._answer()

    def log_message(self, *_: Any) -> None:
        """Write nothing: requests are no news."""

    def end_headers(self) -> None:
        """Say with every answer that no page of another host may take it in."""
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def _is_for_us(self) -> bool:
        """Refuse who asks by another name, and what the page of another host asks for: it can only be led to here."""
        names = {f"{name}:{self._preview.port}" for name in (LOOPBACK, "localhost")}
        is_led_to = self.headers.get("Sec-Fetch-Mode") == "navigate"
        if self.headers.get("Host") not in names:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "this preview is for its own machine alone")
        elif not is_led_to and self.headers.get("Sec-Fetch-Site", "none") not in _FROM_HERE:
            self.send_error(HTTPStatus.FORBIDDEN, "this preview is for its own pages alone")
        else:
            return True
        return False

    def _answer(self) -> None:
        """Send a file of the frame or of the site; its stamp tells whether it is another one than before."""
        try:
            path = self._file()
            if path and path.is_dir():
                self._send_to(f"{urlsplit(self.path).path}/")
                return
            content, status = (
                (read_foreign(path, most_bytes=LARGEST_ARTIFACT), path.stat()) if path else (b"", None)
            )
        except (OSError, ValueError):
            path = status = None
        if path is None or status is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _media_type(path))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{status.st_mtime_ns:x}-{status.st_size:x}"')
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        is_of_site = self.path.startswith(_SITE)
        self.send_header("Content-Security-Policy", _POLICY_OF_SITE if is_of_site else _POLICY)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def _file(self) -> Path | None:
        """Return the file that is asked for; None where it is none of the frame's nor of the site's.

        Raises:
            OSError, ValueError: it lies outside of the site, or no file has such a name.

        """
        path = unquote(urlsplit(self.path).path)
        if path in _FRAME:
            return packaged_folder("templates") / "preview" / _FRAME[path]
        if not path.startswith(_SITE):
            return None
        found = path_within(self._folder, self._folder / path.removeprefix(_SITE))
        return found / "index.html" if path.endswith("/") else found

    def _send_to(self, path: str) -> None:
        """Send a browser to a folder's own address, from which relative links lead on."""
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _stream(self) -> None:
        """Send each state as it comes, until the preview ends or nobody listens."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        state = self._preview.wait(None)
        try:
            while state is not None:
                self.wfile.write(f"data: {json.dumps(asdict(state))}\n\n".encode())
                state = self._preview.wait(state)
        except OSError:  # the browser has left
            return


def _media_type(path: Path) -> str:
    own = {".js": "text/javascript", ".wasm": "application/wasm", ".md": "text/markdown"}
    kind = own.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind
