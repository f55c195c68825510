"""Typeset many strings in one run of TeX, one page each, and read the pages back."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import pypdfium2
from hypothesis import HealthCheck, Phase, given, settings

from latex_text import set_node
from reportgen.base.errors import Where
from reportgen.base.settings import Limits
from reportgen.base.style import Style
from reportgen.latex.escaping import Latex
from reportgen.latex.fonts import FontPlan, declare_faces, mark_font_runs, plan_fonts
from reportgen.latex.render import render_preamble
from reportgen.pdf.typeset import typeset
from reportgen.text.structure import number, tag
from reportgen.text.tree import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hypothesis.strategies import SearchStrategy

# One line, however long: what is compared is the text, not where its lines break.
WIDE = r"\textwidth=5000mm\hsize=\textwidth\linewidth=\hsize\pdfpagewidth=5200mm\relax"
WIDE_LUA = WIDE.replace(r"\pdfpagewidth", r"\pagewidth")
FENCE = "Q"


def paragraph(fragment: str) -> str:
    return tag("P", fragment)


def cell(fragment: str, width_mm: float = 4800) -> str:
    return set_node(Table((Column("", width_mm),), (Row(((Latex(fragment),),)),)))


# Every place in a report where a text of the record may stand.
CONTEXTS: dict[str, Callable[[str], str]] = {
    "paragraph": paragraph,
    "bold": lambda fragment: paragraph(f"\\textbf{{{fragment}}}"),
    "italic": lambda fragment: paragraph(f"\\emph{{{fragment}}}"),
    "sans": lambda fragment: paragraph(f"{{\\sffamily {fragment}}}"),
    "code": lambda fragment: paragraph(tag("Code", f"\\texttt{{{fragment}}}")),
    "note": lambda fragment: paragraph(f"{{\\Notes {fragment}}}"),
    "link": lambda fragment: paragraph(tag("Link", f"\\LinkText{{{fragment}}}", uri="https://example.org/")),
    "heading": lambda fragment: f"\\Section{{{tag('H2', fragment)}}}",
    "cell": cell,
    "label": lambda fragment: (
        f"\\begin{{Items}}\\item[{{{tag('Lbl', fragment)}}}] {tag('LBody', 'body')}\\end{{Items}}"
    ),
}


@cache
def examples(strategy: SearchStrategy, count: int) -> tuple:
    """Draw values, the same in every run; they share what one test does with all of them."""
    drawn: list = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value) -> None:
        drawn.append(value)

    draw()
    return tuple(drawn)


def set_pages(pages: Sequence[str], engine: str) -> tuple[bytes, FontPlan]:
    """Set each fragment on a page of its own; an error names the fragment it came from."""
    body = "\n".join(tag("Div", page, at=f"/{index}") + "\\newpage" for index, page in enumerate(pages))
    numbered = number(f"\\begin{{document}}\\pagestyle{{empty}}\\WIDE\n{body}\n\\end{{document}}\n")
    plan = plan_fonts(numbered.tex, engine=engine)
    head = declare_faces(plan)
    wide = WIDE if plan.engine == "pdftex" else WIDE_LUA
    result = typeset(
        head + mark_font_runs(numbered.tex, plan).replace("\\WIDE", wide),
        render_preamble(engine=plan.engine, style=Style()),
        engine=plan.engine,
        faces=plan.faces,
        figures={},
        date=dt.date(2026, 5, 30),
        limits=Limits(),
        origin=lambda line: Where(pointer=numbered.pointer_at(line - head.count("\n"))),
    )
    assert not [problem for problem in result.problems if problem.code == "lost-glyph"], result.problems
    return result.pdf, plan


def read_pages(pdf: bytes) -> list[str]:
    """Return the text of each page as a reader of the PDF gets it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    document.close()
    return texts


def read_back(fragments: Iterable[tuple[str, str]], engine: str) -> list[str]:
    """Set fragments, each in a context of its own, and give what the pages hold between two fences."""
    fragments = list(fragments)
    pages = [CONTEXTS[context](f"{FENCE}{fragment}{FENCE}") for context, fragment in fragments]
    texts = read_pages(set_pages(pages, engine)[0])
    assert len(texts) == len(fragments)
    return [fenced(text) for text in texts]


def fenced(page: str) -> str:
    """Return what stands between the first and the last fence; a page without them, all of it."""
    found = re.search(f"{FENCE}(.*){FENCE}", page, re.DOTALL)
    return found[1] if found else page


# What a reader of PDFs gives back as the letters it is made of: the micro sign, Dutch ij, presentation forms.
_COMPATIBLE = re.compile("[\u2026\u00b5\u0132\u0133\ufb00-\ufdff\ufe70-\ufeff]")


def as_read(text: str) -> str:
    """Return a text as it is compared: composed, with single spaces.

    A hyphen before a wide space is read as one at a line's end, which readers give as U+FFFE.
    """
    text = unicodedata.normalize("NFC", text.replace("\ufffe", "-"))
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return re.sub(r"\s+", " ", _SELECTORS.sub("", text))


# Chrome reads those beyond 16 bits nowhere; the others have tests of their own.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Characters without ink: joiners, soft hyphens, break opportunities, variation selectors.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")


def as_printed(text: str) -> str:
    """Return what a page must hold for a text: an apostrophe between letters is a typographic one."""
    text = unicodedata.normalize("NFC", text)
    return as_read(_INVISIBLE.sub("", "".join(_apostrophe(text, index) for index in range(len(text)))))


def _apostrophe(text: str, index: int) -> str:
    between = 0 < index < len(text) - 1 and text[index - 1].isalpha() and text[index + 1].isalpha()
    return "’" if text[index] == "'" and between else text[index]
