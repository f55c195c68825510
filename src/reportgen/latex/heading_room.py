"""The lines that a heading keeps with it: those of a table or of claims below it, whose first rows do not part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reportgen.text.inline import plain_text
from reportgen.text.report import ClaimList
from reportgen.text.tree import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.tree import Block

_ABOVE_TABLE, _ABOVE_CLAIMS = 12, 11
"""Those of a heading, and of the head and the first rows right below it."""
_LINE = 70
"""Letters in a line of the text."""


def heading_room(blocks: Sequence[Block], place: int) -> int:
    """Return how many lines the block at a place asks for with what follows it; 0 where it needs no more than usual."""
    block, *below = blocks[place : place + 3]
    if not isinstance(block, Heading) or not below:
        return 0
    if isinstance(below[0], Table):
        return _ABOVE_TABLE
    lead = math.ceil(len(plain_text(below[0].content)) / _LINE) if isinstance(below[0], Paragraph) else 0
    is_listed = any(isinstance(each, ClaimList) for each in below[: 2 if lead else 1])
    return lead + _ABOVE_CLAIMS if is_listed else 0
