"""The last sections: declarations, disclosure, appendices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.prose import prose
from reportgen.record.model import BACK_MATTER
from reportgen.text.inline import inlines
from reportgen.text.mathematics import keep_apart
from reportgen.text.tree import Blocks, Column, Definition, DefinitionList, Heading, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.analysis.derive import Derived
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.text.wording import Wording


def declarations(inputs: Inputs) -> Blocks:
    """Say who did what, who paid, and what else the authors declare."""
    blocks = contributions(inputs)
    for name in BACK_MATTER:
        if getattr(inputs.record, name) is not None:
            blocks += (inputs.heading(name, level=3), *prose(inputs, f"/{name}"))
    return (inputs.heading("declarations"), *blocks) if blocks else ()


def contributions(inputs: Inputs) -> Blocks:
    """Say what each author did, and who answers for the content."""
    t = inputs.wording.t
    listed = tuple(
        Definition(author.name, (("; ".join(t.credit[role] for role in author.roles),),))
        for author in inputs.authors
        if author.roles
    )
    guarantors = tuple(
        Paragraph(inlines(inputs.wording.say("disclosure.guarantor", name=author.name)))
        for author in inputs.authors
        if author.guarantor
    )
    if not listed and not guarantors:
        return ()
    roles = (DefinitionList(listed),) if listed else ()
    return (inputs.heading("contributions", level=3), *roles, *guarantors)


def disclosure(inputs: Inputs) -> Blocks:
    """Say which machine wrote the report, and who publishes it."""
    said = machine_and_publisher(inputs.record, inputs.derived, inputs.publisher.name, inputs.wording)
    return (Paragraph(inlines(said), inputs.wording.t.heading.disclosure),) if said else ()


def work(inputs: Inputs) -> Blocks:
    """List what machines did and what people did, as the record states it."""
    own = inputs.record.generator.statement if inputs.record.generator else None
    said = (Paragraph(inlines(own), at="/generator/statement"),) if own else ()
    blocks = (*said, *_ai_use(inputs), *_human_review(inputs))
    return (inputs.heading("work"), *blocks) if blocks else ()


def machine_and_publisher(record: Record, derived: Derived, publisher: str, wording: Wording) -> str:
    """Say which machine wrote the report, where one did, and who publishes it."""
    t, generator = wording.t.disclosure, record.generator
    if generator:
        name = " ".join(keep_apart(part) for part in (generator.name, generator.version) if part)
        first = wording.say("disclosure.machine", generator=name)
    else:
        first = t.machine_unnamed if derived.machine_made else ""
    published = wording.say("disclosure.publisher", publisher=keep_apart(publisher))
    experiment = "" if record.math or not derived.machine_made else t.no_experiment
    return " ".join(filter(None, (first, published, experiment, t.check)))


def _ai_use(inputs: Inputs) -> Blocks:
    t = inputs.wording.t
    unstated = t.disclosure.unstated
    rows = tuple(
        Row(
            (
                inlines(use.task),
                inlines(" ".join(filter(None, (use.tool, use.version))) or unstated),
                inlines(use.checked_by or unstated),
            ),
            at=f"/ai_use/{index}",
        )
        for index, use in enumerate(inputs.record.ai_use)
    )
    columns = (Column(t.column.task), Column(t.column.tool, 42), Column(t.column.checked_by, 42))
    return (Paragraph(inlines(t.disclosure.ai_use)), Table(columns, rows)) if rows else ()


def _human_review(inputs: Inputs) -> Blocks:
    wording = inputs.wording
    t = wording.t
    rows = tuple(
        Row(
            (
                inlines(review.who),
                inlines(review.what),
                (wording.date(review.when) if review.when else t.disclosure.unstated,),
            ),
            at=f"/human_review/{index}",
        )
        for index, review in enumerate(inputs.record.human_review)
    )
    columns = (Column(t.column.who, 42), Column(t.column.what), Column(t.column.date, 36))
    return (Paragraph(inlines(t.disclosure.human_review)), Table(columns, rows)) if rows else ()


def appendices(inputs: Inputs) -> Blocks:
    """Print the sections that are appendices."""
    blocks: Blocks = ()
    for index, section in enumerate(inputs.record.sections):
        if section.appendix:
            at = f"/sections/{index}"
            blocks += (Heading(2, inlines(section.title), id=f"section-{index + 1}", at=at),)
            blocks += prose(inputs, f"{at}/text", level=3)
    return blocks
