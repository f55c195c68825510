"""Parts of the content tree set as LaTeX, as in a report that has every anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.latex.render import latex_writer
from reportgen.text.inline import inlines
from reportgen.text.markdown import parse_prose

if TYPE_CHECKING:
    from reportgen.text.markdown import Cite


def set_node(node: Any) -> str:
    return latex_writer(None, lambda _: True).write(node)


def set_text(text: str) -> str:
    """Set a text of the record, its formulas as mathematics."""
    return set_node(inlines(text))


def set_prose(text: str, cite: Cite, *, at: str = "") -> str:
    """Set the Markdown of a section."""
    return set_node(parse_prose(text, cite, at=at))
