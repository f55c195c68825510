"""Outcomes: the effects that sources report, with their intervals, and what the record makes of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.content.claims import source_cell
from reportgen.content.facts import fact
from reportgen.content.references import claim_links
from reportgen.text.inline import ended, inlines
from reportgen.text.tree import (
    Blocks,
    Column,
    Definition,
    DefinitionList,
    Heading,
    Inlines,
    Paragraph,
    Row,
    Strong,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Effect, Outcome, PooledEffect
    from reportgen.text.wording import Wording

_MOST_ZEROS = 9
_FACTS = ("measure", "unit", "model", "risk_of_bias", "certainty")


def outcomes(inputs: Inputs) -> Blocks:
    """Print each outcome with its effects; nothing is pooled that the record does not pool."""
    blocks: Blocks = ()
    for index, outcome in enumerate(inputs.record.outcomes):
        at = f"/outcomes/{index}"
        blocks += (
            Heading(3, inlines(outcome.name), id=f"outcome-{index + 1}", at=f"{at}/name"),
            DefinitionList(_facts(outcome, at, inputs)),
            _effects(outcome, at, inputs),
            *inputs.figures.blocks("outcomes", f"fig-forest-{index + 1}"),
            _pooling(outcome, at, inputs.wording),
        )
    return (inputs.heading("outcomes"), *blocks) if blocks else ()


def _facts(outcome: Outcome, at: str, inputs: Inputs) -> tuple[Definition, ...]:
    t = inputs.wording.t.outcomes
    given = ((name, getattr(outcome, name)) for name in _FACTS)
    facts = [fact(t[name], value, at=f"{at}/{name}") for name, value in given if value is not None]
    about = [index for index, claim in enumerate(inputs.record.claims) if claim.outcome == outcome.name]
    if about:
        facts.append(Definition(t.claims, (claim_links(about, inputs.record, inputs.wording),)))
    return tuple(facts)


def _effects(outcome: Outcome, at: str, inputs: Inputs) -> Table:
    """Return the table of effects; a column that would be empty is left out."""
    wording = inputs.wording
    t = wording.t
    entries = outcome.entries
    effects: list[Effect | PooledEffect] = [*entries, *([outcome.pooled] if outcome.pooled else [])]
    places = _places(end for each in effects for end in (each.value, each.lower, each.upper))
    weights = _places(each.weight for each in entries)
    kept: list[tuple[Column, list[Inlines], Inlines]] = [
        (
            Column(t.column.source),
            [source_cell(inputs.bibliography.lookup(entry.source)) for entry in entries],
            (Strong((t.outcomes.pooled,)),),
        )
    ]
    for column, name, decimals in (
        (Column(t.column.group, 22), "group", 0),
        (Column(t.column.n, 13, align="right"), "n", 0),
        (Column(t.column.weight, 17, align="right"), "weight", weights),
    ):
        if any(getattr(entry, name) is not None for entry in entries):
            cells = [_given(getattr(entry, name), decimals, wording) for entry in entries]
            kept.append((column, cells, ("–",)))
    kept += [
        (
            Column(t.column.effect, 16, align="right"),
            [(_number(entry.value, places, wording),) for entry in entries],
            (Strong((_number(outcome.pooled.value, places, wording),)),) if outcome.pooled else (),
        ),
        (
            Column(t.column.interval, 30, align="right"),
            [(_interval(entry, places, wording),) for entry in entries],
            (Strong((_interval(outcome.pooled, places, wording),)),) if outcome.pooled else (),
        ),
    ]
    rows = [
        Row(tuple(cells[place] for _, cells, _ in kept), at=f"{at}/entries/{place}")
        for place in range(len(entries))
    ]
    if outcome.pooled:
        rows.append(Row(tuple(last for _, _, last in kept), at=f"{at}/pooled"))
    return Table(tuple(column for column, _, _ in kept), tuple(rows))


def _pooling(outcome: Outcome, at: str, wording: Wording) -> Paragraph:
    t = wording.t.outcomes
    if outcome.pooled is None:
        return Paragraph(inlines(t.not_pooled))
    note = outcome.pooled.note
    said = f"{t.pooled_by_record} {ended(note)}" if note else t.pooled_by_record
    return Paragraph(inlines(said), at=f"{at}/pooled/note" if outcome.pooled.note else "")


def effect_texts(outcome: Outcome, wording: Wording) -> tuple[list[str], str]:
    """Write the effects of an outcome with their intervals as in its table, and the pooled one, '' without one."""
    effects: list[Effect | PooledEffect] = [*outcome.entries, *([outcome.pooled] if outcome.pooled else [])]
    places = _places(end for each in effects for end in (each.value, each.lower, each.upper))
    said = [_number(each.value, places, wording) for each in effects]
    for index, each in enumerate(effects):
        if each.lower is not None or each.upper is not None:
            said[index] += f" ({_interval(each, places, wording)})"
    return said[: len(outcome.entries)], said[-1] if outcome.pooled else ""


def _given(value: str | float | None, places: int, wording: Wording) -> Inlines:
    if value is None:
        return ("–",)
    return inlines(value) if isinstance(value, str) else (_number(value, places, wording),)


def _interval(effect: Effect | PooledEffect, places: int, wording: Wording) -> str:
    if effect.lower is None and effect.upper is None:
        return "–"
    ends = ("?" if end is None else _number(end, places, wording) for end in (effect.lower, effect.upper))
    return f" {wording.t.references.to} ".join(ends)


def _places(values: Iterable[float | None]) -> int:
    """Return how many decimals the most precise of several numbers has."""
    exact = (_exact(value) for value in values if value is not None)
    return max((-int(each.as_tuple().exponent) for each in exact if _is_plain(each)), default=0)


def _number(value: float, places: int, wording: Wording) -> str:
    """Write a number as the record gives it, with as many decimals as those beside it and the language's sign."""
    exact = _exact(value)
    said = f"{exact:.{max(places, 0)}f}" if _is_plain(exact) else f"{value:.10g}"
    return wording.localise(said).replace("-", "−")


def _is_plain(number: Decimal) -> bool:
    """Tell whether a number is written without a power of ten."""
    return abs(number.adjusted()) <= _MOST_ZEROS


def _exact(value: float) -> Decimal:
    """Return a number without what arithmetic in binary leaves behind its tenth digit."""
    return Decimal(f"{value:.10g}")
