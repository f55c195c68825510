"""Typeset many strings in one run of TeX, one page each, and read the pages back."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pypdfium2

from reportgen.errors import Where
from reportgen.fonts import FontPlan, declare_faces, mark_font_runs, plan_fonts
from reportgen.latex import Latex, normalise
from reportgen.render import render_preamble
from reportgen.settings import Limits
from reportgen.structure import number, tag
from reportgen.typeset import typeset

# One line, however long: what is compared is the text, not where its lines break.
WIDE = r"\textwidth=5000mm\hsize=\textwidth\linewidth=\hsize\pdfpagewidth=5200mm\relax"
WIDE_LUA = WIDE.replace(r"\pdfpagewidth", r"\pagewidth")


def read_back(fragments: list[Latex], engine: str = "auto") -> tuple[list[str], FontPlan]:
    """Set each fragment on a page of its own and give the text of each page."""
    pages = "\n".join(tag("P", f"X{fragment}X") + "\\newpage" for fragment in fragments)
    numbered = number(f"\\begin{{document}}\\pagestyle{{empty}}\\WIDE\n{pages}\n\\end{{document}}\n")
    plan = plan_fonts(numbered.tex, engine=engine)
    wide = WIDE if plan.engine == "pdftex" else WIDE_LUA
    body = declare_faces(plan) + mark_font_runs(numbered.tex, plan).replace("\\WIDE", wide)
    result = typeset(
        body,
        render_preamble(engine=plan.engine, paper="a4"),
        engine=plan.engine,
        faces=plan.faces,
        figures={},
        date=dt.date(2026, 5, 30),
        limits=Limits(),
        origin=lambda line: Where(pointer=f"line {line}"),
    )
    assert not [p for p in result.problems if p.code == "missing-glyph"], result.problems
    document = pypdfium2.PdfDocument(result.pdf)
    texts = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    document.close()
    assert len(texts) == len(fragments)
    return texts, plan


def comparable(text: str) -> str:
    """Give a text as it is compared: printed form, compatibility letters, single spaces."""
    folded = unicodedata.normalize("NFKC", normalise(text)).replace("’", "'")
    return re.sub(r"[\s\u00ad\u200b-\u200d]+", " ", folded).strip()
