"""The status of a report: a strip of four cells with gauges, and a line below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.derive import CorrectionState
from reportgen.base import numbers
from reportgen.content.confidence import confidence_text
from reportgen.content.gauges import bar_gauge, ladder_gauge, score_gauge, tally_gauge
from reportgen.content.references import said_of_report
from reportgen.content.sentences import score_text
from reportgen.record.model import CorrectionKind, GateStatus, MathState
from reportgen.text.inline import inlines
from reportgen.text.report import StatusCell, StatusLine, StatusStrip
from reportgen.text.tree import Blocks, Inlines, Strong, Warned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.content.inputs import Inputs

_TOP_SCORE = 10.0
_GATE = {
    GateStatus.VERIFIED: "gate_passed",
    GateStatus.UNVERIFIED: "gate_not_passed",
    GateStatus.FALSIFIED: "gate_falsified",
}


def status(inputs: Inputs) -> Blocks:
    """Show how the report stands."""
    return (status_strip(inputs),)


def status_strip(inputs: Inputs) -> StatusStrip:
    """Return what says at a glance how the report stands, but for what the house's policy leaves out."""
    cells = (_score(inputs), _level(inputs), _claims(inputs), _literature(inputs))
    return StatusStrip(tuple(filter(None, cells)), tuple(_line(inputs)))


def _score(inputs: Inputs) -> StatusCell | None:
    derived, wording = inputs.derived, inputs.wording
    t = wording.t.strip
    tier = derived.tier
    if derived.score is None:
        return StatusCell(t.review_score, t.score_missing) if tier else None
    name = wording.named("tier", tier.tier) if tier and tier.tier else ""
    review = inputs.record.review
    scores = [each.score for each in review.reviewers] if review else []
    gauge = score_gauge(derived.score, _band(inputs, derived.score), derived.score_edges, scores)
    value = wording.say("strip.score", score=score_text(derived, wording))
    return StatusCell(t.review_score, value, name, gauge)


def _band(inputs: Inputs, score: float) -> tuple[float, float]:
    """Find the scores between which the tier is the same as far as the score decides it."""
    edges = sorted({0.0, *inputs.derived.score_edges, _TOP_SCORE})
    lower = max((edge for edge in edges if edge <= score and edge < _TOP_SCORE), default=0.0)
    return lower, min((edge for edge in edges if edge > lower), default=_TOP_SCORE)


def _level(inputs: Inputs) -> StatusCell | None:
    level, wording = inputs.derived.level, inputs.wording
    if level is None:
        return None
    rungs = [rung for rung in level.ladder if rung.number > 0]
    gauge = ladder_gauge([rung.reached for rung in rungs], level.number)
    value = wording.say("strip.level", level=level.number)
    return StatusCell(
        wording.t.strip.verification_level, value, wording.within(wording.t.level[str(level.number)]), gauge
    )


def _claims(inputs: Inputs) -> StatusCell:
    derived, wording = inputs.derived, inputs.wording
    t, claims = wording.t.strip, derived.claims
    if not claims.extracted:
        return StatusCell(t.claims, t.none)
    detail = ""
    if derived.confidence:
        median = confidence_text(derived.confidence.median, inputs.record, wording)
        detail = wording.say("strip.median", median=median)
    total = numbers.whole(claims.extracted)
    if claims.verified is None:
        return StatusCell(t.claims, total, detail, lines=(StatusLine(t.marked_unknown),))
    others = claims.extracted - claims.verified
    key = "marked_none" if not claims.verified else "marked_some" if others else "marked"
    said = wording.say(f"strip.{key}", claims.verified, m=numbers.whole(others))
    gauge = tally_gauge(claims.verified, claims.extracted)
    return StatusCell(t.claims, total, detail, gauge, (StatusLine(said),))


def _literature(inputs: Inputs) -> StatusCell:
    """Show how many papers were found, and how many were left at each step; those used are the ones cited."""
    wording, search = inputs.wording, inputs.record.search
    t = wording.t.strip
    references = inputs.bibliography.references
    used = sum(reference.cited for reference in references)
    steps = [
        ("found", search.papers_retrieved if search else None),
        ("screened", search.screened if search else None),
        ("included", search.included if search else None),
        ("used", used),
    ]
    if not any(count is not None for _, count in steps[1:3]) and len(references) != used:
        steps[2] = ("listed", len(references))
    known = [(name, count) for name, count in steps if count is not None]
    largest = max(count for _, count in known) or 1
    lines = tuple(
        StatusLine(wording.say(f"strip.{name}", count), bar_gauge(count / largest, is_last=name == "used"))
        for name, count in known
    )
    # A record may cite more than its search found.
    whole = known[0][1] if len(known) > 1 and used <= known[0][1] > 0 else None
    words = wording.say("strip.papers_used", used if whole is None else whole)
    value = numbers.whole(used)
    if whole is not None:
        value = wording.say("strip.of", n=value, total=numbers.whole(whole))
    return StatusCell(t.literature, value, words, lines=lines if len(known) > 1 else ())


def _line(inputs: Inputs) -> Iterator[Inlines]:
    """Say what else is to be known: the gate's verdict, corrections, whether there is a DOI."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t = wording.t.strip
    if derived.gate:
        said = (Strong((t[_GATE[derived.gate.status]],)),)
        yield said if derived.gate.status is GateStatus.VERIFIED else (Warned(said),)
    correction = derived.correction
    if correction.state is CorrectionState.CURRENT:
        yield (t.corrections_none,)
    elif correction.count:
        last = wording.date(correction.last.date()) if correction.last else ""
        yield (wording.say("strip.corrections_some", correction.count, date=last),)
    if inputs.registration is None:
        yield (t.doi_unstated if record.external_record == "registered" else t.doi_none,)


def notices(inputs: Inputs) -> tuple[Inlines, ...]:
    """Say what no reader may miss, whichever sections the house prints."""
    record, wording = inputs.record, inputs.wording
    said: list[Inlines] = []
    if registration := inputs.registration:
        said += [inlines(wording.t.status.sandbox)] if registration.sandbox else []
    said += [
        inlines(
            wording.say(
                "status.retracted", date=wording.date(event.corrected_at.date()), note=event.public_note
            )
        )
        for event in record.corrections
        if event.kind is CorrectionKind.RETRACTION
    ]
    if record.superseded_by is not None:
        said.append(said_of_report(wording, "status.superseded", successor=record.superseded_by))
    if inputs.derived.gate and inputs.derived.gate.status is GateStatus.FALSIFIED:
        said.append(inlines(wording.t.status.falsified))
    if record.math is not None and record.math.state is MathState.FALSIFIED:
        said.append(inlines(wording.t.status.statement_falsified))
    correction = inputs.derived.correction
    if correction.state is CorrectionState.CORRECTED and correction.last is not None:
        date = wording.date(correction.last.date())
        said.append(inlines(wording.say("status.corrected", correction.count, date=date)))
    return tuple(said)


def warning(inputs: Inputs) -> str:
    """Return the shortest word for what no page may be without; '' where there is nothing."""
    record, derived = inputs.record, inputs.derived
    t = inputs.wording.t.status
    is_false = (derived.gate and derived.gate.status is GateStatus.FALSIFIED) or (
        record.math is not None and record.math.state is MathState.FALSIFIED
    )
    state = derived.correction.state
    said = (
        (bool(inputs.registration and inputs.registration.sandbox), t.sandbox_short),
        (state is CorrectionState.RETRACTED, t.retracted_short),
        (record.superseded_by is not None, t.superseded_short),
        (is_false, t.falsified_short),
        (state is CorrectionState.CORRECTED, t.corrected_short),
    )
    return " · ".join(word for holds, word in said if holds)
