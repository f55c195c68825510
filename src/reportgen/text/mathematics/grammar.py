"""What a formula's source says: the one way from words in TeX to the tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.text.mathematics.command_readers import read_command
from reportgen.text.mathematics.environments import as_grid
from reportgen.text.mathematics.reader import Reader
from reportgen.text.mathematics.tokens import NotMathematics

if TYPE_CHECKING:
    from reportgen.text.mathematics.tree import Row


@lru_cache(maxsize=4096)
def parse_formula(source: str) -> Row:
    """Read what a formula says.

    Raises:
        NotMathematics: anything outside the grammar.

    """
    reader = Reader(source, read_command)
    rows = reader.rows(frozenset())
    if len(rows) == 1 and len(rows[0]) > 1:
        raise NotMathematics("& is not allowed here")
    if not any(cell.items for row in rows for cell in row):
        raise NotMathematics("the formula is empty")
    return as_grid(rows)
