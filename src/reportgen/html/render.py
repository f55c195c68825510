"""The content tree as HTML, with the templates in ``html/``: plain tags, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import html
import re
import string
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reportgen.base.characters import normalise
from reportgen.base.style import Style
from reportgen.text.direction import direction_of
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.mathml import mathml
from reportgen.text.mathematics.speech import spoken
from reportgen.text.mathematics.spoken_words import language_of
from reportgen.text.templates import Output, Writer, Written, of_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.text.mathematics import Formula
    from reportgen.text.report import Report
    from reportgen.text.tree import Blocks, Inlines


_SHORT = 120  # characters: words that come again and again, and are escaped once


def escape(text: str) -> str:
    """Return a text that stands for itself between tags and in attributes; controls are shown by number."""
    return _escape_short(text) if len(text) <= _SHORT else _escape(text)


def _escape(text: str) -> str:
    return html.escape("\n".join(map(normalise, text.split("\n"))))


_escape_short = lru_cache(maxsize=4096)(_escape)


_IN_ADDRESSES = string.punctuation


def _address(uri: str) -> Written:
    if not uri.lower().startswith(("http:", "https:", "mailto:")):
        raise ValueError(f"{uri!r} is not the address of a page")
    # What would be shown by number, or in another form, is another address than that which was given.
    return Written(
        html.escape(uri if normalise(uri) == uri else quote(uri, _IN_ADDRESSES, errors="surrogatepass"))
    )


_PARAGRAPH = re.compile(r'\A<p(?: dir="rtl")?>')


@of_written
def _run_in(written: str) -> str:
    """Take the tags off a paragraph that stands alone."""
    inner = _PARAGRAPH.sub("", written.strip(), count=1).removesuffix("</p>")
    return written.strip() if "<p" in inner or "</p" in inner else inner


def _mathematics(language: str, formula: Formula, *, is_display: bool = False) -> Written:
    """Write a formula as MathML, with the words to be said where nothing reads that."""
    said = parse_formula(formula.source)
    return Written(mathml(said, is_display=is_display, spoken=spoken(said, language)))


def _in_dollars(formula: Formula, *, is_display: bool = False) -> str:
    return f"$${formula.source}$$" if is_display and formula.opening else formula.written


def _way(node: Any) -> Written:
    """Return the attribute of an element whose first letter is one from right to left."""
    return Written(' dir="rtl"' if direction_of(node) == "rtl" else "")


HTML = Output(
    "html",
    ".html.j2",
    escape,
    functions={"address": _address, "picture": lambda _: "", "run_in": _run_in, "way": _way},
)


def render_page(
    report: Report,
    own: OwnTemplates | None = None,
    style: Style | None = None,
    picture: Callable[[str], str] = lambda _: "",
) -> str:
    """Write a report as one page, in the colours of a style.

    ``picture`` returns the address of a drawing by its name; '' where its words are to stand there.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what a node does not have.

    """
    writer = writer_of(report, own, picture=picture)
    return writer.document("report.html.j2", report=report, style=style or Style())


def writer_of(report: Report, own: OwnTemplates | None, output: Output = HTML, **functions: Any) -> Writer:
    """Return what writes the nodes of a report as HTML, with further functions for its templates."""
    mathematics = partial(_mathematics, language_of(report.language))
    return Writer(output, own, leads_to=report.anchors.__contains__, mathematics=mathematics, **functions)


def render_words(content: Inlines, language: str) -> Written:
    """Write the words of a text, its formulas as MathML; what they refer to is no link."""
    mathematics = partial(_mathematics, language_of(language))
    return Writer(HTML, leads_to=lambda _: False, mathematics=mathematics).write(content)


def render_part(blocks: Blocks, escape: Callable[[str], str]) -> str:
    """Write blocks in plain tags, each text made safe by ``escape``; what they refer to elsewhere is no link.

    Formulas keep their dollars: a repository takes the tags of MathML away and sets what stands between dollars. It
    takes attributes of direction away, too.
    """
    output = replace(HTML, escape=escape, functions={**HTML.functions, "way": lambda _: Written("")})
    return Writer(output, leads_to=lambda _: False, mathematics=_in_dollars).write(blocks)
