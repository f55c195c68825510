"""The first sections: title, question, brief, limitations, abstract and background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.content.prose import prose
from reportgen.content.references import cite, said_of_report
from reportgen.content.sentences import brief_sentences, limits, no_answer
from reportgen.content.status import notices
from reportgen.text.inline import inlines, plain_text
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Author, Question, Title
from reportgen.text.tree import (
    Block,
    Blocks,
    Heading,
    Inlines,
    ItemList,
    Link,
    Paragraph,
    Quote,
    Strong,
    Warned,
)

if TYPE_CHECKING:
    from reportgen.base.author import Author as Person
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.text.wording import Wording

_MOST_IN_BOLD = 200
"""Letters of an answer: a longer one is hard to read in bold."""


def title(inputs: Inputs) -> Blocks:
    """Name the report, its authors, and what identifies it."""
    record, wording = inputs.record, inputs.wording
    facts = (
        (wording.date(record.date),),
        (inputs.derived.display_id,),
        inlines(wording.say("title.version", version=record.version)),
        *_doi(inputs),
        inlines(inputs.license or wording.t.title.license_missing),
        *_translation(record, wording),
    )
    return (
        Title(
            inputs.publisher.name,
            wording.t.kind[record.kind],
            inlines(record.title),
            tuple(map(_author, inputs.authors)),
            facts,
            _keywords(record, wording),
            inputs.logo,
            inlines(record.subtitle or ""),
            notices(inputs),
            at="/title",
            id="title",
        ),
    )


def _author(person: Person) -> Author:
    orcid = Link((f"ORCID {person.orcid}",), f"https://orcid.org/{person.orcid}") if person.orcid else None
    contact = Link((person.email,), f"mailto:{person.email}") if person.email else None
    return Author(inlines(person.name), inlines(person.affiliation or ""), orcid, contact)


def _translation(record: Record, wording: Wording) -> tuple[Inlines, ...]:
    original = record.translation_of
    return (said_of_report(wording, "title.translation", original=original),) if original else ()


def _keywords(record: Record, wording: Wording) -> Inlines:
    if not record.keywords:
        return ()
    return (
        f"{wording.t.heading.keywords}{wording.t.format.colon} ",
        *inlines(" · ".join(map(keep_apart, record.keywords))),
    )


def _doi(inputs: Inputs) -> tuple[Inlines, ...]:
    registration, wording = inputs.registration, inputs.wording
    if registration is None:
        return ()
    if registration.sandbox:
        return ((wording.say("title.doi_sandbox", doi=registration.doi),),)
    said = wording.say("title.doi", doi=registration.doi)
    return ((Link((said,), f"https://doi.org/{registration.doi}"),),)


def question(inputs: Inputs) -> Blocks:
    """State the research question."""
    return (Question(inlines(inputs.record.question), at="/question", id="question"),)


def brief(inputs: Inputs) -> Blocks:
    """Return the answer in the words of the record, or say that there is none; then what it rests on."""
    answer: Blocks = ()
    if inputs.record.summary is not None:
        answer = tuple(map(_important, prose(inputs, "/summary", level=3)))
    elif missing := no_answer(inputs):
        answer = (Paragraph((Strong(missing),)),)
    items = (*((answer,) if answer else ()), *map(_item, brief_sentences(inputs)))
    return (inputs.heading("brief"), ItemList(items)) if items else ()


def _item(said: Inlines) -> Blocks:
    return (Paragraph(said),)


def _important(block: Block) -> Block:
    """Set the answer apart from what it rests on."""
    if isinstance(block, Paragraph) and len(plain_text(block.content)) <= _MOST_IN_BOLD:
        return replace(block, content=(Strong(block.content),))
    return block


def limitations(inputs: Inputs) -> Blocks:
    """List what the report cannot say."""
    items = tuple((Paragraph(inlines(text), at=pointer),) for text, pointer in limits(inputs))
    return (
        (Heading(2, (inputs.wording.t.heading.limits,), id="limitations"), ItemList(items)) if items else ()
    )


def abstract(inputs: Inputs) -> Blocks:
    """Print the abstract that the record holds."""
    if inputs.record.abstract is None:
        return ()
    return (inputs.heading("abstract"), *prose(inputs, "/abstract", level=3))


def background(inputs: Inputs) -> Blocks:
    """Quote what stands behind the question."""
    given = inputs.record.background
    if given is None:
        return ()
    t = inputs.wording.t
    content = inlines(" ".join(given.text.split()))
    if "/background/text" in inputs.cut:
        content += (" ", Warned((t.claims.cut,)))
    if given.source is not None:
        content += (" ", cite([inputs.bibliography.lookup(given.source)]))
    quote = Quote((Paragraph(content, at="/background/text"),))
    return (inputs.heading("background"), quote)
