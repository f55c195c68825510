"""Texts as inlines of the content tree, and inlines as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.text.direction import direction_of, prints_turned
from reportgen.text.mathematics import Formula, split_formulas
from reportgen.text.tree import Cite, Isolated

if TYPE_CHECKING:
    from reportgen.text.tree import Inline, Inlines


def inlines(text: str) -> Inlines:
    """Return a text as inlines: its formulas apart, and the whole isolated where it holds words from right to left.

    The direction is that of the first letter (Unicode Standard Annex 9, first strong isolate).
    """
    content = tuple(split_formulas(text))
    if not prints_turned(text):
        return content
    return (Isolated(content, direction_of(content)),)


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
