"""References: entries written the way the field writes them, with links and back-references."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.content.house_style import house_reference
from reportgen.text.inline import inlines, joined
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Reference as ReferenceItem
from reportgen.text.report import ReferenceList
from reportgen.text.tree import Blocks, Cite, CrossReference, Heading, Inlines, Link, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.sources import Reference
    from reportgen.sources.csl_rendering import Styled
    from reportgen.text.wording import Wording

MOST_NAMED = 2
"""So many names stand in a sentence; of more, the first."""
_RESOLVER = "https://doi.org/"
_SUBTITLE = re.compile(r":\s|(?<=[?!])\s|\s[–—]\s")


def references(inputs: Inputs) -> Blocks:
    """List every reference, in the order of its number."""
    bibliography, record, wording = inputs.bibliography, inputs.record, inputs.wording
    items = tuple(
        ReferenceItem(
            f"[{reference.number}]",
            _with_spoken_links(entry_of(reference, wording, inputs.styled), reference.number, wording),
            _note(reference, record, wording),
            id=reference.anchor,
            lang=reference.entry.language if reference.entry else "",
        )
        for reference in bibliography.references
    )
    none = Paragraph(inlines(wording.t.references.none))
    return (
        Heading(2, (wording.t.heading.sources,), id="references"),
        ReferenceList(items) if items else none,
    )


def _with_spoken_links(content: Inlines, number: int, wording: Wording) -> Inlines:
    """Say of the links in an entry whose they are: an address alone says little to those who hear it."""
    return tuple(
        replace(part, spoken=wording.say(f"heard.{_kind(part)}", number=number))
        if isinstance(part, Link)
        else part
        for part in content
    )


def _kind(link: Link) -> str:
    return "doi" if link.uri.startswith(_RESOLVER) else "address"


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


def entry_of(reference: Reference, wording: Wording, styled: Styled | None = None) -> Inlines:
    """Describe one work, in the house's style or as a CSL style wrote it; an unknown one by its identifier."""
    if styled is not None and reference.number in styled.texts:
        from reportgen.content.styled_reference import styled_reference  # most reports are in the house style

        return styled_reference(reference, styled)
    identifier = reference.identifier
    if reference.entry is not None:
        return house_reference(reference.entry, None if identifier.kind == "key" else identifier, wording)
    label: Inlines = (str(identifier),)
    return (label if identifier.url is None else (Link(label, identifier.url),)) + (".",)


def named_in_text(reference: Reference, wording: Wording) -> Inlines:
    """Name a work within a sentence: by those who wrote or edited it, else by its title up to the colon."""
    entry = reference.entry
    if entry is None:
        return ()
    role, people = entry.creators
    names = [keep_apart(name.surname or name.given) for name in people]
    if len(names) > MOST_NAMED or (names and role in entry.and_others):
        return inlines(f"{names[0]} {wording.t.references.et_al}")
    title = entry.title if "$" in entry.title else _SUBTITLE.split(entry.title)[0]
    return inlines(wording.listing(names) or (wording.quoted(title) if title else ""))


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
        parts.append(joined(tuple((_claim(index, record, wording),) for index in ends), joint))
    return joined(tuple(parts), ", ")


def _claim(index: int, record: Record, wording: Wording) -> CrossReference:
    label = f"C{index + 1}"
    return CrossReference(label, claim_anchor(record, index), wording.say("heard.claim", label=label))


def claim_anchor(record: Record, index: int) -> str:
    """Name a claim's place in the PDF: ``claim-3f9a...``, stable while its text is."""
    return f"claim-{record.claims[index].id}"
