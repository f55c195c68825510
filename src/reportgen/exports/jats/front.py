"""What stands before the body of a JATS article: the report's names, its state, its abstract, its other facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from reportgen.base.licences import SPDX, is_spdx
from reportgen.content.facts import correction_name
from reportgen.content.status import notices, status_strip
from reportgen.exports.jats.blocks import BlockWriter, status_texts
from reportgen.exports.jats.elements import Element, element, in_paragraphs
from reportgen.text.inline import inlines, plain_text
from reportgen.text.tree import Heading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from reportgen.base.author import Author
    from reportgen.exports.interface import Publication

_CREDIT: Final = "https://credit.niso.org/contributor-roles/"


def front(publication: Publication, writer: BlockWriter) -> Element:
    """Write the metadata of the report, and what a reader must know of it first."""
    said = [element("p", *writer.inlines.write(notice)) for notice in notices(publication.inputs)]
    state = [element("notes", *said, notes_type="status")] if said else []
    return element("front", _journal(publication), _Article(publication, writer).meta(), *state)


def _journal(publication: Publication) -> Element:
    """Name the publisher in the place of a journal: the report stands in none, so its ISSN is empty."""
    name = publication.inputs.publisher.name
    publisher = element("publisher", element("publisher-name", name))
    identifier = element("journal-id", name, journal_id_type="publisher-id")
    return element("journal-meta", identifier, element("issn"), publisher)


class _Article:
    def __init__(self, publication: Publication, writer: BlockWriter) -> None:
        self._publication, self._writer = publication, writer
        self._inputs, self._tree = publication.inputs, publication.tree
        self._record = publication.inputs.record

    def meta(self) -> Element:
        """Write the article's own metadata, in the order of the DTD."""
        record, wording = self._record, self._inputs.wording
        subject = element("subject", wording.t.kind[record.kind])
        made = element("article-meta")
        made.extend(self._identifiers())
        made.append(element("article-categories", element("subj-group", subject, subj_group_type="kind")))
        made.append(self._titles())
        made.append(self._contributors())
        made.append(_day("pub-date", record.date, "pub"))
        made.extend(self._history())
        made.append(self._permissions())
        made.extend(self._addresses())
        made.extend(self._related())
        made.extend(self._abstracts())
        if record.keywords:
            words = (element("kwd", *self._writer.inlines.plain(inlines(word))) for word in record.keywords)
            made.append(element("kwd-group", *words, kwd_group_type="author"))
        if record.funding is not None:
            said = element("funding-statement", " ".join(record.funding.split()))
            made.append(element("funding-group", said))
        made.append(element("custom-meta-group", *self._facts()))
        return made

    def _identifiers(self) -> Iterator[Element]:
        registration = self._inputs.registration
        yield element("article-id", self._inputs.derived.display_id, pub_id_type="publisher-id")
        if registration and not registration.sandbox:
            yield element("article-id", registration.doi, pub_id_type="doi")
        yield element("article-id", f"urn:uuid:{self._record.id}", pub_id_type="other")

    def _titles(self) -> Element:
        """Write the title, with the state that no reader may miss behind it, and the subtitle."""
        state = [f" [{self._tree.warning}]"] if self._tree.warning else []
        title = element("article-title", *self._writer.inlines.write(inlines(self._record.title)), *state)
        subtitle = self._record.subtitle
        below = [element("subtitle", *self._writer.inlines.write(inlines(subtitle)))] if subtitle else []
        return element("title-group", title, *below)

    def _contributors(self) -> Element:
        publisher = element("collab", self._inputs.publisher.name)
        listed = [*map(self._contributor, self._inputs.authors)]
        return element("contrib-group", *(listed or [element("contrib", publisher, contrib_type="author")]))

    def _contributor(self, author: Author) -> Element:
        made = element("contrib", contrib_type="author")
        if author.orcid:
            made.append(element("contrib-id", f"https://orcid.org/{author.orcid}", contrib_id_type="orcid"))
        made.append(_name(author))
        if author.guarantor:
            said = self._inputs.wording.say("disclosure.guarantor", name=author.name)
            made.append(element("author-comment", element("p", said), content_type="guarantor"))
        if author.affiliation:
            made.append(element("aff", element("institution", author.affiliation)))
        if author.email:
            made.append(element("email", author.email))
        for role in author.roles:
            words = self._inputs.wording.t.credit[role]
            made.append(element("role", words, content_type=f"{_CREDIT}{role}/"))
        return made

    def _history(self) -> Iterator[Element]:
        events = self._record.corrections
        if events:
            kinds = ((event.corrected_at.date(), event.kind or "corrected") for event in events)
            yield element("history", *(_day("date", day, str(kind)) for day, kind in kinds))

    def _permissions(self) -> Element:
        license_ = self._inputs.license
        words = element("license-p", license_ or self._inputs.wording.t.title.license_missing)
        href = f"{SPDX}{license_}" if license_ and is_spdx(license_) else ""
        return element("permissions", element("license", words, href=href))

    def _addresses(self) -> Iterator[Element]:
        publication = self._publication
        if publication.url:
            yield element("self-uri", publication.url, href=publication.url)
        if publication.pdf:
            name = publication.pdf.name
            yield element("self-uri", name, content_type="pdf", href=f"{publication.url}{quote(name)}")

    def _related(self) -> Iterator[Element]:
        others = (
            ("supersedes", self._record.supersedes),
            ("superseded-by", self._record.superseded_by),
            ("translation-of", self._record.translation_of),
        )
        for relation, other in others:
            if other is not None:
                kind, address = ("doi", other) if isinstance(other, str) else ("uri", f"urn:uuid:{other}")
                yield element(
                    "related-article", related_article_type=relation, ext_link_type=kind, href=address
                )

    def _abstracts(self) -> Iterator[Element]:
        """Write the record's own abstract, else what describes the report."""
        printed = {section.name: section.blocks for section in self._tree.sections}.get("abstract")
        if printed is None:
            yield element("abstract", element("p", self._tree.description))
            return
        blocks = (block for block in printed if not (isinstance(block, Heading) and block.level == 2))
        yield element("abstract", *in_paragraphs(self._writer.blocks(blocks)))

    def _facts(self) -> Iterator[Element]:
        """Write what JATS has no element for: version, status, corrections, what the report was made from."""
        wording, record, derived = self._inputs.wording, self._record, self._inputs.derived
        yield _fact("version", record.version)
        yield _fact("record-sha256", self._inputs.record_sha256)
        if self._tree.warning:
            yield _fact("state", self._tree.warning)
        for cell in status_strip(self._inputs).cells:
            yield _fact(cell.label, "; ".join(status_texts(cell)))
        for said in status_strip(self._inputs).said:
            yield _fact("status", plain_text(said))
        for event in record.corrections:
            said = (event.corrected_at.date().isoformat(), correction_name(event, wording), event.public_note)
            yield _fact(f"correction {event.event_id}", "; ".join(said))
        if record.generator:
            yield _fact(
                "generator", " ".join(filter(None, (record.generator.name, record.generator.version)))
            )
        elif derived.machine_made:
            yield _fact("generator", wording.t.disclosure.machine_unnamed)


def _fact(name: str, value: str) -> Element:
    return element("custom-meta", element("meta-name", name), element("meta-value", value))


def _name(author: Author) -> Element:
    """Write an author's name; one whose family name is not given stands whole in its place."""
    if author.type == "organization":
        return element("collab", author.name)
    given = [element("given-names", author.given)] if author.family and author.given else []
    return element("name", element("surname", author.family or author.name), *given)


def _day(name: str, day: dt.date, kind: str) -> Element:
    parts = (("day", day.day), ("month", day.month), ("year", day.year))
    return element(
        name,
        *(element(part, str(value)) for part, value in parts),
        date_type=kind,
        iso_8601_date=day.isoformat(),
    )
