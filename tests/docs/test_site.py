"""The site of the documentation: built without a warning, the same as on GitHub, and of this host alone."""

from __future__ import annotations

import json
import logging
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
REPORT = {"records/0ff0b073.json": "one is enough here"}
COMPARED = {
    "a",
    "blockquote",
    "code",
    "h1",
    "h2",
    "h3",
    "h4",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "td",
    "th",
    "tr",
    "ul",
}
LOADS = {"src", "srcset", "data", "poster"}
"""Attributes of whatever element that make a reader's program load something."""


def make_site(folder: Path, docs: Path = DOCS) -> Path:
    config = load_config(
        str(ROOT / "mkdocs.yml"),
        docs_dir=str(docs),
        site_dir=str(folder),
        extra={"generator": False, "reports": REPORT},
    )
    build(config)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"))


class Page(HTMLParser):
    """A page as a reader's program takes it: its words, how many of each element it has, and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: dict[str, int] = {}
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("class") != "headerlink":
            self.elements[tag] = self.elements.get(tag, 0) + 1
        names = LOADS | ({"href"} if tag == "link" else set())
        self.loaded += [str(given[name]) for name in names & given.keys()]

        if tag == "a" and "href" in given:
            self.links.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> list[str]:
        return self.text.replace("¶", "").split()


def pages_of(site: Path) -> Iterator[Path]:
    return (path for path in site.rglob("*.html") if "reports" not in path.parts)


def test_every_page_is_there(site):
    made = {path.relative_to(site).with_suffix(".md").as_posix() for path in pages_of(site)}
    assert made >= {path.relative_to(DOCS).as_posix() for path in PAGES} | {"project/ARCHITECTURE.md"}
    assert len(PAGES) > 25


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = {address for path in pages_of(site) for address in Page(path.read_text()).loaded}
    assert len(loaded) > 30
    assert [address for address in loaded if urlsplit(address).netloc] == []
    for sheet in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?!data:)(\w+:)?//\S+", sheet.read_text()) == []


def test_links_to_elsewhere_have_the_form_of_an_address(site):
    """Whether somebody answers there is not asked: no test needs the network."""
    links = {link for path in pages_of(site) for link in Page(path.read_text()).links}
    outside = [urlsplit(link) for link in links if urlsplit(link).scheme]
    assert len(outside) > 3
    assert [each.geturl() for each in outside if each.scheme != "https" or "." not in each.netloc] == []


def test_what_makes_the_theme_ask_another_host_is_not_used(site):
    """Its script loads drawings of Mermaid, and the numbers of a repository, from elsewhere."""
    script = next(site.glob("assets/javascripts/bundle.*.js")).read_text()
    assert set(re.findall(r"https://[\w.]+", script)) <= {
        "https://api.github.com",  # for `repo_url`, which is not set
        "https://clipboardjs.com",  # in a comment
        "https://unpkg.com",  # for Mermaid
    }
    for path in pages_of(site):
        assert not re.search(r"class=\"mermaid|data-md-component=\"source\"", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_reads_the_same_on_the_site_as_on_github(path, site):
    """GitHub reads CommonMark; MkDocs reads an older Markdown, which takes lists and tables otherwise here and there."""
    there = Page(MarkdownIt("commonmark").enable("table").render(path.read_text()))
    html = (site / path.relative_to(DOCS)).with_suffix(".html").read_text()
    html = re.sub(
        r'<span class="filename">.*?</span>', "", html
    )  # the title of a block, which GitHub keeps to itself
    here = Page(re.search(r"<article[^>]*>(.*)</article>", html, re.DOTALL)[1])
    if path.stem == "gallery":
        assert here.words[: len(there.words)] == there.words
    else:
        assert here.words == there.words
        assert {name: here.elements.get(name) for name in COMPARED} == {
            name: there.elements.get(name) for name in COMPARED
        }


def test_the_gallery_has_reports_to_download(site):
    for name in ("0ff0b073.pdf", "0ff0b073.html", "0ff0b073.json"):
        assert f'href="reports/{name}"' in (site / "gallery.html").read_text()
        assert (site / "reports" / name).stat().st_size > 1000


def test_every_report_of_the_gallery_is_of_a_record_here():
    reports = load_config(str(ROOT / "mkdocs.yml")).extra["reports"]
    assert {path.name for path in (ROOT / "records").glob("*.[jy]*")} <= {
        Path(record).name for record in reports
    }
    assert all((ROOT / record).is_file() for record in reports)


def test_what_is_searched_for_is_found(site):
    found = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    assert any("dask" in each["text"] for each in found)
    assert {each["location"].partition("#")[0] for each in found} >= {
        "reference/record.html",
        "how-to/batch.html",
    }


def test_a_dead_link_stops_the_build(tmp_path, caplog):
    docs = shutil.copytree(DOCS, tmp_path / "docs")
    wrong = [
        "reference/no-page.md",
        "gallery.md#no-anchor",
        "#no-title",
        "../records/no-record.json",
        "/no-root",
    ]
    (docs / "index.md").write_text("# Here\n\n" + "\n".join(f"[gone]({target})" for target in wrong))
    with caplog.at_level(logging.WARNING), pytest.raises(Abort):
        make_site(tmp_path / "site", docs)
    assert [target for target in wrong if target not in caplog.text] == []
