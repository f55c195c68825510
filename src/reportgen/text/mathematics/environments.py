"""Environments: rows of cells between ``begin`` and ``end``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.mathematics import commands as table
from reportgen.text.mathematics.reader import END_OF_GRID
from reportgen.text.mathematics.tokens import OTHER, NotMathematics, Token
from reportgen.text.mathematics.tree import Fenced, Grid, Row, Sized

if TYPE_CHECKING:
    from reportgen.text.mathematics.reader import Reader
    from reportgen.text.mathematics.tree import Node

MOST_COLUMNS = 20
MOST_CELLS = 400
_COLUMN = re.compile(r"[lcr]|[pmbX](?=\{)")
_REPEATED = re.compile(r"\*\{(\d{1,2})\}\{([lcr|]*)\}")
_ARGUMENT = re.compile(r"[@!><]\{[^{}]*\}")


def read_environment(reader: Reader, _name: str) -> Node:
    r"""Read an environment behind its ``\begin``."""
    name = reader.raw_group().strip()
    if name in table.PLAIN_ENVIRONMENTS:
        return _plain(reader, name)
    fences = None
    if name in ("psmallmatrix", "bsmallmatrix", "vsmallmatrix"):
        fences = {"p": ("(", ")"), "b": ("[", "]"), "v": ("|", "|")}[name[0]]
    kind = "smallmatrix" if fences else table.GRIDS.get(name)
    if kind is None:
        raise NotMathematics(f"the environment {name[:40]} is not known")
    columns = _columns(reader, name)
    reader.deeper()
    rows = _checked(reader.rows(END_OF_GRID))
    _end(reader, name)
    reader.depth -= 1
    if name in table.IN_DISPLAY_SIZE:
        rows = tuple(tuple(Row((Sized(cell, "display"),)) for cell in row) for row in rows)
    grid = Grid(kind, rows, columns)
    return Fenced(fences[0], (Row((grid,)),), (), fences[1]) if fences else grid


def _plain(reader: Reader, name: str) -> Node:
    reader.deeper()
    rows = reader.rows(END_OF_GRID)
    _end(reader, name)
    reader.depth -= 1
    return as_grid(rows)


def as_grid(rows: tuple[tuple[Row, ...], ...]) -> Row:
    """Return lines that stand in no environment: a single one as it is, several as what aligns them."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return Row((Grid("align" if any(len(row) > 1 for row in rows) else "gather", _checked(rows)),))


def _columns(reader: Reader, name: str) -> str:
    """Read what stands behind the name of an environment: where it stands, and its columns."""
    start = reader.position
    if reader.next_is("[") and reader.raw_until("]").strip() not in {"t", "c", "b", "l", "r"}:
        reader.position = start
    if name not in table.WITH_COLUMNS:
        return ""
    said = _ARGUMENT.sub(
        "", _REPEATED.sub(lambda found: found[2] * min(int(found[1]), MOST_COLUMNS), reader.raw_group())
    )
    if name.startswith("alignat") or name == "alignedat":
        return ""
    columns = "".join("l" if each in "pmbX" else each for each in _COLUMN.findall(said))
    return columns[:MOST_COLUMNS] if name != "subarray" else columns[:1]


def _checked(rows: tuple[tuple[Row, ...], ...]) -> tuple[tuple[Row, ...], ...]:
    if sum(map(len, rows)) > MOST_CELLS or max(map(len, rows)) > MOST_COLUMNS:
        raise NotMathematics(f"a grid has at most {MOST_COLUMNS} columns and {MOST_CELLS} cells")
    return rows


def _end(reader: Reader, name: str) -> None:
    if reader.peek() is None:
        raise NotMathematics(f"\\end{{{name}}} is missing")
    reader.take()
    if (found := reader.raw_group().strip()) != name:
        raise NotMathematics(f"\\end{{{found[:40]}}} ends what \\begin{{{name}}} begins")


def read_substack(reader: Reader, _name: str) -> Node:
    """Read lines below one another."""
    reader.expect("{")
    reader.deeper()
    rows = _checked(reader.rows(frozenset({Token(OTHER, "}")})))
    reader.expect("}")
    reader.depth -= 1
    return Grid("substack", tuple((Row(tuple(item for cell in row for item in cell.items)),) for row in rows))
