"""Verification and quality: the ladder, the gate, the tier and its thresholds, the review, the dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.gate_checks import gate_checks
from reportgen.content.sentences import score_text
from reportgen.record.model import DimensionLevel, QualityDimensions, Record
from reportgen.text.inline import ended, inlines, joined
from reportgen.text.tree import Blocks, Checksum, Column, Inlines, Paragraph, Row, Strong, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.analysis.derive import GateVerdict, Rung
    from reportgen.base.policy import Tier
    from reportgen.content.inputs import Inputs
    from reportgen.text.wording import Wording


def quality(inputs: Inputs) -> Blocks:
    """Say how far the report was verified and how it was rated, and by which rules of the house."""
    return (*_level(inputs), *_tier(inputs), *_gate(inputs), *_dimensions_note(inputs))


def evidence(inputs: Inputs) -> Blocks:
    """List what stands behind the ratings: files and checks of the gate, words of reviewers, grounds of assessments."""
    record, wording = inputs.record, inputs.wording
    blocks = (
        *_artifacts(record, wording),
        *gate_checks(inputs),
        *inputs.figures.blocks("quality"),
        *_reviews(inputs),
        *_dimensions(inputs),
    )
    return (inputs.heading("evidence"), *blocks) if blocks else ()


def _level(inputs: Inputs) -> Blocks:
    """Name the rungs of the ladder, those that are reached in bold."""
    level, wording = inputs.derived.level, inputs.wording
    if level is None:
        return ()
    rungs = [_rung(rung, wording) for rung in level.ladder if rung.number > 0]
    missing = [rung.number for rung in level.ladder if rung.number > 0 and not rung.reached]
    said: Inlines = (*joined(tuple(rungs), ", "), ".")
    if missing:
        said = (
            *said,
            " ",
            wording.say("quality.rungs_missing", len(missing), listed=_ranges(missing, wording)),
        )
    return (Paragraph(said, wording.t.heading.level, id="verification-level"),)


def _rung(rung: Rung, wording: Wording) -> Inlines:
    name = f"{rung.number} {wording.within(wording.t.level[str(rung.number)])}"
    if not rung.reached:
        return (name,)
    reached = wording.say("quality.rung_claims", rung.count) if rung.count else wording.t.quality.rung
    return (Strong((f"{name} ({reached})",)),)


def _ranges(numbers_: Sequence[int], wording: Wording) -> str:
    """Name numbers that follow one another by the first and the last."""
    first, last = numbers_[0], numbers_[-1]
    if last - first == len(numbers_) - 1 and first != last:
        return f"{first} {wording.t.references.to} {last}"
    return wording.listing([str(number) for number in numbers_])


def _gate(inputs: Inputs) -> Blocks:
    record, gate, wording = inputs.record, inputs.derived.gate, inputs.wording
    if gate is None:
        return ()
    return (
        Paragraph(inlines(_verdict(record, gate, wording)), wording.t.heading.gate, at="/gate", id="gate"),
    )


def _verdict(record: Record, gate: GateVerdict, wording: Wording) -> str:
    """Say the gate's verdict, what it means, why, and when it was evaluated."""
    t = wording.t
    parts = [f"{t.gate[gate.status]}.", t.gate_definition[gate.status]]
    if gate.reason:
        parts.append(wording.say("quality.gate_reason", reason=gate.reason.rstrip(".")))
    elif gate.default_reason:
        parts.append(t.gate_reason[gate.default_reason])
    if gate.evaluated_at:
        parts.append(wording.say("quality.gate_evaluated", date=wording.date(gate.evaluated_at.date())))
    elif gate.default_reason is None:
        parts.append(t.quality.gate_not_evaluated)
    if record.gate and not record.gate.checks:
        parts.append(t.quality.gate_stated)
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
    """Name the tiers with what each asks for, from the highest; one that is never reached is left out."""
    decision, wording = inputs.derived.tier, inputs.wording
    if decision is None:
        return ()
    t = wording.t
    rules = [tier_rule(rule, wording) for rule in decision.thresholds if not rule.printed_only]
    said: list[Inlines] = [inlines(wording.say("quality.tiers", listed=wording.clauses(rules)))]
    said.append(inlines(score_sentence(inputs)))
    if inputs.tier_claims == "verified" and any(rule.lowest_count for rule in decision.thresholds):
        said.append(inlines(t.quality.tier_verified))
    return (Paragraph(joined(tuple(said), " "), t.heading.tier, id="tier", at="/review"),)


def tier_rule(rule: Tier, wording: Wording) -> str:
    """Name a tier with what it asks for."""
    name = wording.named("tier", rule.name)
    return wording.say("quality.tier_rule", name=name, asked=tier_demands(rule, wording))


def tier_demands(rule: Tier, wording: Wording) -> str:
    """Say what a tier asks for."""
    asked = []
    if rule.lowest_score is not None:
        asked.append(wording.say("quality.tier_from", score=wording.localise(f"{rule.lowest_score:g}")))
    elif rule.below_score is not None:
        asked.append(wording.say("quality.tier_below", score=wording.localise(f"{rule.below_score:g}")))
    else:
        asked.append(wording.t.quality.tier_else)
    if rule.lowest_count:
        asked.append(wording.say("quality.tier_at_least", rule.lowest_count))
    if rule.archived:
        asked.append(wording.t.quality.tier_archived)
    return wording.listing(asked)


def score_sentence(inputs: Inputs) -> str:
    """Say where the score comes from."""
    review, wording = inputs.record.review, inputs.wording
    if review is None:
        return str(wording.t.quality.tier_missing)
    count = len(review.reviewers)
    score = score_text(inputs.derived, wording)
    key = "quality.review_mean" if count else "quality.review_single"
    said = wording.say(key, count or None, score=score)
    return (
        f"{said} {wording.say('quality.review_method', method=ended(review.method))}"
        if review.method
        else said
    )


def _reviews(inputs: Inputs) -> Blocks:
    """Print the words of the reviewers who left any; the scores stand beside the text."""
    review, t = inputs.record.review, inputs.wording.t.column
    rows = tuple(
        Row((inlines(reviewer.role), inlines(reviewer.note)), at=f"/review/reviewers/{index}")
        for index, reviewer in enumerate(review.reviewers if review else ())
        if reviewer.note
    )
    return (Table((Column(t.reviewer, 40), Column(t.note)), rows),) if rows else ()


def _dimensions(inputs: Inputs) -> Blocks:
    """List the scores and the grounds of the dimensions that have any."""
    dimensions, wording = inputs.derived.dimensions, inputs.wording
    if dimensions is None:
        return ()
    t = wording.t
    given = {name: getattr(dimensions, name) for name in QualityDimensions.model_fields}
    shown = {name: each for name, each in given.items() if each.score is not None or each.basis is not None}
    if not shown:
        return ()
    scored = any(each.score is not None for each in shown.values())
    columns = [Column(t.column.dimension, 46), Column(t.column.level, 24)]
    columns += [Column(t.column.score, 16, align="right")] if scored else []
    columns.append(Column(t.column.basis))
    rows = []
    for name, each in shown.items():
        cells: list[Inlines] = [(t.dimension[name],), (t.dimension_level[each.level],)]
        cells += [("–" if each.score is None else wording.decimal(each.score, 1),)] if scored else []
        rows.append(Row((*cells, inlines(each.basis or "–")), at=f"/quality_dimensions/{name}"))
    return (Table(tuple(columns), tuple(rows)),)


def _dimensions_note(inputs: Inputs) -> Blocks:
    """Name the dimensions that were not assessed; nothing where none was."""
    dimensions, wording = inputs.derived.dimensions, inputs.wording
    if dimensions is None:
        return ()
    t = wording.t
    names = [
        t.dimension[name]
        for name in QualityDimensions.model_fields
        if getattr(dimensions, name).level is DimensionLevel.UNASSESSED
    ]
    if not names:
        return ()
    if len(names) == len(QualityDimensions.model_fields):
        said = str(t.quality.dimensions_none)
    else:
        said = wording.say("quality.dimensions_missing", names=", ".join(map(wording.within, names)))
    return (Paragraph(inlines(said), t.heading.dimensions),)
