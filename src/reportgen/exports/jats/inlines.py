"""Inlines of the content tree as JATS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.exports.jats.elements import Content, element, id_of, lines
from reportgen.text.inline import plain_text
from reportgen.text.mathematics import Formula, parse_formula
from reportgen.text.mathematics.mathml import mathml
from reportgen.text.mathematics.speech import spoken
from reportgen.text.mathematics.spoken_words import language_of
from reportgen.text.tree import (
    Checksum,
    Cite,
    Code,
    CrossReference,
    Emphasis,
    FinePrint,
    Isolated,
    LineBreak,
    Link,
    Missing,
    Span,
    StatusMark,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Task,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reportgen.exports.jats.elements import Element
    from reportgen.text.tree import Inline, Inlines

_MARKUP: Final[Mapping[type[Span], Callable[..., Element]]] = {
    Emphasis: partial(element, "italic"),
    Strong: partial(element, "bold"),
    Strike: partial(element, "strike"),
    Subscript: partial(element, "sub"),
    Superscript: partial(element, "sup"),
    Missing: partial(element, "styled-content", style_type="missing"),
    Warned: partial(element, "styled-content", style_type="warning"),
    FinePrint: partial(element, "styled-content", style_type="fine-print"),
}
_KINDS: Final = {"ref": "bibr", "fig": "fig", "tbl": "table", "eq": "disp-formula", "sec": "sec"}


class InlineWriter:
    """Writes inlines of one report, formulas with their words in its language.

    MathML gets the prefix that the DTD knows it by from the article that it is put into.
    """

    def __init__(self, language: str) -> None:
        self._language = language_of(language)

    def write(self, content: str | Inlines, *, breaks: bool = False) -> list[Content]:
        """Write inlines; ``breaks`` tells whether an end of line may stand here, which else is a space."""
        parts = (content,) if isinstance(content, str) else content
        return [written for part in parts for written in self._one(part, breaks=breaks)]

    def _one(self, node: Inline, *, breaks: bool) -> Iterator[Content]:
        match node:
            case Span():
                yield _MARKUP[type(node)](*self.write(node.content))
            case Formula():
                yield element("inline-formula", self.formula(node, is_display=False))
            case Code() | Checksum():
                yield element("monospace", node.text)
            case Link(content=content, uri=uri):
                yield element("ext-link", *self.plain(content), ext_link_type="uri", href=uri)
            case Cite():
                yield from self._cited(node)
            case CrossReference(label=label, anchor=anchor, spoken=said):
                yield element("xref", label, ref_type=kind_of(anchor), rid=id_of(anchor), alt=said)
            case Isolated(content=content, direction=direction):
                style = {"style_type": "isolated", "style": f"direction: {direction}"}
                yield element("styled-content", *self.write(content), **style)
            case LineBreak():
                yield element("break") if breaks else " "
            case _:
                yield _plain(node)

    def _cited(self, cited: Cite) -> Iterator[Content]:
        yield "["
        for place, reference in enumerate(cited.references):
            yield from [", "] if place else []
            yield from self._one(reference, breaks=False)
        yield "]"

    def plain(self, content: str | Inlines) -> list[Content]:
        """Write inlines where no formula, link or reference may stand: these as their words alone."""
        parts = (content,) if isinstance(content, str) else content
        return [
            _MARKUP[type(part)](*self.plain(part.content)) if isinstance(part, Span) else _plain(part)
            for part in parts
        ]

    def formula(self, formula: Formula, *, is_display: bool) -> Element:
        """Write a formula as MathML, with its source beside it."""
        said = parse_formula(formula.source)
        written = mathml(said, is_display=is_display, spoken=spoken(said, self._language))
        source = lines(formula.source, "tex-math")
        return element("alternatives", etree.fromstring(written), source)


def _plain(node: Inline) -> str:
    """Return an inline as its words, with the sign of a mark or of a box."""
    match node:
        case StatusMark(verified=verified, word=word, settled=settled):
            return f"✓ {word}" if verified else f"× {word}" if settled else word
        case Task(done=done):
            return "☑" if done else "☐"
        case LineBreak():
            return " "
        case _:
            return plain_text(node)


def kind_of(anchor: str) -> str:
    """Return what a reference leads to, as JATS calls it."""
    return "fn" if "-note-" in anchor else _KINDS.get(anchor.partition("-")[0], "other")
