"""The results: what was found as a whole, reported scores, claims by source, and the synthesis itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.claims import source_cell
from reportgen.content.confidence import confidence_text
from reportgen.content.exhibits import own_exhibit
from reportgen.content.outcomes import outcomes
from reportgen.content.prose import prose
from reportgen.content.sentences import benchmark_numbers, percent_text
from reportgen.text.inline import inlines
from reportgen.text.markup import images
from reportgen.text.tree import Blocks, Column, Heading, Inlines, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs

FEWEST_INDEXED = 40
"""So many claims have an index."""


def results(inputs: Inputs) -> Blocks:
    """Print the record's sections, and what it reports in numbers, in tables and charts."""
    return (
        *_sections(inputs),
        *_exhibits(inputs),
        *_scores(inputs),
        *outcomes(inputs),
        *_charts(inputs),
        *_index(inputs),
    )


def _scores(inputs: Inputs) -> Blocks:
    """Compare the scores that a meta-analysis reports, highest first."""
    benchmark, evidence, wording = inputs.record.benchmark, inputs.derived.benchmark, inputs.wording
    if benchmark is None or evidence is None:
        return ()
    t = wording.t
    numbers = benchmark_numbers(evidence, wording)
    if evidence.entries == 1:
        parts = [wording.say("spread.single", **numbers)]
    else:
        sources = wording.say("spread.sources", evidence.distinct_sources)
        parts = [wording.say("spread.text", evidence.entries, sources=sources, **numbers)]
    if evidence.first_year is not None:
        path = "spread.year" if evidence.first_year == evidence.last_year else "spread.years"
        parts.append(wording.say(path, first=evidence.first_year, last=evidence.last_year))
    parts += [wording.say("spread.coverage", coverage=t.coverage[evidence.coverage]), t.spread.caution]
    entries = sorted(enumerate(benchmark.entries), key=lambda pair: -pair[1].score_pct)
    rows = tuple(
        Row(
            (
                source_cell(inputs.bibliography.lookup(entry.source)),
                (str(entry.year) if entry.year else "–",),
                (percent_text(entry.score_pct, wording),),
                inlines(entry.protocol or "–"),
            ),
            at=f"/benchmark/entries/{index}",
        )
        for index, entry in entries
    )
    columns = (
        Column(t.column.source),
        Column(t.column.year, 12),
        Column(t.column.reported, 20, align="right"),
        Column(t.column.protocol, 42),
    )
    return (
        inputs.heading("spread", "reported-scores"),
        Paragraph(inlines(" ".join(parts))),
        *inputs.figures.blocks("spread"),
        *(() if inputs.figures.are_complete("spread") else (Table(columns, rows),)),
    )


def _charts(inputs: Inputs) -> Blocks:
    """Show several charts under one heading; a single one says by its caption what it shows."""
    figures = inputs.figures.blocks("results")
    return (inputs.heading("charts"), *figures) if len(figures) > 1 else figures


def _index(inputs: Inputs) -> Blocks:
    """Count many claims by their sources before they are listed."""
    if len(inputs.record.claims) < FEWEST_INDEXED or not inputs.sources:
        return ()
    return (inputs.heading("summary"), _source_table(inputs))


def _source_table(inputs: Inputs) -> Table:
    wording = inputs.wording
    t = wording.t.column
    columns: tuple[Column, ...] = (
        Column(t.source),
        Column(t.claims, 14, align="right"),
        Column(t.verified, 15, align="right"),
    )
    if inputs.derived.confidence:
        columns += (Column(t.median, 14, align="right"), Column(t.range, 23, align="right"))

    def number(value: float | None) -> str:
        return (
            wording.t.claims.no_confidence
            if value is None
            else confidence_text(value, inputs.record, wording)
        )

    def row(reference: int, claims: int, verified: int, *numbers: float | None) -> Row:
        median, low, high = map(number, numbers)
        cell = source_cell(inputs.bibliography.references[reference - 1])
        spread = low if low == high else f"{low} – {high}"
        cells: tuple[Inlines, ...] = (cell, (str(claims),), (str(verified),), (median,), (spread,))
        return Row(cells[: len(columns)])

    return Table(
        columns,
        tuple(
            row(each.reference, each.claims, each.verified, each.median, each.lowest, each.highest)
            for each in inputs.sources
        ),
    )


def _sections(inputs: Inputs) -> Blocks:
    blocks: Blocks = ()
    for index, section in enumerate(inputs.record.sections):
        if section.appendix:
            continue
        at = f"/sections/{index}"
        blocks += (Heading(2, inlines(section.title), id=f"section-{index + 1}", at=at),)
        blocks += prose(inputs, f"{at}/text", level=3)
    return blocks


def _exhibits(inputs: Inputs) -> Blocks:
    """Return the record's tables and figures that no text places."""
    placed = {name for text in inputs.record.markdown_texts.values() for name in images(text)}
    own = (exhibit.id for exhibit in inputs.record.exhibits)
    blocks = (own_exhibit(inputs, name) for name in own if f"#{name}" not in placed)
    return tuple(filter(None, blocks))
