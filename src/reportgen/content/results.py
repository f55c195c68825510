"""The results: what was found as a whole, reported scores, claims by source, and the synthesis itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.claims import confidence_text, source_cell
from reportgen.content.exhibits import own_exhibit
from reportgen.content.outcomes import outcomes
from reportgen.content.prose import prose
from reportgen.content.references import cite
from reportgen.content.sentences import benchmark_numbers, percent_text
from reportgen.text.inline import inlines, joined
from reportgen.text.markup import images
from reportgen.text.tree import Blocks, Column, Heading, Inlines, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs


def results(inputs: Inputs) -> Blocks:
    """Say what the record shows: in a sentence or two, in tables and charts, and in its sections."""
    return (
        inputs.heading("results"),
        Paragraph(joined(tuple(_overview(inputs)), " ")),
        *_scores(inputs),
        *outcomes(inputs),
        *_by_source(inputs),
        *_sections(inputs),
        *_exhibits(inputs),
    )


def _overview(inputs: Inputs) -> list[Inlines]:
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t, t_verdict = wording.t.results, wording.t.verdict
    listed = wording.say("results.listed", derived.sources.listed) if record.sources else t.listed_none
    if derived.sources.unlisted:
        included = derived.sources.included
        key, papers = (
            ("retrieved_more", derived.sources.retrieved) if included is None else ("included_more", included)
        )
        text = wording.say(f"results.{key}", papers, listed=listed, missing=derived.sources.unlisted)
    else:
        text = wording.say("results.retrieved_same", listed=listed)
    sentences = [inlines(text)]
    if derived.claims.from_aggregates:
        sentences.append(inlines(t.aggregates))
    sentences += _lead(inputs)
    if derived.claims.verdicts:
        counted = [f"{count} {t_verdict[verdict]}" for verdict, count in derived.claims.verdicts]
        sentences.append(inlines(wording.say("results.verdicts", listed=", ".join(counted))))
    if not record.has_text:
        sentences.append(inlines(t.no_answer if record.claims else t.no_text))
    return sentences


def _lead(inputs: Inputs) -> list[Inlines]:
    record, wording = inputs.record, inputs.wording
    without = sum(not claim.own_sources for claim in record.claims)
    if record.lead_source is None or not without:
        return []
    cited = cite([inputs.bibliography.lookup(record.lead_source)])
    all_of_them = without == len(record.claims) > 1
    text = wording.t.results.lead if all_of_them else wording.say("results.lead_some", without, lead="{lead}")
    before, _, after = text.partition("{lead}")
    return [(*inlines(before), cited, *inlines(after))]


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
        inputs.heading("spread", "reported-scores", 3),
        Paragraph(inlines(" ".join(parts))),
        *inputs.figures.blocks("spread"),
        Table(columns, rows),
    )


def _by_source(inputs: Inputs) -> Blocks:
    figures = inputs.figures.blocks("results")
    table = (_source_table(inputs),) if inputs.sources else ()
    return (inputs.heading("summary", level=3), *table, *figures) if table or figures else ()


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
        blocks += (Heading(3, inlines(section.title), id=f"section-{index + 1}", at=at),)
        blocks += prose(inputs, f"{at}/text")
    return blocks


def _exhibits(inputs: Inputs) -> Blocks:
    """Return the record's tables and figures that no text places."""
    placed = {name for text in inputs.record.markdown_texts.values() for name in images(text)}
    own = (exhibit.id for exhibit in inputs.record.exhibits)
    blocks = (own_exhibit(inputs, name) for name in own if f"#{name}" not in placed)
    return tuple(filter(None, blocks))
