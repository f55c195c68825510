"""How the report was made: what was searched, what became of the papers, what a confidence means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.claims import confidence_meaning, confidence_text
from reportgen.content.facts import fact
from reportgen.text.inline import inlines
from reportgen.text.mathematics import keep_apart
from reportgen.text.tree import Blocks, Column, Definition, DefinitionList, Inlines, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Search
    from reportgen.text.wording import Wording

_COUNTS = ("papers_retrieved", "duplicates_removed", "screened", "included")
_NEVER_MISSED = ("duplicates_removed",)
"""What a record that does not state it is not said to lack."""


def methodology(inputs: Inputs) -> Blocks:
    """List what the record states of the search, and name what it does not."""
    record, wording = inputs.record, inputs.wording
    t = wording.t.search
    stated = _stated(record.search, wording)
    facts = [fact(t[name], *values, at=f"/search/{name}") for name, values in stated.items() if values]
    missing = [t[name] for name, values in stated.items() if not values and name not in _NEVER_MISSED]
    source = record.claim_record_source or t.claim_source_missing
    facts.append(fact(t.claim_source, source, at="/claim_record_source"))
    facts += _confidence(inputs)
    blocks: Blocks = (inputs.heading("methodology"), DefinitionList(tuple(facts)))
    if record.search:
        blocks += (*_databases(record.search, wording), *_excluded(record.search, wording))
    if missing:
        note = wording.say("search.partial", missing=", ".join(map(wording.within, missing)))
        blocks += (Paragraph(inlines(note)),)
    return blocks


def _stated(search: Search | None, wording: Wording) -> dict[str, tuple[str, ...]]:
    """Give what the record states of the search by the names of its fields; () where it says nothing."""
    counts = {name: getattr(search, name) if search else None for name in _COUNTS}
    printed = {name: () if count is None else (str(count),) for name, count in counts.items()}
    names = ", ".join(keep_apart(each.name) for each in search.databases) if search else ""
    stated = {
        "databases": (names,) if names else (),
        "queries": search.queries if search else (),
        "searched_on": (wording.date(search.searched_on),) if search and search.searched_on else (),
        **printed,
        "criteria": (search.criteria,) if search and search.criteria else (),
    }
    if search and any(each.searched_on for each in search.databases) and not search.searched_on:
        del stated["searched_on"]
    if search and any(each.query for each in search.databases) and not search.queries:
        del stated["queries"]
    return stated


def _databases(search: Search, wording: Wording) -> Blocks:
    """Say of each database what the record says beside its name; a column that would be empty is left out."""
    shown = [(index, each) for index, each in enumerate(search.databases) if each.is_detailed]
    if not shown:
        return ()
    t = wording.t.column
    columns: list[tuple[Column, list[Inlines]]] = [
        (Column(t.database), [inlines(each.name) for _, each in shown]),
        (
            Column(t.found, 16, align="right"),
            [() if each.found is None else (str(each.found),) for _, each in shown],
        ),
        (
            Column(t.searched_on, 32),
            [(wording.date(each.searched_on),) if each.searched_on else () for _, each in shown],
        ),
        (Column(t.query, 62), [inlines(each.query or "") for _, each in shown]),
    ]
    kept = [(column, cells) for column, cells in columns if any(any(cell) for cell in cells)]
    rows = tuple(
        Row(tuple(cells[place] or ("–",) for _, cells in kept), at=f"/search/databases/{index}")
        for place, (index, _) in enumerate(shown)
    )
    return (Table(tuple(column for column, _ in kept), rows),)


def _excluded(search: Search, wording: Wording) -> Blocks:
    if not search.excluded:
        return ()
    t = wording.t
    rows = tuple(
        Row((inlines(each.reason), (str(each.n),)), at=f"/search/excluded/{index}")
        for index, each in enumerate(search.excluded)
    )
    columns = (Column(t.search.excluded), Column(t.column.papers, 24, align="right"))
    return (Table(columns, rows),)


def _confidence(inputs: Inputs) -> list[Definition]:
    """Explain the numbers that stand beside claims."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t = wording.t.search
    facts = []
    if derived.confidence is not None:
        said = [confidence_meaning(each, inputs) for each in derived.confidence.meanings]
        facts.append(fact(t.confidence, *said))
    if record.confidence_words:
        words = sorted(record.confidence_words, key=lambda each: each.from_)
        bands = [
            wording.say(
                "search.word_from", lowest=confidence_text(each.from_, record, wording), word=each.word
            )
            for each in words
        ]
        facts.append(fact(t.words, *bands, at="/confidence_words"))
    if record.confidence_threshold is not None:
        threshold = confidence_text(record.confidence_threshold, record, wording)
        text = wording.say("search.threshold_text", threshold=threshold)
        facts.append(fact(t.threshold, text, at="/confidence_threshold"))
    return facts
