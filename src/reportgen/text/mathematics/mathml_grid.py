"""Matrices, cases and aligned lines as tables of MathML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.mathematics.mathml_signs import element, fence

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.text.mathematics.tree import Grid, Row

FENCES = {
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("lbrace", "rbrace"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("Vert", "Vert"),
    "cases": ("lbrace", ""),
    "rcases": ("", "rbrace"),
}
"""The delimiters around each kind of grid that has any."""
_COLUMNS = {"cases": "l", "rcases": "l", "align": "rl", "alignat": "rl", "split": "rl", "eqnarray": "rcl"}
LINES = frozenset(["align", "alignat", "gather", "split", "multline", "eqnarray"])
"""The kinds whose rows are lines of a text and not a thing of their own."""
_NARROW = frozenset(["substack", "smallmatrix"])
_ALIGNED = {"l": "text-align: left", "r": "text-align: right", "c": ""}
_JOINED = {"l": "padding-left: 0", "r": "padding-right: 0", "c": "padding-left: 0; padding-right: 0"}


def grid_markup(grid: Grid, write: Callable[[Row, bool], str]) -> str:
    """Write a grid; ``write`` writes a cell, in the size of a formula on a line of its own or of one in a text."""
    is_display = grid.kind in LINES
    rows = [
        element(
            "mtr",
            "".join(_cell(grid, number, place, write(cell, is_display)) for place, cell in enumerate(row)),
        )
        for number, row in enumerate(grid.rows)
    ]
    table = element("mtable", "".join(rows), displaystyle="true" if is_display else "")
    if grid.kind in _NARROW:
        table = element("mstyle", table, scriptlevel="1")
    if grid.kind not in FENCES:
        return table
    left, right = FENCES[grid.kind]
    return element("mrow", f"{fence(left, 'prefix')}{table}{fence(right, 'postfix')}")


def _cell(grid: Grid, number: int, place: int, content: str) -> str:
    side = _side(grid, number, place)
    looks = [
        _ALIGNED[side],
        _JOINED[side] if grid.kind in LINES and grid.kind not in {"gather", "multline"} else "",
    ]
    return element("mtd", content, style="; ".join(filter(None, looks)))


def _side(grid: Grid, number: int, place: int) -> str:
    """Return where the content of a cell stands: l, c or r."""
    if grid.kind == "multline" and len(grid.rows) > 1:
        return "l" if number == 0 else "r" if number == len(grid.rows) - 1 else "c"
    columns = grid.columns or _COLUMNS.get(grid.kind, "c")
    return columns[place % len(columns)]
