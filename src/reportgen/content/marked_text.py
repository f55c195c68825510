"""Texts of the bibliography as inlines: what is raised, lowered or in italics stands in nodes of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.sources.marked import ITALIC, LOWERED, RAISED
from reportgen.text.inline import inlines
from reportgen.text.tree import Emphasis, Subscript, Superscript

if TYPE_CHECKING:
    from reportgen.text.tree import Inlines

_NODES = {RAISED[0]: Superscript, LOWERED[0]: Subscript, ITALIC[0]: Emphasis}
_CLOSING = (RAISED[1], LOWERED[1], ITALIC[1])
_PARTS = re.compile(f"([{''.join((*_NODES, *_CLOSING))}])")


def marked_inlines(text: str) -> Inlines:
    """Return a marked text as inlines; a mark without its partner ends with the text."""
    if not _PARTS.search(text):
        return inlines(text)
    open_nodes: list[tuple[str, Inlines]] = []
    out: Inlines = ()
    for part in _PARTS.split(text):
        if part in _NODES:
            open_nodes.append((part, out))
            out = ()
        elif part in _CLOSING:
            out = _closed(open_nodes, out)
        elif part:
            out += inlines(part)
    while open_nodes:
        out = _closed(open_nodes, out)
    return out


def _closed(open_nodes: list[tuple[str, Inlines]], content: Inlines) -> Inlines:
    if not open_nodes:
        return content
    mark, before = open_nodes.pop()
    return (*before, _NODES[mark](content)) if content else before
