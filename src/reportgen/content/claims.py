"""The claims: every one whole, its verdict as word and mark, its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.references import cite, claim_anchor
from reportgen.text.inline import inlines
from reportgen.text.report import Claim, ClaimList
from reportgen.text.tree import Blocks, Definition, Inlines, Missing, Paragraph, StatusMark, Strong, Warned

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Claim as RecordClaim
    from reportgen.record.model import Record
    from reportgen.sources import Reference
    from reportgen.text.wording import Wording


def claims(inputs: Inputs) -> Blocks:
    """List all claims in the order of the record."""
    if not inputs.record.claims:
        return ()
    t = inputs.wording.t
    headings = (t.column.number, t.column.verdict, t.column.confidence, t.column.claim)
    listed = tuple(_claim(inputs, index, claim) for index, claim in enumerate(inputs.record.claims))
    return (
        inputs.heading("claims"),
        Paragraph(inlines(t.claims.intro)),
        ClaimList(headings, listed),
    )


def _claim(inputs: Inputs, index: int, claim: RecordClaim) -> Claim:
    wording = inputs.wording
    verdict = wording.t.verdict.verified if claim.verified else wording.t.verdict.unverified
    at = f"/claims/{index}"
    return Claim(
        f"C{index + 1}",
        StatusMark(claim.verified, verdict),
        _confidence(claim, inputs.record, wording),
        _content(inputs, index, claim),
        tuple(_evidence(claim, wording)),
        at=at,
        id=claim_anchor(inputs.record, index),
    )


def _confidence(claim: RecordClaim, record: Record, wording: Wording) -> Inlines:
    if claim.confidence is None:
        return (Missing((wording.t.claims.no_confidence,)),)
    number = confidence_text(claim.confidence, record, wording)
    return (Strong((number,)),) if claim.verified else (number,)


def confidence_text(value: float, record: Record, wording: Wording) -> str:
    """Write a confidence of a record, on its side of the record's threshold."""
    return numbers.confidence(value, wording.t.format.decimal, record.confidence_threshold)


def _content(inputs: Inputs, index: int, claim: RecordClaim) -> Inlines:
    t = inputs.wording.t.claims
    cut = (" ", Warned((t.cut,))) if f"/claims/{index}/text" in inputs.cut else ()
    cited = inputs.bibliography.of_claim(index)
    return (*inlines(claim.text), *cut, " ", cite(cited) if cited else Missing((f"[{t.no_source}]",)))


def _evidence(claim: RecordClaim, wording: Wording) -> list[Definition]:
    t = wording.t.claims
    said = (
        (t.quote, claim.quote and wording.quoted(claim.quote)),
        (t.locator, claim.locator),
        (t.note, claim.note),
    )
    return [Definition(term, (inlines(text),)) for term, text in said if text]


def source_cell(reference: Reference) -> Inlines:
    """Name a source in a table: its number, first author and title."""
    return (cite([reference]), " ", *inlines(source_label(reference)))


def source_label(reference: Reference, longest: int = 90) -> str:
    """Name a source shortly: its first author and title, or its identifier."""
    if reference.entry is None or not reference.entry.title:
        return str(reference.identifier)
    names = reference.entry.authors
    author = (names[0].literal or names[0].family) if names else ""
    others = " et al." if len(names) > 1 or reference.entry.authors_et_al else ""
    label = f"{author}{others}: {reference.entry.title}" if author else reference.entry.title
    return label if len(label) <= longest else f"{label[: longest - 1].rsplit(' ', 1)[0]}…"
