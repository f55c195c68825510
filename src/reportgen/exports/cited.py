"""What the citation formats say: the report as one work, and its sources as others, each with what is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.base.identifiers import Identifier, identify
from reportgen.content.status import notices
from reportgen.sources.csl_json import identifiers_of
from reportgen.sources.dates import Date
from reportgen.sources.entry import Entry, Name, titled
from reportgen.text.inline import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.base.author import Author
    from reportgen.base.identifiers import Kind
    from reportgen.exports.interface import Publication
    from reportgen.sources import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """A work as the citation formats write it.

    ``key`` is ASCII and unique among the works of a report; ``named`` is the identifier under which it is cited;
    ``notes`` are what is to be said of it beside what its entry holds.
    """

    key: str
    entry: Entry
    named: Identifier | None = None
    notes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    abstract: str = ""
    license: str = ""

    @property
    def identifiers(self) -> Mapping[Kind, Identifier]:
        """Return what identifies it, one of a kind, with the version that is cited."""
        return identifiers_of(self.entry, self.named)

    @property
    def address(self) -> str:
        """Return where a reader can open it; '' where nowhere."""
        known = self.identifiers
        opened = (known[kind].url for kind in ("url", "doi", "arxiv", "pmid") if kind in known)
        return next(filter(None, opened), "")


def report_of(publication: Publication) -> CitedWork:
    """Return the report as a work: with its state behind its title, and what a reader must know in its notes."""
    inputs, tree = publication.inputs, publication.tree
    record, wording = inputs.record, inputs.wording
    registration = inputs.registration
    texts = {
        "title": title_of(publication),
        "genre": wording.t.kind[record.kind],
        "number": inputs.derived.display_id,
        "version": record.version,
        "publisher": inputs.publisher.name,
    }
    authors = tuple(map(_name, inputs.authors)) or (Name(literal=normalise(inputs.publisher.name)),)
    found = [identify(registration.doi, "doi")] if registration and not registration.sandbox else []
    found += [Identifier("url", publication.url)] if publication.url else []
    day = (record.date.year, record.date.month, record.date.day)
    return CitedWork(
        key=inputs.derived.display_id.replace(":", "-"),
        entry=Entry(
            key="",
            type="report",
            texts={name: normalise(text) for name, text in texts.items()},
            names={"author": authors},
            dates={"issued": Date(day)},
            language=record.language,
            identifiers=tuple(found),
        ),
        notes=tuple(normalise(plain_text(notice)) for notice in notices(inputs)),
        keywords=tuple(dict.fromkeys(map(normalise, record.keywords))),
        abstract=tree.description,
        license=normalise(inputs.license or ""),
    )


def title_of(publication: Publication) -> str:
    """Return the title of the report; a state that no reader may miss stands behind it in brackets."""
    record, state = publication.inputs.record, publication.tree.warning
    title = titled(normalise(record.title), normalise(record.subtitle or ""))
    return f"{title} [{state}]" if state else title


def _name(author: Author) -> Name:
    """Return an author's name in its parts; which word is the family's is never guessed."""
    if author.type == "person" and author.family:
        return Name(normalise(author.family), normalise(author.given or ""))
    return Name(literal=normalise(author.name))


def sources_of(publication: Publication) -> tuple[CitedWork, ...]:
    """Return the sources of the report in the order of their numbers; a set is its members."""
    return tuple(
        work for each in publication.inputs.bibliography.references for work in works_of(each, publication)
    )


def works_of(reference: Reference, publication: Publication) -> Iterator[CitedWork]:
    """Yield the work that a reference names, of a set each of its members."""
    key, identifier = reference.anchor.removeprefix("ref-"), reference.identifier
    named = None if identifier.kind == "key" else identifier
    entry, t = reference.entry, publication.inputs.wording.t
    if entry is None:
        kind = "webpage" if identifier.kind == "url" else "document"
        bare = Entry(key=key, type=kind, identifiers=(named,) if named else ())
        yield CitedWork(key=key, entry=bare, named=named, notes=(str(identifier), t.references.unresolved))
    elif entry.members:
        for number, member in enumerate(entry.members, 1):
            yield CitedWork(key=f"{key}-{number}", entry=printed(member))
    else:
        retraction = f"{t.status.retracted_short}: doi:{entry.retraction}" if entry.retraction else ""
        yield CitedWork(key=key, entry=printed(entry), named=named, notes=(retraction,) if retraction else ())


def printed(entry: Entry) -> Entry:
    """Return an entry with its texts as they are printed: on one line, what steers or hides shown by number."""
    return replace(
        entry,
        texts={name: _marks_kept(text) for name, text in entry.texts.items()},
        names={role: tuple(map(_printed_name, people)) for role, people in entry.names.items()},
        dates={name: replace(date, literal=normalise(date.literal)) for name, date in entry.dates.items()},
    )


_MARKS = re.compile("([\ufdd0-\ufdd5])")
"""What says that words are raised, lowered or in italics; all else of its kind is no text."""


def _marks_kept(text: str) -> str:
    return "".join(part if _MARKS.match(part) else normalise(part) for part in _MARKS.split(text))


def _printed_name(name: Name) -> Name:
    return Name(
        normalise(name.family),
        normalise(name.given),
        normalise(name.non_dropping_particle),
        normalise(name.suffix),
        normalise(name.literal),
        normalise(name.dropping_particle),
    )


def said_besides(work: CitedWork, *, written: frozenset[str]) -> Iterator[str]:
    """Yield what a format has no field for: the notes, and each variable of the entry that is not among ``written``."""
    entry = work.entry
    if note := entry.text("note"):
        yield note
    yield from work.notes
    for name in entry.texts:
        if name not in written and name != "note":
            yield f"{name}: {entry.text(name)}"
    for role, people in entry.names.items():
        if role not in written:
            yield f"{role}: {'; '.join(map(str, people))}"
    for name, date in entry.dates.items():
        if name not in written:
            yield f"{name}: {date.edtf or date.year}"
