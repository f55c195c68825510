"""Verification and quality: the ladder, the gate, the tier and its thresholds, the review, the dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.derive import Derived, GateReason, GateVerdict, TierDecision, VerificationLevel
from reportgen.content.report import FigureView, QualityView
from reportgen.content.sentences import score_text
from reportgen.latex.escaping import Latex, escape, escape_breakable
from reportgen.latex.tables import Column, Row, Table, set_table
from reportgen.record.model import Dimension, DimensionLevel, QualityDimensions, Record

if TYPE_CHECKING:
    from reportgen.text.wording import Wording


def quality_view(
    record: Record, derived: Derived, figures: tuple[FigureView, ...], wording: Wording
) -> QualityView | None:
    """Say how far the report was verified and how it was rated, and by which rules; None where that is nothing."""
    level, gate, tier, dimensions = derived.level, derived.gate, derived.tier, derived.dimensions
    if not (level or gate or tier or dimensions or record.review):
        return None
    return QualityView(
        level=_level(level, wording) if level else "",
        ladder=_ladder(level, wording) if level else "",
        gate=_gate(record, gate, wording) if gate else "",
        artifacts=_artifacts(record, wording),
        tier=_tier(tier, wording) if tier else "",
        thresholds=_thresholds(tier, wording) if tier and tier.tier else "",
        review=_review(record, derived, wording),
        reviewers=_reviewers(record, wording),
        figures=figures,
        dimensions=_dimensions(dimensions, wording) if dimensions else "",
        dimensions_note=_dimensions_note(dimensions, wording) if dimensions else "",
    )


def _level(level: VerificationLevel, wording: Wording) -> str:
    said = wording.say("quality.level", level=level.number, name=wording.t.level[str(level.number)])
    return f"{said} {wording.t.quality.level_rule}"


def _ladder(level: VerificationLevel, wording: Wording) -> Latex:
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
                str(rung.count) if rung.count else "–",
                t.quality.reached if rung.reached else t.quality.not_reached,
            )
        )
        for rung in level.ladder
        if rung.number > 0
    )
    return set_table(Table(columns, rows))


def _strong(text: str, *, on: bool) -> Latex:
    return Latex(f"\\textbf{{{escape(text)}}}") if on else escape(text)


def _gate(record: Record, gate: GateVerdict, wording: Wording) -> str:
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


def _tier(decision: TierDecision, wording: Wording) -> str:
    t = wording.t
    if decision.tier is None:
        return str(t.quality.tier_missing)
    name, basis = wording.named("tier", decision.tier), t.tier_basis.table.get(decision.tier)
    said = wording.say("quality.tier", tier=name, basis=basis) if basis else f"{name}."
    return f"{said} {t.quality['tier_' + decision.claims_counted]}"


def _thresholds(decision: TierDecision, wording: Wording) -> Latex:
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
        rows.append(Row((name, score, claims, archived, _strong(note, on=here))))
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
            (reviewer.role, wording.decimal(reviewer.score, 2), reviewer.note or "–"),
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
