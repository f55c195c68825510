"""A project whose reports are built without TeX, and the site that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from batch_project import Project, make_quickly
from minimal_record import claim
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.site.build import SiteBuild, SiteOptions

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.errors import Problem
    from reportgen.pipeline.batch.outcome import Outcome

FIRST, SECOND, GERMAN = (f"{number:08x}-2222-4333-8444-555555555555" for number in range(3))
PAPER = {"doi": "10.1038/s41592-019-0686-2"}
OTHER = {"arxiv": "2402.18571v3"}


@dataclass
class Site:
    """A project, and where its site is made."""

    project: Project
    folder: Path

    def build(self, **options: Any) -> list[Outcome]:
        """Build the site in this process; give what became of the records."""
        self.said: tuple[Problem, ...] = ()
        with SiteBuild(find_sources([self.project.records]), self.options(**options)) as build:
            outcomes = list(build.outcomes())
            self.said = build.finish()
        return outcomes

    def options(self, **options: Any) -> SiteOptions:
        return SiteOptions(**{"folder": self.folder, "jobs": 1, "formats": ("markdown",), **options})

    def batch(self) -> None:
        """Build the PDFs: stand-ins that hold the record."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pool, "build_one", make_quickly)
            self.project.run()

    def files(self) -> dict[str, bytes]:
        """Return every file of the site with its content, the ledger too."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Return what tells whether a file was written again."""
        found = {path: path.stat() for path in self.folder.rglob("*") if path.is_file()}
        return {path.name + str(path): (each.st_mtime_ns, each.st_ino) for path, each in found.items()}

    def pages(self) -> set[str]:
        return {name for name in self.files() if name.endswith(".html")}

    def text(self, name: str) -> str:
        return " ".join(self.page(name).text_content().split())

    def page(self, name: str) -> html.HtmlElement:
        return html.fromstring((self.folder / name).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))

    def source_page(self, words: str) -> str:
        """Return the page of the source whose address holds some words."""
        (found,) = {name for name in self.pages() if name.startswith("source/") and words in name}
        return found


def lay_out(root: Path, settings: str = '[publisher]\nname = "The Institute"\n') -> Site:
    """Return a project of three reports, one of them in two versions and one in German, that share a source."""
    project = Project.lay_out(root, settings=settings)
    project.write(
        "first.json",
        0,
        title="Early stopping and calibration",
        claims=[
            claim(id="lowers", sources=[PAPER], quote="It lowers the error."),
            claim(
                "Later stopping lowers it, too.",
                id="later",
                verified=False,
                evidence=[{"source": PAPER, "stance": "contradicts"}],
            ),
        ],
        review={"score": 8.7},
    )
    project.write(
        "first-2.json",
        0,
        version="2",
        title="Early stopping and calibration",
        date="2026-06-03",
        claims=[claim(id="lowers", sources=[PAPER])],
        corrections=[
            {
                "event_id": "e1",
                "corrected_at": "2026-06-03",
                "correction_type": "CLAIM",
                "public_note": "One claim was withdrawn.",
            }
        ],
    )
    project.write(
        "second.json",
        1,
        title="Tokens & <b>throughput</b>",
        date="2026-06-02",
        lead_source=OTHER,
        claims=[claim("Throughput rises with $n^2$.")],
    )
    project.write(
        "german.json",
        2,
        title="Überkalibrierung großer Modelle",
        date="2025-12-31",
        language="de",
        claims=[claim("Größere Modelle sind schlechter kalibriert.", sources=[PAPER])],
    )
    (root / "reportgen.toml").write_text('name_pattern = "{id8}-{version}.pdf"\n' + settings)
    return Site(project, root / "site")


def dead_links(site: Site) -> list[str]:
    """Follow every link within the site, which lies at ``/reports/``, and every file that a page names."""
    dead, anchors = [], {}
    for name in site.pages():
        root = site.page(name)
        anchors[name] = {element.get("id") for element in root.iter() if element.get("id")}
    for name in sorted(site.pages()):
        for element in site.page(name).iter():
            for attribute in ("href", "src"):
                if not (address := element.get(attribute)) or urlsplit(address).scheme:
                    continue
                parts = urlsplit(address.removeprefix("/reports/"))
                target = (
                    (site.folder / name).parent / unquote(parts.path) if parts.path else site.folder / name
                )
                key = target.resolve().relative_to(site.folder.resolve()).as_posix()
                if not target.is_file() or (
                    parts.fragment and parts.fragment not in anchors.get(key, {parts.fragment})
                ):
                    dead.append(f"{name}: {address}")
    return dead
