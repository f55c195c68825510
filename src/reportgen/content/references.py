"""References: entries written the way the field writes them, with links and back-references."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.text.inline import inlines, joined, plain_text
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Reference as ReferenceItem
from reportgen.text.report import ReferenceList
from reportgen.text.tree import Blocks, Cite, CrossReference, Emphasis, Inlines, Link, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.sources import Entry, Name, Reference
    from reportgen.text.wording import Wording

MOST_AUTHORS = 20
MOST_NAMED = 2
"""So many names stand in a sentence; of more, the first."""
_SUBTITLE = re.compile(r":\s|(?<=[?!])\s|\s[–—]\s")


def references(inputs: Inputs) -> Blocks:
    """List every reference, in the order of its number."""
    bibliography, record, wording = inputs.bibliography, inputs.record, inputs.wording
    items = tuple(
        ReferenceItem(
            f"[{reference.number}]",
            entry_of(reference, wording),
            _note(reference, record, wording),
            id=reference.anchor,
        )
        for reference in bibliography.references
    )
    none = Paragraph(inlines(wording.t.references.none))
    return (inputs.heading("references"), ReferenceList(items) if items else none)


def cite(references: Sequence[Reference]) -> Cite:
    """Cite references by their numbers: [2, 5]."""
    return Cite(
        tuple(
            CrossReference(str(reference.number), reference.anchor, _spoken(reference))
            for reference in references
        )
    )


def _spoken(reference: Reference) -> str:
    """Say in words where a citation leads, for those who do not see the page."""
    title = reference.entry.title if reference.entry else str(reference.identifier)
    return f"{reference.number}: {title}"


def said_of_report(wording: Wording, phrase: str, **report: UUID | str) -> Inlines:
    """Say something of another report, by its UUID or its DOI; a DOI leads there."""
    ((name, other),) = report.items()
    if not isinstance(other, str):
        return inlines(wording.say(phrase, **{name: str(other)}))
    before, _, after = wording.say(phrase, **{name: "\0"}).partition("\0")
    return (before, Link((f"doi:{other}",), f"https://doi.org/{other}"), after)


def entry_of(reference: Reference, wording: Wording) -> Inlines:
    """Describe one work: authors, title, where it appeared, year, link. What is unknown is left out."""
    if reference.entry is None:
        return (*_identifier(reference), ".")
    entry = reference.entry
    parts = (
        inlines(_authors(entry, wording)),
        _title(entry),
        _container(entry, wording),
        inlines(_imprint(entry, wording)),
        inlines(entry.note),
        _identifier(reference),
    )
    return joined(tuple(map(_sentence, filter(None, parts))), " ")


def _sentence(part: Inlines) -> Inlines:
    return part if plain_text(part).endswith((".", "?", "!")) else (*part, ".")


def _authors(entry: Entry, wording: Wording) -> str:
    names = [keep_apart(_name(name)) for name in entry.authors]
    and_others = entry.authors_et_al
    if len(names) > MOST_AUTHORS:
        names, and_others = names[:MOST_AUTHORS], True
    if not names and entry.editors:
        editors = wording.listing([keep_apart(_name(name)) for name in entry.editors])
        return f"{wording.t.references.editors} {editors}"
    if and_others and names:
        return f"{', '.join(names)} {wording.t.references.and_others}"
    return wording.listing(names)


def named_in_text(reference: Reference, wording: Wording) -> Inlines:
    """Name a work within a sentence: by those who wrote or edited it, else by its title up to the colon."""
    entry = reference.entry
    if entry is None:
        return ()
    people, and_others = (
        (entry.authors, entry.authors_et_al) if entry.authors else (entry.editors, entry.editors_et_al)
    )
    names = [keep_apart(_family(name)) for name in people]
    if len(names) > MOST_NAMED or (names and and_others):
        return inlines(f"{names[0]} {wording.t.references.et_al}")
    title = entry.title if "$" in entry.title else _SUBTITLE.split(entry.title)[0]
    return inlines(wording.listing(names) or (wording.quoted(title) if title else ""))


def _family(name: Name) -> str:
    return name.literal or " ".join(filter(None, (name.particle, name.family))) or name.given


def _name(name: Name) -> str:
    """Write a name with initials, the family name whole: H. Wang, J. D. van der Waals."""
    if name.literal:
        return name.literal
    initials = " ".join(_initial(part) for part in name.given.split())
    family = " ".join(part for part in (name.particle, name.family) if part)
    full = f"{initials} {family}".strip()
    return f"{full}, {name.suffix}" if name.suffix else full


def _initial(given: str) -> str:
    return "-".join(
        f"{part[0]}." if len(part) > 1 and part[0].isalpha() else part for part in given.split("-") if part
    )


def _title(entry: Entry) -> Inlines:
    title = inlines(entry.title)
    return title if entry.container or not title else (Emphasis(title),)


def _container(entry: Entry, wording: Wording) -> Inlines:
    if not entry.container:
        return ()
    t = wording.t.references
    out: Inlines = (Emphasis(inlines(entry.container)),)
    if entry.type not in ("article", "article-journal", "periodical"):
        out = (f"{t['in']} ", *out)
    if entry.volume:
        out += (" ", *inlines(entry.volume))
    if entry.issue:
        out += ("(", *inlines(entry.issue), ")")
    if entry.pages:
        out += (": " if entry.volume else f", {t.pages} ", *inlines(entry.pages))
    return out


def _imprint(entry: Entry, wording: Wording) -> str:
    edition = (
        wording.t.references.edition.replace("{n}", entry.edition)
        if entry.edition.isdigit()
        else entry.edition
    )
    number = entry.number if not entry.container else ""
    pages = f"{wording.t.references.pages} {entry.pages}" if entry.pages and not entry.container else ""
    volume = f"{wording.t.references.volume} {entry.volume}" if entry.volume and not entry.container else ""
    series = " ".join(part for part in (entry.series, number) if part)
    place = ": ".join(part for part in (entry.place, entry.publisher) if part)
    parts = [entry.genre, volume, edition, series, place, pages, entry.version, entry.year]
    return ", ".join(keep_apart(part) for part in parts if part)


def _identifier(reference: Reference) -> Inlines:
    """Print what the record named; the version of an arXiv paper stays pinned."""
    identifier = reference.identifier
    entry = reference.entry
    if identifier.kind == "key" and entry is not None:
        found = entry.identifier("doi", "arxiv", "pmid", "url", "isbn")
        if found is None:
            return ()
        identifier = found
    label: Inlines = (str(identifier),)
    if entry is not None and identifier.kind == "arxiv" and entry.arxiv_class:
        label += (" [", *inlines(entry.arxiv_class), "]")
    return label if identifier.url is None else (Link(label, identifier.url),)


def _note(reference: Reference, record: Record, wording: Wording) -> Inlines:
    say = wording.t.references
    notes: list[Inlines] = []
    if reference.entry is None:
        notes.append(inlines(say.unresolved))
    if reference.cited_by:
        before, after = say.cited_by.split("{labels}")
        notes.append((*inlines(before), *claim_links(reference.cited_by, record, wording), *inlines(after)))
    said = (
        ("background" in reference.uses, say.cited_background),
        ("text" in reference.uses, say.cited_text),
        ("benchmark" in reference.uses, say.cited_benchmark),
        ("outcome" in reference.uses, say.cited_outcome),
        (not reference.cited, say.uncited),
    )
    notes += [inlines(text) for holds, text in said if holds]
    return joined(tuple(notes), " ")


def claim_links(indices: Sequence[int], record: Record, wording: Wording) -> Inlines:
    """Name claims as C1 to C4, C9; each end of a run is a link."""
    runs = []
    for _, group in groupby(enumerate(sorted(indices)), key=lambda pair: pair[1] - pair[0]):
        run = [index for _, index in group]
        runs.append((run[0], run[-1]))
    parts: list[Inlines] = []
    for first, last in runs:
        joint = ", " if last == first + 1 else f" {wording.t.references.to} "
        ends = dict.fromkeys((first, last))
        parts.append(joined(tuple((_claim(index, record),) for index in ends), joint))
    return joined(tuple(parts), ", ")


def _claim(index: int, record: Record) -> CrossReference:
    return CrossReference(f"C{index + 1}", claim_anchor(record, index), f"C{index + 1}")


def claim_anchor(record: Record, index: int) -> str:
    """Name a claim's place in the PDF: ``claim-3f9a...``, stable while its text is."""
    return f"claim-{record.claims[index].id}"
