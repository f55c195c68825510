"""The claims: every one whole, its verdict as word and mark, its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.references import cite, claim_anchor
from reportgen.record.model import Stance, Verdict
from reportgen.text.inline import inlines, joined
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Claim, ClaimList
from reportgen.text.tree import (
    Blocks,
    Definition,
    FinePrint,
    Heading,
    Inlines,
    Missing,
    Paragraph,
    StatusMark,
    Strong,
    Warned,
)

if TYPE_CHECKING:
    from reportgen.analysis.derive.claims import ConfidenceMeaning
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Claim as RecordClaim
    from reportgen.record.model import Evidence, Record, VerdictBy
    from reportgen.sources import Reference
    from reportgen.text.wording import Wording


def claims(inputs: Inputs) -> Blocks:
    """List all claims in the order of the record, in groups where the house asks for them."""
    if not inputs.record.claims:
        return ()
    t = inputs.wording.t
    has_confidence = inputs.derived.confidence is not None
    confidence = (t.column.confidence,) if has_confidence else ()
    headings = (t.column.number, t.column.verdict, *confidence, t.column.claim)
    intro = t.claims.intro_verdicts if inputs.derived.claims.verdicts else t.claims.intro
    said = f"{intro} {t.claims.confidence_place}" if has_confidence else intro
    blocks: Blocks = (inputs.heading("claims"), Paragraph(inlines(said)))
    groups = _groups(inputs)
    for number, (title, indices) in enumerate(groups.items(), 1):
        if len(groups) > 1:
            blocks += (Heading(3, title, id=f"claims-{number}"),)
        listed = tuple(_claim(inputs, index, inputs.record.claims[index]) for index in indices)
        blocks += (ClaimList(headings, listed),)
    return blocks


def _groups(inputs: Inputs) -> dict[Inlines, list[int]]:
    """Put claims together as the house asks for, in the order of the record; those that belong nowhere come last."""
    named: dict[Inlines, list[int]] = {}
    others = []
    for index in range(len(inputs.record.claims)):
        if title := _group(inputs, index):
            named.setdefault(title, []).append(index)
        else:
            others.append(index)
    return {**named, **({inlines(inputs.wording.t.claims.others): others} if others else {})}


def _group(inputs: Inputs, index: int) -> Inlines:
    """Name the group that a claim belongs to; () where it belongs to none."""
    claim = inputs.record.claims[index]
    if inputs.group_claims == "theme" and claim.theme:
        return inlines(claim.theme)
    if inputs.group_claims == "source" and (cited := inputs.bibliography.of_claim(index)):
        return source_cell(cited[0])
    return ()


def _claim(inputs: Inputs, index: int, claim: RecordClaim) -> Claim:
    at = f"/claims/{index}"
    return Claim(
        f"C{index + 1}",
        _verdict(claim, inputs.wording),
        _confidence(claim, inputs.record, inputs.wording) if inputs.derived.confidence else (),
        _content(inputs, index, claim),
        (*_evidence(claim, inputs), *_beside(claim, inputs)),
        at=at,
        id=claim_anchor(inputs.record, index),
    )


def _verdict(claim: RecordClaim, wording: Wording) -> StatusMark:
    """Mark a claim with the verdict that the record gives it, in words or as a mark."""
    words = wording.t.verdict
    if claim.verdict is None:
        return StatusMark(claim.verified, words.verified if claim.verified else words.unverified)
    settled = claim.verdict in {Verdict.SUPPORTED, Verdict.REFUTED}
    return StatusMark(claim.verified, words[claim.verdict], settled=settled)


def _confidence(claim: RecordClaim, record: Record, wording: Wording) -> Inlines:
    if claim.confidence is None:
        return (Missing((wording.t.claims.no_confidence,)),)
    number = confidence_text(claim.confidence, record, wording)
    shown: Inlines = (Strong((number,)),) if claim.verified else (number,)
    word = confidence_word(claim.confidence, record)
    return (*shown, " ", FinePrint(inlines(word))) if word else shown


def confidence_word(value: float, record: Record) -> str:
    """Find the record's word for a confidence; '' where it has none."""
    reached = [each for each in record.confidence_words if each.from_ <= value]
    return max(reached, key=lambda each: each.from_).word if reached else ""


def confidence_text(value: float, record: Record, wording: Wording) -> str:
    """Write a confidence of a record, on its side of the record's threshold."""
    return numbers.confidence(value, wording.t.format.decimal, record.confidence_threshold)


def confidence_meaning(meaning: ConfidenceMeaning, inputs: Inputs) -> str:
    """Say where a confidence comes from, and what it is a probability or a score of."""
    kind, of = meaning
    wording = inputs.wording
    if kind is None and of is None:
        t = wording.t.search
        return str(t.confidence_text if inputs.derived.machine_made else t.confidence_stated)
    named = wording.t.confidence_kind[kind or "unknown"]
    if of is None:
        return wording.say("search.confidence_from", kind=named)
    return wording.say("search.confidence_meaning", kind=named, of=of)


def _content(inputs: Inputs, index: int, claim: RecordClaim) -> Inlines:
    t = inputs.wording.t.claims
    cut = (" ", Warned((t.cut,))) if f"/claims/{index}/text" in inputs.cut else ()
    content = (*inlines(claim.text), *cut)
    cited = _supporting(inputs, index, claim)
    if cited:
        return (*content, " ", cite(cited))
    return content if claim.own_sources else (*content, " ", Missing((f"[{t.no_source}]",)))


def _supporting(inputs: Inputs, index: int, claim: RecordClaim) -> list[Reference]:
    """List what is cited for a claim: its sources that support it, or the lead source where it has none."""
    cited = inputs.bibliography.of_claim(index)
    others = [each for each in claim.all_evidence if each.source and each.stance is not Stance.SUPPORTS]
    supporting = {
        inputs.bibliography.lookup(each.source).number
        for each in claim.all_evidence
        if each.source and each.stance is Stance.SUPPORTS
    }
    return [each for each in cited if not others or each.number in supporting]


def _evidence(claim: RecordClaim, inputs: Inputs) -> list[Definition]:
    """Quote what supports a claim; name the source of each passage where there are several, and what contradicts."""
    t = inputs.wording.t.claims
    told = [each for each in claim.all_evidence if each.stance is not Stance.SUPPORTS or _is_told(each)]
    if len(told) != 1 or told[0].stance is not Stance.SUPPORTS:
        return [Definition(t[each.stance], (_passage(each, inputs),)) for each in told]
    only = told[0]
    said = (
        (t.quote, only.quote and inputs.wording.quoted(only.quote)),
        (t.locator, ", ".join(filter(None, (only.locator, _relevance(only, inputs.wording))))),
    )
    return [Definition(term, (inlines(text),)) for term, text in said if text]


def _is_told(evidence: Evidence) -> bool:
    return bool(evidence.quote or evidence.locator) or evidence.relevance is not None


def _passage(evidence: Evidence, inputs: Inputs) -> Inlines:
    source = evidence.source or inputs.record.lead_source
    cited: Inlines = (cite([inputs.bibliography.lookup(source)]),) if source else ()
    quote = inlines(inputs.wording.quoted(evidence.quote)) if evidence.quote else ()
    where = ", ".join(filter(None, (evidence.locator, _relevance(evidence, inputs.wording))))
    said = joined(tuple(filter(None, (cited, quote))), " ")
    return joined(tuple(filter(None, (said, inlines(where)))), ", ")


def _relevance(evidence: Evidence, wording: Wording) -> str:
    if evidence.relevance is None:
        return ""
    return wording.say(
        "claims.relevance", value=numbers.confidence(evidence.relevance, wording.t.format.decimal)
    )


def _beside(claim: RecordClaim, inputs: Inputs) -> list[Definition]:
    """Say what else the record says of a claim."""
    t, stats = inputs.wording.t.claims, inputs.derived.confidence
    meanings = stats.meanings if stats else ()
    meaning = (claim.confidence_kind, claim.confidence_of)
    differs = claim.confidence is not None and len(meanings) > 1
    said = (
        (t.verdict_by, claim.verdict_by and _verdict_by(claim.verdict_by, inputs.wording)),
        (t.confidence, confidence_meaning(meaning, inputs) if differs else ""),
        (t.theme, claim.theme if inputs.group_claims != "theme" else ""),
        (t.outcome, claim.outcome),
        (t.note, claim.note),
    )
    return [Definition(term, (inlines(text),)) for term, text in said if text]


def _verdict_by(by: VerdictBy, wording: Wording) -> str:
    day = wording.date(by.at.date()) if by.at else ""
    kind = wording.t.verdict_by[by.type]
    who = f"{keep_apart(by.name)} ({kind})" if by.name else kind
    return ", ".join(filter(None, (who, day)))


def source_cell(reference: Reference) -> Inlines:
    """Name a source in a table: its number, first author and title."""
    return (cite([reference]), " ", *inlines(source_label(reference)))


def source_label(reference: Reference, longest: int = 90) -> str:
    """Name a source shortly: its first author and title, or its identifier."""
    if reference.entry is None or not reference.entry.title:
        return str(reference.identifier)
    role, names = reference.entry.creators
    author = (names[0].literal or names[0].family) if names else ""
    others = " et al." if len(names) > 1 or role in reference.entry.and_others else ""
    label = f"{author}{others}: {reference.entry.title}" if author else reference.entry.title
    return label if len(label) <= longest else f"{label[: longest - 1].rsplit(' ', 1)[0]}…"
