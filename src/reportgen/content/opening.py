"""What a report opens with: title, status, notices, what it says in brief, abstract, question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.analysis.derive import CorrectionState
from reportgen.content.prose import prose
from reportgen.content.references import cite, said_of_report
from reportgen.content.sentences import abstract as sum_up
from reportgen.content.sentences import score_text
from reportgen.record.model import CorrectionKind, GateStatus, MathState
from reportgen.text.inline import inlines, joined
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Author, StatusCell, StatusStrip, Title
from reportgen.text.tree import Blocks, Inlines, Link, Notice, Paragraph, Quote, Strong, Warned

if TYPE_CHECKING:
    from reportgen.base.author import Author as Person
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.text.wording import Wording

_ALARMING = {"QUARANTINE_CANDIDATE", "FALSIFIED", "SUPERSEDED", "RETRACTED"}


def title(inputs: Inputs) -> Blocks:
    """Name the report, its authors, and what identifies it."""
    record, wording = inputs.record, inputs.wording
    facts = (
        inlines(inputs.publisher.name),
        (wording.date(record.date),),
        (inputs.derived.display_id,),
        inlines(wording.say("title.version", version=record.version)),
        _doi(inputs),
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
            inlines(" · ".join(map(keep_apart, record.keywords))),
            inputs.logo,
            inlines(record.subtitle or ""),
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


def _doi(inputs: Inputs) -> Inlines:
    registration, wording = inputs.registration, inputs.wording
    if registration is None:
        unstated = inputs.record.external_record == "registered"
        return (wording.t.title.doi_unstated if unstated else wording.t.title.doi_missing,)
    if registration.sandbox:
        return (wording.say("title.doi_sandbox", doi=registration.doi),)
    said = wording.say("title.doi", doi=registration.doi)
    return (Link((said,), f"https://doi.org/{registration.doi}"),)


def status(inputs: Inputs) -> Blocks:
    """Show how the report stands, and what no reader may miss."""
    return (status_strip(inputs), *notices(inputs))


def notices(inputs: Inputs) -> Blocks:
    """Say what no reader may miss, whichever sections the house prints."""
    said = (inlines(sandbox_notice(inputs)), notice(inputs))
    return tuple(Notice(content) for content in said if content)


def sandbox_notice(inputs: Inputs) -> str:
    """Say that the DOI is one of a sandbox; '' where it is not."""
    registration = inputs.registration
    return str(inputs.wording.t.title.sandbox) if registration and registration.sandbox else ""


def notice(inputs: Inputs) -> Inlines:
    """Say what no reader may miss: that the report is retracted or replaced, or its result found false."""
    record, wording = inputs.record, inputs.wording
    parts = [
        inlines(
            wording.say(
                "panel.retracted", date=wording.date(event.corrected_at.date()), note=event.public_note
            )
        )
        for event in record.corrections
        if event.kind is CorrectionKind.RETRACTION
    ]
    if record.superseded_by is not None:
        parts.append(said_of_report(wording, "corrections.SUPERSEDED", successor=record.superseded_by))
    gate = inputs.derived.gate
    if gate and gate.status is GateStatus.FALSIFIED:
        parts.append(inlines(wording.t.panel.falsified))
    if record.math is not None and record.math.state is MathState.FALSIFIED:
        parts.append(inlines(wording.t.math_meaning.FALSIFIED))
    return joined(tuple(parts), " ")


def status_strip(inputs: Inputs) -> StatusStrip:
    """Return what says at a glance how the report stands: ten cells where the policy leaves none out."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t = wording.t
    p = t.panel
    tier, level, gate, kept = derived.tier, derived.level, derived.gate, derived.provenance.level
    tier_name = wording.named("tier", tier.tier) if tier and tier.tier else p.tier_missing
    score = (
        wording.say("panel.score_value", score=score_text(derived, wording))
        if derived.score is not None
        else p.score_missing
    )
    papers = record.search.papers_retrieved if record.search else None
    verified = p.unknown if derived.claims.verified is None else str(derived.claims.verified)
    state = derived.correction.state
    count = derived.correction.count
    cells = [
        (p.score, score, "", ""),
        (p.tier, tier_name, "", tier.tier or "") if tier else None,
        (p.level, f"L{level.number}", t.level[str(level.number)], "") if level else None,
        (p.gate, t.gate[gate.status], "", gate.status) if gate else None,
        (
            p.corrections,
            t.correction[state],
            f"({count})" if state is CorrectionState.CORRECTED else "",
            state,
        ),
        (p.extracted, str(derived.claims.extracted) if derived.claims.extracted else p.none, "", ""),
        (p.grounded, str(derived.claims.grounded) if derived.claims.extracted else p.none, "", ""),
        (p.verified, verified if derived.claims.extracted else p.none, "", ""),
        (p.papers, p.papers_missing if papers is None else str(papers), "", ""),
        (p.provenance, f"L{kept}", t.provenance_level[str(kept)], "") if level else None,
    ]
    return StatusStrip(
        tuple(
            StatusCell(label, value, detail, key in _ALARMING)
            for label, value, detail, key in filter(None, cells)
        )
    )


def brief(inputs: Inputs) -> Blocks:
    """Give the answer in brief, in the words of the record."""
    if inputs.record.summary is None:
        return ()
    return _led(inputs.wording.t.heading.brief, prose(inputs, "/summary", level=3))


def abstract(inputs: Inputs) -> Blocks:
    """Give the abstract that the record holds, else one that is made from its numbers."""
    heading = inputs.wording.t.heading.abstract
    if inputs.record.abstract is not None:
        return _led(heading, prose(inputs, "/abstract", level=3))
    said = sum_up(inputs.record, inputs.derived, inputs.wording)
    return (Paragraph(inlines(said), heading),)


def _led(heading: str, blocks: Blocks) -> Blocks:
    """Let a heading run into the first paragraph, or stand above what is none."""
    first, *others = blocks or (Paragraph(()),)
    if isinstance(first, Paragraph):
        return (replace(first, lead=heading), *others)
    return (Paragraph((Strong((heading,)),)), first, *others)


def question(inputs: Inputs) -> Blocks:
    """State the research question, and quote what stands behind it."""
    record = inputs.record
    blocks: Blocks = (inputs.heading("question"), Paragraph(inlines(record.question), at="/question"))
    if record.background is None:
        return blocks
    content = inlines(" ".join(record.background.text.split()))
    if "/background/text" in inputs.cut:
        content += (" ", Warned((inputs.wording.t.claims.cut,)))
    if record.background.source is not None:
        content += (" ", cite([inputs.bibliography.lookup(record.background.source)]))
    quote = Quote((Paragraph(content, at="/background/text"),))
    return (*blocks, inputs.heading("background", level=3), quote)
