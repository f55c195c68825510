"""Photograph pages of a site of the sample records in the system's Chromium, for docs/gallery.md."""

from __future__ import annotations

import functools
import hashlib
import http.server
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from reportgen import build_batch
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.site.build import SiteBuild, SiteOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
RECORDS = (
    "spacing.json",
    "complete.yaml",
    "5eed0003.json",
    "fbca8ee9.json",
    "795ca78a.json",
    "0ff0b073.json",
)
REVIEW = "report/6b54ffee-2c30-4490-9559-56d0774525d9/v1/index.html"
SOURCE = "source/arxiv-2402-18571-*/index.html"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb")


@dataclass(frozen=True)
class Picture:
    """A part of a page: how wide and high the window is, in which colours, and what stands at its top."""

    name: str
    address: str
    width: int = 1280
    height: int = 1400
    scheme: str = "light"
    top: str = "body"
    words: str = ""

    @property
    def scale(self) -> int:
        """Return how many dots a pixel has; a phone's are small."""
        return 2 if self.width < 500 else 1


PICTURES = (
    Picture("site-report", REVIEW),
    Picture("site-report-dark", REVIEW, scheme="dark", top="#claims"),
    Picture("site-phone", REVIEW, width=360, height=780),
    Picture("site-phone-claims", REVIEW, width=360, height=780, top="#claims"),
    Picture("site-phone-dark", "index.html", width=360, height=780, scheme="dark"),
    Picture("site-search", "index.html", height=960, words="learning"),
    Picture("site-source", SOURCE, height=960),
)


def photograph_site(folder: Path, images: Path) -> Iterator[Path]:
    """Build the site of the samples in a folder, and yield each picture of it; none where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    site = build_site(folder)
    with serve(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for picture in PICTURES:
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                device_scale_factor=picture.scale,
                color_scheme=picture.scheme,
                reduced_motion="reduce",
            )
            (place,) = site.glob(picture.address)
            page.goto(f"{address}{place.relative_to(site)}")
            yield photograph(page, picture, images / f"{picture.name}.png")
        browser.close()


def build_site(folder: Path) -> Path:
    """Build PDFs and site of the sample records."""
    records = [ROOT / "records" / name for name in RECORDS]
    for outcome in build_batch(records, output=folder / "pdfs"):
        if outcome.pdf is None:
            raise SystemExit("\n".join(map(str, outcome.problems)))
    options = SiteOptions(folder=folder / "site", overrides={"output": folder / "pdfs"})
    with SiteBuild(find_sources(records), options) as build:
        for outcome in build.outcomes():
            print(outcome.name, outcome.status)
        build.finish()
    return options.folder


def photograph(page: Page, picture: Picture, file: Path) -> Path:
    """Write what the window shows of a page into a file, after the words are searched for."""
    if picture.words:
        page.fill("#words", picture.words)
        page.wait_for_selector("#found-list .excerpt")
        page.evaluate("document.activeElement.blur()")
    page.locator(picture.top).first.evaluate("it => it.scrollIntoView({block: 'start'})")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file)
    page.close()
    return file


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, as a search needs it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def look_of_site() -> str:
    """Return the hash of the templates and styles that say how a page looks."""
    folder = ROOT / "templates" / "site"
    files = [*sorted(folder.glob("*.css")), *sorted(folder.glob("*.html.j2"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
