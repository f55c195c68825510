"""The claims: every one whole, its verdict as word and mark, its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.claim_groups import counted, group_gauge, groups_of, supporting
from reportgen.content.confidence import confidence_meaning, confidence_text, confidence_word
from reportgen.content.gauges import axis_gauge, scale_gauge
from reportgen.content.references import cite, claim_anchor
from reportgen.record.model import Stance, Verdict
from reportgen.text.inline import inlines, joined, plain_text
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import Claim, ClaimGroup, ClaimList
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
    from collections.abc import Iterator

    from reportgen.content.claim_groups import Group
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Claim as RecordClaim
    from reportgen.record.model import Evidence, Record, VerdictBy
    from reportgen.sources import Reference
    from reportgen.text.gauge import Tone
    from reportgen.text.tree import Cite
    from reportgen.text.wording import Wording


def claims(inputs: Inputs) -> Blocks:
    """List all claims, in groups as the house asks for them, with what is to be said of them all."""
    if not inputs.record.claims:
        return ()
    t = inputs.wording.t
    groups = groups_of(inputs)
    is_grouped = len(groups) > 1 or bool(groups[0].title)
    heading = Heading(2, (t.claims[f"by_{inputs.group_claims}" if is_grouped else "flat"],), id="claims")
    listed = tuple(_group(inputs, number, group) for number, group in enumerate(groups, 1))
    has_confidence = inputs.derived.confidence is not None
    column = t.claims.confidence_and_verdict if has_confidence else t.column.verdict
    scale = scale_gauge(t.format.decimal) if has_confidence else None
    said = _said_above(inputs)
    return (
        heading,
        *((Paragraph(said),) if said else ()),
        ClaimList((t.column.number, t.claims.claim_and_evidence, column), listed, scale),
        *_said_below(inputs),
    )


def _said_above(inputs: Inputs) -> Inlines:
    """Say once what would have to be said beside each claim."""
    t, claims = inputs.wording.t.claims, inputs.record.claims
    has_passage = any(each.quote for claim in claims for each in claim.all_evidence)
    said = [t.passages if has_passage else t.no_passage]
    if inputs.derived.claims.verdicts:
        said.append(t.intro_verdicts)
    if any(pointer.startswith("/claims/") for pointer in inputs.cut):
        said.append(t.cut_legend)
    return inlines(" ".join(said))


def _said_below(inputs: Inputs) -> Blocks:
    """Name the sources that no claim rests on, and say where no threshold is given."""
    wording = inputs.wording
    unused = [each for each in inputs.bibliography.references if not each.cited]
    said: list[Inlines] = []
    if unused and len(unused) < len(inputs.bibliography.references):
        said.append(_with_node(wording.say("claims.unused_sources", listed="\0"), cite(unused)))
    if inputs.derived.confidence is not None and inputs.record.confidence_threshold is None:
        said.append(inlines(wording.t.claims.no_threshold))
    return (Paragraph((FinePrint(joined(tuple(said), " ")),)),) if said else ()


def _with_node(text: str, node: Cite) -> Inlines:
    before, _, after = text.partition("\0")
    return (*inlines(before), node, *inlines(after))


def _group(inputs: Inputs, number: int, group: Group) -> ClaimGroup:
    listed = tuple(_claim(inputs, index, group) for index in group.indices)
    if not group.title:
        return ClaimGroup(listed)
    return ClaimGroup(
        listed,
        group.title,
        counted(group.indices, inputs),
        f"[{group.source.number}]" if group.source else shortened(plain_text(group.title)),
        group_gauge(group.indices, inputs),
        id=f"claims-{number}",
    )


def _claim(inputs: Inputs, index: int, group: Group) -> Claim:
    record, claim = inputs.record, inputs.record.claims[index]
    has_confidence = inputs.derived.confidence is not None
    tone: Tone = "accent" if claim.verified else "dim"
    gauge = axis_gauge(claim.confidence, record.confidence_threshold, tone, is_open=not claim.verified)
    return Claim(
        f"C{index + 1}",
        verdict_mark(claim, inputs.wording),
        _confidence(claim, record, inputs.wording) if has_confidence else (),
        _content(inputs, index, group),
        (*_evidence(claim, inputs), *_beside(claim, inputs)),
        gauge if has_confidence else None,
        tuple(_under_verdict(claim, record, inputs.wording)),
        at=f"/claims/{index}",
        id=claim_anchor(record, index),
    )


def _under_verdict(claim: RecordClaim, record: Record, wording: Wording) -> Iterator[Inlines]:
    """Say what a confidence is called, and that a verdict goes against the record's own threshold."""
    if claim.confidence is None:
        return
    if word := confidence_word(claim.confidence, record):
        yield inlines(word)
    threshold = record.confidence_threshold
    if threshold is not None and claim.verified != (claim.confidence > threshold):
        yield (Warned((wording.t.claims.against_threshold,)),)


def verdict_mark(claim: RecordClaim, wording: Wording) -> StatusMark:
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
    return (Strong((number,)),) if claim.verified else (number,)


def _content(inputs: Inputs, index: int, group: Group) -> Inlines:
    """Print a claim; its source is cited where it is not the one in the title of the group."""
    t, claim = inputs.wording.t.claims, inputs.record.claims[index]
    cut = (" ", Warned((t.cut,))) if f"/claims/{index}/text" in inputs.cut else ()
    content = (*inlines(claim.text), *cut)
    if cited := supporting(inputs, index):
        return content if group.source in cited else (*content, " ", cite(cited))
    return content if claim.own_sources else (*content, " ", Missing((f"[{t.no_source}]",)))


def _evidence(claim: RecordClaim, inputs: Inputs) -> list[Definition]:
    """Quote what supports a claim; name the source of each passage where there are several, and what contradicts."""
    t = inputs.wording.t.claims
    told = [each for each in claim.all_evidence if each.stance is not Stance.SUPPORTS or _is_told(each)]
    if len(told) == 1 and told[0].stance is Stance.SUPPORTS:
        return [Definition("", (_passage(told[0], inputs, cites=False),))]
    return [Definition(_stance(each, t[each.stance]), (_passage(each, inputs),)) for each in told]


def _stance(evidence: Evidence, word: str) -> Inlines:
    """Say whether a source supports a claim; that it contradicts is a warning."""
    return (Warned((word,)),) if evidence.stance is Stance.CONTRADICTS else (word,)


def _is_told(evidence: Evidence) -> bool:
    return bool(evidence.quote or evidence.locator) or evidence.relevance is not None


def _passage(evidence: Evidence, inputs: Inputs, *, cites: bool = True) -> Inlines:
    """Quote a passage, with its source in front of it and its place behind it."""
    source = evidence.source or inputs.record.lead_source
    cited: Inlines = (cite([inputs.bibliography.lookup(source)]),) if source and cites else ()
    quote = inlines(inputs.wording.quoted(evidence.quote)) if evidence.quote else ()
    where = ", ".join(filter(None, (evidence.locator, _relevance(evidence, inputs.wording))))
    place: Inlines = (FinePrint(inlines(where)),) if where else ()
    return joined(tuple(filter(None, (cited, quote, place))), " ")


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
    return shortened(
        f"{author}{others}: {reference.entry.title}" if author else reference.entry.title, longest
    )


def shortened(text: str, longest: int = 40) -> str:
    """Return the first words of a text that is longer."""
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"
