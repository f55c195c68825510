"""The one way from the TeX of a formula to the tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.text.mathematics.command_readers import read_command
from reportgen.text.mathematics.environments import as_grid
from reportgen.text.mathematics.reader import Reader
from reportgen.text.mathematics.tokens import NotMathematics
from reportgen.text.mathematics.tree import Row, Space

if TYPE_CHECKING:
    from reportgen.text.mathematics.tree import Node


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
    if all(_is_empty(cell) for row in rows for cell in row):
        raise NotMathematics("the formula is empty")
    return as_grid(rows)


def _is_empty(node: Node) -> bool:
    """Tell whether nothing is set for a node, so that two dollars would meet in TeX."""
    return node == Space(0) or (isinstance(node, Row) and all(map(_is_empty, node.items)))
