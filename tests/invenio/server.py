"""A real InvenioRDM on this machine, for the tests: `server.py FOLDER [DOI_PREFIX]`.

It answers on its standard output, a line of JSON at a time: first where it listens, then one line for each
line of JSON that comes in on its standard input. It ends when that input ends, so it cannot outlive who started it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from instance import FIFTY_GIGABYTES, GENEROUS, make_app
from invenio_db import db
from invenio_files_rest.models import Location
from prepare import add_user, prepare
from search import Search
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

SANDBOX_PREFIX = "10.5072"


class Control:
    """What can be changed while the server runs."""

    def __init__(self, app: Flask, search: Search) -> None:
        self._app = app
        self._search = search

    def user(self, name: str) -> str:
        with self._app.app_context():
            return add_user(name)

    def rate(self, limit: str | None) -> None:
        self._app.config["RATELIMIT_AUTHENTICATED_USER"] = limit or GENEROUS

    def quota(self, size: int | None) -> None:
        """Set the bytes that a draft made from now on may hold."""
        for name in ("RDM_FILES_DEFAULT_QUOTA_SIZE", "RDM_FILES_DEFAULT_MAX_FILE_SIZE"):
            self._app.config[name] = FIFTY_GIGABYTES if size is None else size

    def search_lag(self, on: bool) -> None:
        self._search.lagging = on

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what each key of an order names, with its value."""
        return {name: getattr(self, name)(value) for name, value in order.items()}


class OneWriter:
    """Lets requests that write in one after the other: SQLite, unlike Zenodo's database, has room for one."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._writing = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self._app(environ, start_response)
        with self._writing, closing(self._app(environ, start_response)) as answer:
            return list(answer)


def start(folder: Path, site: str, search: Search, doi_prefix: str) -> Flask:
    """Make the application, with what lies in the folder or, where that is nothing, from the beginning."""
    app = make_app(folder, site, search, doi_prefix)
    saved = folder / "search.json"
    with app.app_context():
        if saved.exists():
            search.load(saved)
        else:
            prepare()
            search.save(saved)
        Location.query.one().uri = str(folder / "files")
        db.session.commit()
    return app


def serve(folder: Path, doi_prefix: str, answers: TextIO) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    site = f"http://127.0.0.1:{listening.getsockname()[1]}"
    search = Search()
    app = start(folder, site, search, doi_prefix)
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    served = DispatcherMiddleware(NotFound(), {"/api": OneWriter(app)})
    server = make_server("127.0.0.1", 0, served, threaded=True, fd=listening.fileno())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    control = Control(app, search)
    print(json.dumps({"url": f"{site}/api"}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(control.obey(json.loads(line))), file=answers, flush=True)
    os._exit(0)  # threads that still answer somebody who is gone need not be waited for


def main() -> None:
    folder, *prefix = sys.argv[1:]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    serve(Path(folder), *prefix or [SANDBOX_PREFIX], answers=answers)


if __name__ == "__main__":
    main()
