"""Texts as inlines of the content tree, and inlines as plain text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.text.mathematics import Formula, split_formulas
from reportgen.text.tree import Cite, Isolated

if TYPE_CHECKING:
    from reportgen.text.tree import Inline, Inlines

RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Characters of the scripts that are written from right to left."""
_STRONG = ("L", "R", "AL")


def inlines(text: str) -> Inlines:
    """Return a text as inlines: its formulas apart, and the whole isolated where it holds words from right to left.

    The direction is that of the first letter (Unicode Standard Annex 9, first strong isolate).
    """
    content = tuple(split_formulas(text))
    if not (RIGHT_TO_LEFT.search(text) and RIGHT_TO_LEFT.search(normalise(text))):
        return content
    return (Isolated(content, "ltr" if first_class(text) == "L" else "rtl"),)


def first_class(text: str) -> str:
    """Return Unicode's bidirectional class of the first letter that has one: L, R, or AL for Arabic; else L."""
    return next((each for each in map(unicodedata.bidirectional, text) if each in _STRONG), "L")


def joined(parts: tuple[Inlines, ...], separator: str) -> Inlines:
    """Return texts as one, with a separator between them."""
    out: list[Inline] = []
    for part in parts:
        out += [separator, *part] if out else part
    return tuple(out)


def is_ended(text: str) -> bool:
    """Tell whether a text ends as a sentence does; one without any words does, too."""
    said = text.rstrip(" *\"'”’»)]")
    return not said or said[-1] in ".?!…:;。！？"


def ended(text: str) -> str:
    """Return a text as a sentence, where it has no end of its own with a full stop."""
    return text if is_ended(text) else f"{text.rstrip()}."


def plain_text(node: Any) -> str:
    """Return the words of an inline, or of several, as one plain text; formulas keep their dollars."""
    if isinstance(node, str):
        return node
    if isinstance(node, Formula):
        return node.written
    if isinstance(node, Cite):
        return f"[{', '.join(reference.label for reference in node.references)}]"
    if not isinstance(node, tuple):
        words = (getattr(node, name) for name in ("content", "text", "label", "word") if hasattr(node, name))
        return plain_text(next(words))
    return "".join(map(plain_text, node))
