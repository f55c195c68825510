"""The lines that a heading keeps with it: those of a table or of claims below it, whose first rows do not part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reportgen.text.inline import plain_text
from reportgen.text.report import Claim, ClaimList
from reportgen.text.tree import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.tree import Block

_ABOVE_TABLE = 12
"""Those of a heading, and of the head and the first rows of a table right below it."""
_HEADING, _HEAD, _MOST = 4, 2, 40
_LINE, _CELL_LINE = 90, 50
"""Letters in a line of the text, and of the claims."""
_TOGETHER = 3
"""A table of so few rows does not part: its first two keep together, and its last two."""


def heading_room(blocks: Sequence[Block], place: int) -> int:
    """Return how many lines the block at a place asks for with what follows it; 0 where it needs no more than usual."""
    block, *below = blocks[place : place + 3]
    if not isinstance(block, Heading) or not below:
        return 0
    if isinstance(below[0], Table):
        return _ABOVE_TABLE
    lead = math.ceil(len(plain_text(below[0].content)) / _LINE) if isinstance(below[0], Paragraph) else 0
    listed = next((each for each in below[: 2 if lead else 1] if isinstance(each, ClaimList)), None)
    if listed is None:
        return 0
    first = listed.claims[: _TOGETHER if len(listed.claims) == _TOGETHER else 2]
    return min(_MOST, _HEADING + lead + _HEAD + sum(map(_lines, first)))


def _lines(claim: Claim) -> int:
    texts = [plain_text(claim.content)]
    texts += [f"{each.term} {plain_text(value)}" for each in claim.evidence for value in each.values]
    return sum(math.ceil(len(text) / _CELL_LINE) for text in texts)
