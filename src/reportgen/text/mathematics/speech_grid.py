"""Matrices, cases and lines in words, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.mathematics.mathml_grid import LINES

if TYPE_CHECKING:
    from reportgen.text.mathematics.speech import Speaker
    from reportgen.text.mathematics.tree import Grid, Row

_WHOLES = {
    "cases": "cases",
    "rcases": "cases",
    "array": "array",
    "vmatrix": "determinant",
}
_ROWS = {"cases": "case", "lines": "line"}


def say_grid(speaker: Speaker, grid: Grid) -> str:
    """Say a grid row by row, each with its number."""
    if grid.kind == "substack":
        return ", ".join(_cells(speaker, row, ", ") for row in grid.rows)
    whole = "lines" if grid.kind in LINES else _WHOLES.get(grid.kind, "matrix")
    between = " " if whole == "lines" else ", "
    said = [_cells(speaker, row, between) for row in grid.rows]
    if whole == "lines" and len(said) == 1:
        return said[0]
    row = _ROWS.get(whole, "row")
    lines = "; ".join(
        speaker.words.say(row, number=number, cells=cells) for number, cells in enumerate(said, 1)
    )
    columns = max((len(row) for row in grid.rows), default=0)
    words = speaker.words.say(whole, rows=len(said), columns=columns, lines=lines)
    return (
        f"{speaker.delimiter('Vert')} {words} {speaker.delimiter('Vert')}"
        if grid.kind == "Vmatrix"
        else words
    )


def _cells(speaker: Speaker, row: tuple[Row, ...], between: str) -> str:
    empty = "" if between == " " else speaker.words.say("empty_cell")
    return between.join(speaker.say(cell) or empty for cell in row)
