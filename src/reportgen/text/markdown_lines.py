"""Inlines of Markdown: emphasis and links, and texts without blanks at their ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.tree import Emphasis, LineBreak, Link, Strike, Strong

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

    from reportgen.text.tree import Inlines

_SPANS = {"em_open": Emphasis, "strong_open": Strong, "s_open": Strike}


def span(opening: Token, content: Inlines) -> Inlines:
    """Return what an opening token and its end hold."""
    if opening.type == "link_open":
        return _link(content, opening)
    return (_SPANS[opening.type](content),)


def _link(content: Inlines, opening: Token) -> Inlines:
    """Read a link; what cannot be opened, and a title, are printed behind it."""
    address, title = (str(opening.attrGet(name) or "") for name in ("href", "title"))
    if re.match(r"(?:https?|mailto):", address, re.IGNORECASE):
        content, address = (Link(content, address),), ""
    behind = "; ".join(filter(None, (address, title)))
    return (*content, f" ({behind})") if behind else content


def trimmed(content: Inlines) -> Inlines:
    """Take blanks, and breaks of the line, off both ends."""
    return without_lead(without_lead(content, 0, str.lstrip), -1, str.rstrip)


def without_lead(content: Inlines, end: int, strip: Callable[[str], str]) -> Inlines:
    """Take blanks off one end, 0 or -1, by a function that strips a text there."""
    out = list(content)
    while out:
        last = out[end]
        if isinstance(last, str) and (kept := strip(last)):
            out[end] = kept
            break
        if not isinstance(last, (str, LineBreak)):
            break
        del out[end]
    return tuple(out)
