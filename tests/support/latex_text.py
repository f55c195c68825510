"""Parts of the content tree set as LaTeX, as in a report that has every anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.latex.render import latex_writer
from reportgen.text.inline import inlines
from reportgen.text.markdown import parse_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.markdown import Cited, Image
    from reportgen.text.tree import Blocks, Inlines


def set_node(node: Any) -> str:
    return latex_writer(None, lambda _: True).write(node)


def set_text(text: str) -> str:
    """Set a text of the record, its formulas as mathematics."""
    return set_node(inlines(text))


class KnownKeys:
    """Cites every key by its name, but for those that begin with `no`; has no images."""

    def cite(self, cited: Sequence[Cited], *, in_brackets: bool) -> Inlines | None:
        if any(each.key.startswith("no") for each in cited):
            return None
        words = "; ".join(f"{each.before}<{each.key}>{each.behind}" for each in cited)
        return (f"[{words}]" if in_brackets else words,)

    def place(self, image: Image, at: str) -> Blocks | None:
        return None


def read_markdown(text: str, *, at: str = "") -> Blocks:
    return parse_markdown(text, KnownKeys(), at=at)


def set_prose(text: str, *, at: str = "") -> str:
    """Set the Markdown of a section."""
    return set_node(read_markdown(text, at=at))
