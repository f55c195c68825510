"""Verification and quality: the ladder, the gate, the tier and its thresholds, the review, the dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.derive import SCORE_EDGES, Derived, GateReason
from reportgen.base import numbers
from reportgen.content.sentences import score_text
from reportgen.record.model import Dimension, DimensionLevel, QualityDimensions, Record
from reportgen.text.inline import inlines
from reportgen.text.tree import Blocks, Checksum, Column, Inlines, Paragraph, Row, Strong, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Reviewer
    from reportgen.text.wording import Wording


def quality(inputs: Inputs) -> Blocks:
    """Say how far the report was verified and how it was rated, and by which rules."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t = wording.t
    number = derived.level.number
    level = wording.say("quality.level", level=number, name=t.level[str(number)])
    return (
        inputs.heading("quality"),
        inputs.heading("level", "verification-level", 3),
        Paragraph(inlines(f"{level} {t.quality.level_rule}")),
        _ladder(derived, wording),
        inputs.heading("gate", level=3),
        Paragraph(inlines(_gate(record, derived, wording)), at="/gate"),
        *_artifacts(record, wording),
        inputs.heading("tier", level=3),
        Paragraph(inlines(_tier(derived, inputs.tier_claims, wording))),
        *(_thresholds(derived, wording) if derived.tier.tier else ()),
        *_review(inputs),
        inputs.heading("dimensions", level=3),
        *_dimensions(record.quality_dimensions, wording),
        Paragraph(inlines(_dimensions_note(record.quality_dimensions, wording))),
    )


def _ladder(derived: Derived, wording: Wording) -> Table:
    t = wording.t
    columns = (
        Column(t.column.level, 12),
        Column(t.column.meaning),
        Column(t.column.evidence, 34, align="right"),
        Column(t.column.state, 36),
    )
    rows = tuple(
        Row(
            (
                _strong(f"L{rung.number}", on=rung.number == derived.level.number),
                _strong(t.level[str(rung.number)], on=rung.number == derived.level.number),
                (str(rung.count) if rung.count else "–",),
                (t.quality.reached if rung.reached else t.quality.not_reached,),
            )
        )
        for rung in derived.level.ladder
        if rung.number > 0
    )
    return Table(columns, rows)


def _strong(text: str, *, on: bool) -> Inlines:
    return (Strong((text,)),) if on else (text,)


def _gate(record: Record, derived: Derived, wording: Wording) -> str:
    """Say the gate's verdict, what it means, why, and when it was evaluated."""
    t = wording.t
    gate = derived.gate
    parts = [] if record.gate else [t.quality.gate_missing]
    parts += [f"{t.gate[gate.status]}.", t.gate_definition[gate.status]]
    if gate.reason:
        parts.append(wording.say("quality.gate_reason", reason=gate.reason.rstrip(".")))
    elif gate.default_reason:
        parts.append(t.gate_reason[gate.default_reason])
    if gate.evaluated_at:
        parts.append(wording.say("quality.gate_evaluated", date=wording.date(gate.evaluated_at.date())))
    elif gate.default_reason is not GateReason.NOT_YET_EVALUATED:
        parts.append(t.quality.gate_not_evaluated)
    parts.append(t.quality.gate_rule)
    return " ".join(parts)


def _artifacts(record: Record, wording: Wording) -> Blocks:
    if record.gate is None or not record.gate.artifacts:
        return ()
    t = wording.t.column
    columns = (Column(t.artifact, 28), Column(t.file), Column(t.sha256, 70, small=True))
    rows = tuple(
        Row(
            (inlines(artifact.type), (artifact.path,), (Checksum(artifact.sha256),)),
            at=f"/gate/artifacts/{index}",
        )
        for index, artifact in enumerate(record.gate.artifacts)
    )
    return (Table(columns, rows),)


def _tier(derived: Derived, tier_claims: str, wording: Wording) -> str:
    t = wording.t
    if derived.tier.tier is None:
        return str(t.quality.tier_missing)
    said = wording.say("quality.tier", tier=t.tier[derived.tier.tier], basis=t.tier_basis[derived.tier.tier])
    return f"{said} {t.quality['tier_' + tier_claims]}"


def _thresholds(derived: Derived, wording: Wording) -> Blocks:
    t = wording.t
    columns = (
        Column(t.column.tier, 37),
        Column(t.column.needed_score, 18),
        Column(t.column.needed_claims, 18),
        Column(t.column.archived, 25),
        Column(t.column.note),
    )
    rows = []
    for rule in derived.tier.thresholds:
        if rule.minimum_score is not None:
            score = wording.say("quality.tier_from", score=wording.decimal(rule.minimum_score, 1))
        elif rule.below_score is not None:
            score = wording.say("quality.tier_below", score=wording.decimal(rule.below_score, 1))
        else:
            score = t.quality.tier_else
        claims = wording.say("quality.tier_claims", rule.minimum_claims) if rule.minimum_claims else "–"
        here = rule.tier == derived.tier.tier
        note = (
            t.quality.tier_this if here else t.quality.tier_unreached if rule.tier == "PUBLIC_RECORD" else ""
        )
        archived = t.quality.tier_required if rule.externally_archived else "–"
        rows.append(
            Row(
                (
                    _strong(t.tier[rule.tier], on=here),
                    (score,),
                    (claims,),
                    (archived,),
                    _strong(note, on=here),
                )
            )
        )
    return (Table(columns, tuple(rows)),)


def _review(inputs: Inputs) -> Blocks:
    review, wording = inputs.record.review, inputs.wording
    if review is None:
        return ()
    score = score_text(inputs.derived, wording)
    count = len(review.reviewers)
    said = (
        wording.say("quality.review_mean", count, score=score)
        if count
        else wording.say("quality.review_single", score=score)
    )
    if review.method:
        said = f"{said} {wording.say('quality.review_method', method=review.method)}"
    return (
        inputs.heading("review", level=3),
        Paragraph(inlines(said), at="/review"),
        *inputs.figures.blocks("quality", wording),
        *_reviewers(review.reviewers, wording),
    )


def _reviewers(reviewers: Sequence[Reviewer], wording: Wording) -> Blocks:
    if not reviewers:
        return ()
    t = wording.t.column
    columns = (Column(t.reviewer, 40), Column(t.score, 16, align="right"), Column(t.note))
    rows = tuple(
        Row(
            (
                inlines(reviewer.role),
                (numbers.score(reviewer.score, SCORE_EDGES, wording.t.format.decimal),),
                inlines(reviewer.note or "–"),
            ),
            at=f"/review/reviewers/{index}",
        )
        for index, reviewer in enumerate(reviewers)
    )
    return (Table(columns, rows),)


def _dimensions(dimensions: QualityDimensions, wording: Wording) -> Blocks:
    """List the dimensions that were assessed; a column that would be empty is left out."""
    t = wording.t
    given = {name: getattr(dimensions, name) for name in QualityDimensions.model_fields}
    shown = {name: each for name, each in given.items() if each != Dimension()}
    if not shown:
        return ()
    scored = any(each.score is not None for each in shown.values())
    based = any(each.basis is not None for each in shown.values())
    columns = [Column(t.column.dimension, 52), Column(t.column.level, 24 if scored or based else 0)]
    columns += (
        [Column(t.column.score, 16 if based else 0, align="right" if based else "left")] if scored else []
    )
    columns += [Column(t.column.basis)] if based else []
    rows = []
    for name, each in shown.items():
        cells: list[Inlines] = [(t.dimension[name],), (t.dimension_level[each.level],)]
        cells += [("–" if each.score is None else wording.decimal(each.score, 1),)] if scored else []
        cells += [inlines(each.basis or "–")] if based else []
        rows.append(Row(tuple(cells), at=f"/quality_dimensions/{name}"))
    return (Table(tuple(columns), tuple(rows)),)


def _dimensions_note(dimensions: QualityDimensions, wording: Wording) -> str:
    t = wording.t
    names = [
        t.dimension[name]
        for name in QualityDimensions.model_fields
        if getattr(dimensions, name).level is DimensionLevel.UNASSESSED
    ]
    if len(names) == len(QualityDimensions.model_fields):
        return str(t.quality.dimensions_none)
    said = (
        wording.say("quality.dimensions_missing", names=", ".join(map(wording.within, names)))
        if names
        else ""
    )
    return f"{said} {t.quality.dimension_note}".strip()
