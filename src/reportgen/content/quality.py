"""Verification and quality: the ladder, the gate, the tier and its thresholds, the review, the dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.derive import SCORE_EDGES, Derived, GateReason
from reportgen.base import numbers
from reportgen.content.report import FigureView, QualityView
from reportgen.content.sentences import score_text
from reportgen.latex.escaping import Latex, escape, escape_breakable
from reportgen.latex.tables import Column, Row, Table, set_table
from reportgen.record.model import Dimension, DimensionLevel, QualityDimensions, Record

if TYPE_CHECKING:
    from reportgen.text.wording import Wording


def quality_view(
    record: Record, derived: Derived, figures: tuple[FigureView, ...], tier_claims: str, wording: Wording
) -> QualityView:
    """Say how far the report was verified and how it was rated, and by which rules."""
    t = wording.t.quality
    level = wording.say(
        "quality.level", level=derived.level.number, name=wording.t.level[str(derived.level.number)]
    )
    return QualityView(
        level=f"{level} {t.level_rule}",
        ladder=_ladder(derived, wording),
        gate=_gate(record, derived, wording),
        artifacts=_artifacts(record, wording),
        tier=_tier(derived, tier_claims, wording),
        thresholds=_thresholds(derived, wording) if derived.tier.tier else "",
        review=_review(record, derived, wording),
        reviewers=_reviewers(record, wording),
        figures=figures,
        dimensions=_dimensions(record.quality_dimensions, wording),
        dimensions_note=_dimensions_note(record.quality_dimensions, wording),
    )


def _ladder(derived: Derived, wording: Wording) -> Latex:
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
                str(rung.count) if rung.count else "–",
                t.quality.reached if rung.reached else t.quality.not_reached,
            )
        )
        for rung in derived.level.ladder
        if rung.number > 0
    )
    return set_table(Table(columns, rows))


def _strong(text: str, *, on: bool) -> Latex:
    return Latex(f"\\textbf{{{escape(text)}}}") if on else escape(text)


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


def _artifacts(record: Record, wording: Wording) -> Latex:
    if record.gate is None or not record.gate.artifacts:
        return Latex("")
    t = wording.t.column
    columns = (Column(t.artifact, 28), Column(t.file), Column(t.sha256, 70, small=True))
    rows = tuple(
        Row(
            (
                artifact.type,
                escape_breakable(artifact.path),
                Latex(f"\\texttt{{{escape_breakable(artifact.sha256)}}}"),
            ),
            at=f"/gate/artifacts/{index}",
        )
        for index, artifact in enumerate(record.gate.artifacts)
    )
    return set_table(Table(columns, rows))


def _tier(derived: Derived, tier_claims: str, wording: Wording) -> str:
    t = wording.t
    if derived.tier.tier is None:
        return str(t.quality.tier_missing)
    said = wording.say("quality.tier", tier=t.tier[derived.tier.tier], basis=t.tier_basis[derived.tier.tier])
    return f"{said} {t.quality['tier_' + tier_claims]}"


def _thresholds(derived: Derived, wording: Wording) -> Latex:
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
            Row((_strong(t.tier[rule.tier], on=here), score, claims, archived, _strong(note, on=here)))
        )
    return set_table(Table(columns, tuple(rows)))


def _review(record: Record, derived: Derived, wording: Wording) -> str:
    if record.review is None:
        return ""
    score = score_text(derived, wording)
    count = len(record.review.reviewers)
    said = (
        wording.say("quality.review_mean", count, score=score)
        if count
        else wording.say("quality.review_single", score=score)
    )
    return (
        f"{said} {wording.say('quality.review_method', method=record.review.method)}"
        if record.review.method
        else said
    )


def _reviewers(record: Record, wording: Wording) -> Latex:
    if record.review is None or not record.review.reviewers:
        return Latex("")
    t = wording.t.column
    columns = (Column(t.reviewer, 40), Column(t.score, 16, align="right"), Column(t.note))
    rows = tuple(
        Row(
            (
                reviewer.role,
                numbers.score(reviewer.score, SCORE_EDGES, wording.t.format.decimal),
                reviewer.note or "–",
            ),
            at=f"/review/reviewers/{index}",
        )
        for index, reviewer in enumerate(record.review.reviewers)
    )
    return set_table(Table(columns, rows))


def _dimensions(dimensions: QualityDimensions, wording: Wording) -> Latex:
    """Set the dimensions that were assessed; a column that would be empty is left out."""
    t = wording.t
    given = {name: getattr(dimensions, name) for name in QualityDimensions.model_fields}
    shown = {name: each for name, each in given.items() if each != Dimension()}
    if not shown:
        return Latex("")
    scored = any(each.score is not None for each in shown.values())
    based = any(each.basis is not None for each in shown.values())
    columns = [Column(t.column.dimension, 52), Column(t.column.level, 24 if scored or based else 0)]
    columns += (
        [Column(t.column.score, 16 if based else 0, align="right" if based else "left")] if scored else []
    )
    columns += [Column(t.column.basis)] if based else []
    rows = []
    for name, each in shown.items():
        cells = [t.dimension[name], t.dimension_level[each.level]]
        cells += ["–" if each.score is None else wording.decimal(each.score, 1)] if scored else []
        cells += [each.basis or "–"] if based else []
        rows.append(Row(tuple(cells), at=f"/quality_dimensions/{name}"))
    return set_table(Table(tuple(columns), tuple(rows)))


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
