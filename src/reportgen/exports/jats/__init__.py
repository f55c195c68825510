"""JATS: the report as a journal article in XML, Journal Publishing 1.1, from the content tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.exports.interface import Format
from reportgen.exports.jats.back import BackWriter
from reportgen.exports.jats.blocks import BlockWriter
from reportgen.exports.jats.elements import LANGUAGE, SPACES, Element, element
from reportgen.exports.jats.front import front
from reportgen.exports.jats.inlines import InlineWriter

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication
    from reportgen.text.report import Section

VERSION: Final = "1.1"
DOCTYPE: Final = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.1 20151215//EN" '
    '"JATS-journalpublishing1.dtd">'
)
_ELSEWHERE: Final = frozenset(("title", "abstract", "references", "declarations", "appendices"))
"""The sections that stand in the front or in the back."""


def article_of(publication: Publication) -> Element:
    """Return the report as an element ``article``."""
    blocks = BlockWriter(InlineWriter(publication.tree.language))
    made = etree.Element("article", nsmap=SPACES)
    made.set("article-type", "research-article")
    made.set("dtd-version", VERSION)
    made.set(LANGUAGE, publication.tree.text_language or publication.tree.language)
    made.append(front(publication, blocks))
    made.append(_body(publication, blocks))
    made.append(BackWriter(publication, blocks).back())
    _leave_out_what_leads_nowhere(made)
    return made


def _body(publication: Publication, blocks: BlockWriter) -> Element:
    body = element("body")
    for band in publication.tree.bands:
        place = body
        if band.heading:
            place = element("sec", element("title", *blocks.inlines.write(band.heading.content)))
        for section in band.sections:
            if section.name not in _ELSEWHERE:
                _extend(place, blocks.sections(section.blocks, section.name, _title(section, publication)))
        if place is not body and len(place) > 1:
            body.append(place)
    return body


def _title(section: Section, publication: Publication) -> str:
    """Return the title of a section that has no heading."""
    t = publication.inputs.wording.t.heading
    titles: dict[str, str] = {"question": t.question, "disclosure": t.disclosure}
    return titles.get(section.name, "")


def _extend(place: Element, sections: list[Element]) -> None:
    """Put sections into a place; one without a title goes on with the section before it."""
    for section in sections:
        before = place[-1] if len(place) else None
        is_titled = len(section[0]) > 0 or bool(section[0].text)
        if not is_titled and before is not None and before.tag == "sec" and before.find("sec") is None:
            before.extend(section[1:])
        else:
            place.append(section)


def _leave_out_what_leads_nowhere(article: Element) -> None:
    """Keep of a name that stands twice the first, and let references to what is not there be words alone."""
    known: set[str] = set()
    for each in article.iter():
        name = each.get("id", "")
        if name in known:
            del each.attrib["id"]
        known |= {name} if name else set()
    for reference in article.iter("xref"):
        if reference.get("rid") not in known:
            reference.attrib.pop("rid", None)


def _written(publication: Publication) -> bytes:
    made = article_of(publication)
    written = etree.tostring(made, encoding="utf-8", xml_declaration=True, doctype=DOCTYPE)
    return bytes(written) + b"\n"


JATS = Format(
    name="jats",
    title="JATS, a journal article in XML",
    ending=".jats.xml",
    media_type="application/xml",
    write=_written,
    holds_all=True,
)
