"""What stands behind the body of a JATS article: thanks, notes, appendices, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.exports.cited import CitedWork, said_besides, works_of
from reportgen.exports.jats.elements import Element, element, id_of, in_paragraphs
from reportgen.exports.work_types import work_type
from reportgen.text.report import ReferenceList, blocks_in
from reportgen.text.tree import Heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.exports.interface import Publication
    from reportgen.exports.jats.blocks import BlockWriter
    from reportgen.sources import Reference
    from reportgen.sources.dates import Date
    from reportgen.sources.entry import Name
    from reportgen.text.report import Reference as ReferenceItem
    from reportgen.text.report import Section
    from reportgen.text.tree import Block, Blocks

_FOOTNOTES: Final = {
    "contributions": "con", "funding": "financial-disclosure", "conflicts_of_interest": "conflict",
}  # fmt: skip
"""The declarations that are notes of the article, by the names of their headings, and what JATS calls each."""
_TEXTS: Final = {
    "volume": "volume", "issue": "issue", "article-number": "elocation-id", "publisher": "publisher-name",
    "publisher-place": "publisher-loc", "edition": "edition", "collection-title": "series", "version": "version",
    "event-title": "conf-name", "event-place": "conf-loc", "ISSN": "issn",
}  # fmt: skip
_SOURCES: Final = frozenset(("book", "report", "thesis", "web", "other", "software", "standard", "patent"))
"""The types whose own title is that of a source, not that of a part of one."""
_SEASONS: Final = 12


class BackWriter:
    """Writes what stands behind the body of one report."""

    def __init__(self, publication: Publication, blocks: BlockWriter) -> None:
        self._publication, self._blocks = publication, blocks
        listed = (block for block in blocks_in(publication.tree.bands) if isinstance(block, ReferenceList))
        self._printed: Mapping[str, ReferenceItem] = {
            item.id: item for references in listed for item in references.items
        }

    def back(self) -> Element:
        """Write the thanks, the other declarations, the appendices and the references."""
        sections = {section.name: section for section in self._publication.tree.sections}
        made = element("back")
        if "declarations" in sections:
            made.extend(self._declarations(sections["declarations"]))
        if "appendices" in sections:
            made.append(self._appendices(sections["appendices"]))
        references = self._publication.inputs.bibliography.references
        if references:
            heading = self._publication.inputs.wording.t.heading.sources
            listed = map(self._reference, references)
            made.append(element("ref-list", element("title", heading), *listed, id="references"))
        return made

    def _declarations(self, section: Section) -> Iterator[Element]:
        notes = element("fn-group")
        for heading, blocks in _parts(section.blocks):
            if heading.level == 2:
                notes.insert(0, element("title", *self._blocks.inlines.write(heading.content)))
            elif heading.id == "acknowledgements":
                title = element("title", *self._blocks.inlines.write(heading.content))
                yield element("ack", title, *in_paragraphs(self._blocks.blocks(blocks)), id=id_of(heading.id))
            else:
                inside = in_paragraphs(self._blocks.blocks((heading, *blocks)))
                notes.append(
                    element(
                        "fn", *inside, fn_type=_FOOTNOTES.get(heading.id, "other"), specific_use=heading.id
                    )
                )
        if notes.find("fn") is not None:
            yield notes

    def _appendices(self, section: Section) -> Element:
        made = element("app-group")
        for appendix in self._blocks.sections(section.blocks, ""):
            appendix.tag = "app"
            made.append(appendix)
        return made

    def _reference(self, reference: Reference) -> Element:
        printed = self._printed.get(reference.anchor)
        citations = [citation_of(work) for work in works_of(reference, self._publication)]
        if printed:
            words = self._blocks.inlines.write(printed.content)
            citations.append(element("mixed-citation", *words))
        made = element("ref", element("label", f"[{reference.number}]"), id=id_of(reference.anchor))
        if len(citations) == 2 and printed:
            made.append(element("citation-alternatives", *citations))
        else:
            made.extend(citations)
        if printed and printed.note:
            made.append(element("note", element("p", *self._blocks.inlines.write(printed.note))))
        return made


def _parts(blocks: Blocks) -> Iterator[tuple[Heading, list[Block]]]:
    """Divide blocks at the headings of their two highest levels."""
    part: tuple[Heading, list[Block]] | None = None
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 3:
            if part:
                yield part
            part = (block, [])
        elif part:
            part[1].append(block)
    if part:
        yield part


def citation_of(work: CitedWork) -> Element:
    """Describe a work element by element; what has none of its own stands as comments."""
    entry, kind = work.entry, work_type(work.entry.type).jats
    made = element("element-citation", publication_type=kind)
    for role, people in entry.names.items():
        group = element("person-group", *map(_person, people), person_group_type=role)
        if role in entry.and_others:
            group.append(element("etal"))
        made.append(group)
    made.extend(_titles(entry.text("title"), entry.text("container-title"), kind))
    if date := entry.dates.get("issued"):
        made.extend(_issued(date))
    made.extend(element(_TEXTS[name], entry.text(name)) for name in entry.texts if name in _TEXTS)
    made.extend(_pages(entry.text("page")))
    made.extend(_identified(work))
    written = frozenset((*_TEXTS, *entry.names, "title", "container-title", "page", "issued"))
    made.extend(element("comment", said) for said in said_besides(work, written=written))
    return made


def _person(name: Name) -> Element:
    if name.literal or not name.surname:
        return element("collab", name.literal or name.given)
    given = [element("given-names", name.given)] if name.given else []
    suffix = [element("suffix", name.suffix)] if name.suffix else []
    return element("name", element("surname", name.surname), *given, *suffix)


def _titles(title: str, container: str, kind: str) -> Iterator[Element]:
    own = "data-title" if kind == "data" else "chapter-title" if kind == "book" else "article-title"
    if title:
        yield element("source" if kind in _SOURCES and not container else own, title)
    if container:
        yield element("source", container)


def _issued(date: Date) -> Iterator[Element]:
    day = date.start
    is_plain = not (date.literal or date.end is not None or date.circa or date.uncertain) and bool(day)
    if not is_plain or (len(day) > 1 and day[1] > _SEASONS):
        yield element("year", date.year, iso_8601_date=date.edtf)
        return
    yield element("year", str(day[0]), iso_8601_date=date.edtf)
    yield from (element(name, str(part)) for name, part in zip(("month", "day"), day[1:], strict=False))


def _pages(pages: str) -> Iterator[Element]:
    first, dash, last = pages.partition("–")
    if dash and "–" in last + first:
        yield element("page-range", pages)
    elif pages:
        yield element("fpage", first)
        yield from [element("lpage", last)] if dash else []


def _identified(work: CitedWork) -> Iterator[Element]:
    known = work.identifiers
    for kind in ("doi", "pmid", "arxiv"):
        if kind in known:
            yield element(
                "pub-id",
                str(known[kind]).removeprefix(f"{kind}:").removeprefix("arXiv:").removeprefix("PMID "),
                pub_id_type=kind,
            )
    if "isbn" in known:
        yield element("isbn", known["isbn"].value)
    if "url" in known:
        yield element("uri", known["url"].value, href=known["url"].value)
