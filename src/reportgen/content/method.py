"""The search in words and tables: papers by database, and the reasons for leaving papers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.text.inline import inlines
from reportgen.text.tree import Blocks, Column, Heading, Inlines, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Search
    from reportgen.text.wording import Wording


def methodology(inputs: Inputs) -> Blocks:
    """Show what became of the papers, by database and by reason; the column beside the text says the rest."""
    search, wording = inputs.record.search, inputs.wording
    if search is None:
        return ()
    # The flow says how many duplicates there were, and why papers were left out.
    flow = inputs.figures.blocks("search")
    others: Blocks = flow or (*_duplicates(search, wording), *_excluded(search, wording))
    blocks: Blocks = (*_databases(search, wording), *others, *inputs.figures.blocks("years"))
    return (Heading(2, (wording.t.heading.search,), id="methodology"), *blocks) if blocks else ()


def _duplicates(search: Search, wording: Wording) -> Blocks:
    if not search.duplicates_removed:
        return ()
    said = wording.sentence("search.duplicates", search.duplicates_removed)
    return (Paragraph(inlines(said), at="/search/duplicates_removed"),)


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
            [() if each.found is None else (numbers.whole(each.found),) for _, each in shown],
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
        Row((inlines(each.reason), (numbers.whole(each.n),)), at=f"/search/excluded/{index}")
        for index, each in enumerate(search.excluded)
    )
    columns = (Column(t.search.excluded), Column(t.column.papers, 24, align="right"))
    return (Table(columns, rows),)
