"""The system's Chromium, one a worker, and a server for the folders of a test: what a page does is watched."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass
class Watched:
    """A page in the browser, and what it said or asked for that no page of ours may."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, place: str) -> Page:
        self.page.goto(self.address + place)
        return self.page

    def require_quiet(self) -> None:
        assert self.faults == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser, once; without one the test is skipped, except in continuous integration."""
    if shutil.which(CHROMIUM) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"there is no {CHROMIUM}")
        pytest.skip(f"NO PAGE WAS LOOKED AT: there is no {CHROMIUM}; ./run setup installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder that its server was last told."""

    def __init__(self, *arguments: Any, served: list[str], **options: Any) -> None:
        super().__init__(*arguments, directory=served[0], **options)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[Path], str]]:
    """Serve one folder at a time on this machine, and give the address."""
    folder = [""]
    handler = functools.partial(_Handler, served=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(path: Path) -> str:
        folder[0] = str(path)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.fixture
def watch(browser: Browser, served: Callable[[Path], str]) -> Iterator[Callable[..., Watched]]:
    """Open pages of a folder in a window of their own; ``options`` are those of a context of playwright's."""
    contexts = []

    def open_folder(folder: Path, **options: Any) -> Watched:
        context = browser.new_context(**{"locale": "en-GB", **options})
        contexts.append(context)
        watched = Watched(context.new_page(), served(folder))
        host = urlsplit(watched.address).netloc
        watched.page.on("console", lambda said: watched.faults.append(f"{said.type}: {said.text}"))
        watched.page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))

        def note(request: Any) -> None:
            if urlsplit(request.url).netloc != host:
                watched.faults.append(f"asked for {request.url}")

        watched.page.on("request", note)

        def note_failure(request: Any) -> None:
            if request.failure != "net::ERR_ABORTED":  # a page that is left asks no longer
                watched.faults.append(f"failed: {request.url}")

        watched.page.on("requestfailed", note_failure)
        return watched

    yield open_folder
    for context in contexts:
        context.close()
