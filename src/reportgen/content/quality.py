"""Verification and quality: the ladder, the gate, the tier and its thresholds, the review, the dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.derive import GateReason, GateVerdict, TierDecision, VerificationLevel
from reportgen.base import numbers
from reportgen.content.gate_checks import gate_checks
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
    """Say how far the report was verified and how it was rated, and by which rules of the house."""
    parts = (*_level(inputs), *_gate(inputs), *_tier(inputs), *_review(inputs), *_dimensions(inputs))
    return (inputs.heading("quality"), *parts) if parts else ()


def _level(inputs: Inputs) -> Blocks:
    level, wording = inputs.derived.level, inputs.wording
    if level is None:
        return ()
    said = wording.say("quality.level", level=level.number, name=wording.t.level[str(level.number)])
    return (
        inputs.heading("level", "verification-level", 3),
        Paragraph(inlines(f"{said} {wording.t.quality.level_rule}")),
        _ladder(level, wording),
    )


def _ladder(level: VerificationLevel, wording: Wording) -> Table:
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
                _strong(f"L{rung.number}", on=rung.number == level.number),
                _strong(t.level[str(rung.number)], on=rung.number == level.number),
                (str(rung.count) if rung.count else "–",),
                (t.quality.reached if rung.reached else t.quality.not_reached,),
            )
        )
        for rung in level.ladder
        if rung.number > 0
    )
    return Table(columns, rows)


def _strong(text: str, *, on: bool) -> Inlines:
    return (Strong((text,)),) if on else (text,)


def _gate(inputs: Inputs) -> Blocks:
    record, gate, wording = inputs.record, inputs.derived.gate, inputs.wording
    if gate is None:
        return ()
    said = Paragraph(inlines(_verdict(record, gate, wording)), at="/gate")
    return (inputs.heading("gate", level=3), said, *_artifacts(record, wording), *gate_checks(inputs))


def _verdict(record: Record, gate: GateVerdict, wording: Wording) -> str:
    """Say the gate's verdict, what it means, why, and when it was evaluated."""
    t = wording.t
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
    if record.gate and not record.gate.checks:
        parts.append(t.quality.gate_stated)
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


def _tier(inputs: Inputs) -> Blocks:
    decision, wording = inputs.derived.tier, inputs.wording
    if decision is None:
        return ()
    t = wording.t
    heading = inputs.heading("tier", level=3)
    if decision.tier is None:
        return (heading, Paragraph(inlines(t.quality.tier_missing)))
    name, basis = wording.named("tier", decision.tier), t.tier_basis.table.get(decision.tier)
    said = wording.say("quality.tier", tier=name, basis=basis) if basis else f"{name}."
    said = f"{said} {t.quality['tier_' + inputs.tier_claims]}"
    return (heading, Paragraph(inlines(said)), _thresholds(decision, wording))


def _thresholds(decision: TierDecision, wording: Wording) -> Table:
    t = wording.t
    columns = (
        Column(t.column.tier, 37),
        Column(t.column.needed_score, 18),
        Column(t.column.needed_claims, 18),
        Column(t.column.archived, 25),
        Column(t.column.note),
    )
    rows = []
    for rule in decision.thresholds:
        if rule.lowest_score is not None:
            score = wording.say("quality.tier_from", score=wording.decimal(rule.lowest_score, 1))
        elif rule.below_score is not None:
            score = wording.say("quality.tier_below", score=wording.decimal(rule.below_score, 1))
        else:
            score = t.quality.tier_else
        claims = wording.say("quality.tier_claims", rule.lowest_count) if rule.lowest_count else "–"
        here = rule.name == decision.tier
        note = t.quality.tier_this if here else t.quality.tier_unreached if rule.printed_only else ""
        archived = t.quality.tier_required if rule.archived else "–"
        name = _strong(wording.named("tier", rule.name), on=here)
        rows.append(Row((name, (score,), (claims,), (archived,), _strong(note, on=here))))
    return Table(columns, tuple(rows))


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
        *inputs.figures.blocks("quality"),
        *_reviewers(review.reviewers, inputs),
    )


def _reviewers(reviewers: Sequence[Reviewer], inputs: Inputs) -> Blocks:
    if not reviewers:
        return ()
    t, sign, edges = inputs.wording.t.column, inputs.wording.t.format.decimal, inputs.derived.score_edges
    columns = (Column(t.reviewer, 40), Column(t.score, 16, align="right"), Column(t.note))
    rows = tuple(
        Row(
            (
                inlines(reviewer.role),
                (numbers.score(reviewer.score, edges, sign),),
                inlines(reviewer.note or "–"),
            ),
            at=f"/review/reviewers/{index}",
        )
        for index, reviewer in enumerate(reviewers)
    )
    return (Table(columns, rows),)


def _dimensions(inputs: Inputs) -> Blocks:
    dimensions, wording = inputs.derived.dimensions, inputs.wording
    if dimensions is None:
        return ()
    note = Paragraph(inlines(_dimensions_note(dimensions, wording)))
    return (inputs.heading("dimensions", level=3), *_assessed(dimensions, wording), note)


def _assessed(dimensions: QualityDimensions, wording: Wording) -> Blocks:
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
