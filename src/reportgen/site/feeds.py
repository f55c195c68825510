"""What programs are told of a site: a feed of its reports, the list of its pages, what they may look at.

Times are those of the records, so that a feed is the same on any day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.base.characters import normalise
from reportgen.site.layout import ABOUT, SOURCES, source_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.site.overview import Overview
    from reportgen.site.summary import Summary

FEED: Final = "feed.atom"
ROBOTS: Final = "robots.txt"
SITEMAP: Final = "sitemap.xml"
IN_FEED: Final = 50
IN_SITEMAP: Final = 50_000
"""The most pages that one list may name, as sitemaps.org has it."""
_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "http://www.w3.org/XML/1998/namespace"


def feed_files(overview: Overview) -> Mapping[str, bytes]:
    """Return the files by name: of a site that does not know its address, what needs none."""
    if not overview.base_url:
        return {ROBOTS: b"User-agent: *\nAllow: /\n"}
    robots = f"User-agent: *\nAllow: /\nSitemap: {overview.base_url}{SITEMAP}\n"
    return {ROBOTS: robots.encode(), FEED: _feed(overview), **_sitemaps(overview)}


def _feed(overview: Overview) -> bytes:
    """Write the feed: the reports that were last published or corrected, as Atom has it."""
    latest = sorted(overview.newest, key=lambda each: (each.updated, each.date, each.id), reverse=True)[
        :IN_FEED
    ]
    publisher = overview.settings.publisher
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set(f"{{{_XML}}}lang", overview.wording.language)
    _add(feed, "id", overview.base_url)
    _add(feed, "title", publisher.name)
    _add(feed, "updated", _moment(latest[0].updated if latest else "1970-01-01"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{overview.base_url}{FEED}")
    _add(feed, "link", rel="alternate", type="text/html", href=overview.base_url)
    _add(_add(feed, "author"), "name", publisher.name)
    for summary in latest:
        _entry(feed, summary, overview.base_url)
    return _written(feed)


def _entry(feed: etree._Element, summary: Summary, base_url: str) -> None:
    entry = _add(feed, "entry")
    entry.set(f"{{{_XML}}}lang", summary.language)
    _add(entry, "id", f"urn:uuid:{summary.id}")
    _add(entry, "title", f"{summary.title} [{summary.notice}]" if summary.notice else summary.title)
    _add(entry, "published", _moment(summary.date))
    _add(entry, "updated", _moment(summary.updated))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base_url}{summary.address}")
    for name in summary.authors:
        _add(_add(entry, "author"), "name", name)
    if summary.description:
        _add(entry, "summary", summary.description)


def _sitemaps(overview: Overview) -> Mapping[str, bytes]:
    """Write the list of pages; of more than one list may name, several, and a list of them."""
    pages = list(_pages(overview))
    parts = [pages[start : start + IN_SITEMAP] for start in range(0, len(pages), IN_SITEMAP)]
    if len(parts) == 1:
        return {SITEMAP: _sitemap("urlset", "url", parts[0])}
    files = {f"sitemap-{number}.xml": _sitemap("urlset", "url", part) for number, part in enumerate(parts, 1)}
    index = [(f"{overview.base_url}{name}", "") for name in files]
    return {SITEMAP: _sitemap("sitemapindex", "sitemap", index), **files}


def _pages(overview: Overview) -> Iterator[tuple[str, str]]:
    """Yield address and day of each page that a search may lead to: of a report its newest version."""
    for address in ("", SOURCES, ABOUT):
        yield f"{overview.base_url}{address}", ""
    for summary in overview.newest:
        yield f"{overview.base_url}{summary.address}", summary.updated
    for key in sorted(overview.uses):
        yield f"{overview.base_url}{source_address(key)}", ""


def _sitemap(name: str, part: str, pages: Sequence[tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{_SITEMAPS}}}{name}", nsmap={None: _SITEMAPS})
    for address, day in pages:
        item = etree.SubElement(root, f"{{{_SITEMAPS}}}{part}")
        etree.SubElement(item, f"{{{_SITEMAPS}}}loc").text = address
        if day:
            etree.SubElement(item, f"{{{_SITEMAPS}}}lastmod").text = day
    return _written(root)


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = normalise(text) if text else None
    return element


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]
