"""Measure what finishing costs: `.venv/bin/python bench/finish.py [rows ...]`.

Each row is a claim in a tagged table: two cells, a paragraph, a link and a named destination. The times are of
this process alone (CPU, best of three), without TeX and without imports.
"""

from __future__ import annotations

import datetime as dt
import sys
import time

from reportgen.base.errors import Where
from reportgen.base.settings import Limits
from reportgen.base.style import Style
from reportgen.latex.render import render_preamble
from reportgen.pdf.finish import Attachment, Metadata, finish
from reportgen.pdf.typeset import typeset
from reportgen.text.structure import Numbered, number, tag

ROWS = (10, 100, 500, 2000)
METADATA = Metadata("A bench", ("Nobody",), dt.date(2026, 5, 30), "urn:uuid:0", "bench")
TEXT = (
    "The measured effect is small, and it is found in every data set that was looked at, whatever its size. "
    * 2
)


def document(rows: int) -> Numbered:
    cells = [
        (
            tag("TH", f"C{row}", scope="Row", id=f"claim-{row}"),
            TEXT + link(row),
            tag("TD", f"0.{row % 100:02}"),
        )
        for row in range(rows)
    ]
    lines = [tag("TR", f"{first} & {tag('TD', text)} & {last}") + "\\\\\n" for first, text, last in cells]
    table = f"\\begin{{longtable}}{{p{{15mm}}p{{110mm}}p{{15mm}}}}\n{tag('TBody', ''.join(lines))}\\end{{longtable}}"
    heading = tag("H1", "Claims", id="claims", title="Claims")
    paragraph = tag("P", "Where all claims come from.", id="source") + "\\par\n"
    body = f"\\Section{{{heading}}}\n{paragraph}{tag('Table', table)}"
    return number(f"\\begin{{document}}\n{body}\n\\end{{document}}\n")


def link(row: int) -> str:
    return tag("Reference", tag("Link", f"source {row}", goto="source"))


def typeset_pdf(numbered: Numbered, engine: str) -> bytes:
    return typeset(
        numbered.tex,
        render_preamble(engine=engine, style=Style()),
        engine=engine,
        figures={},
        date=METADATA.date,
        limits=Limits(seconds=600),
        origin=lambda line: Where(pointer=f"line {line}"),
    ).pdf


def main() -> None:
    rows_asked = [int(argument) for argument in sys.argv[1:]] or ROWS
    attachments = [Attachment("record.json", b"{}" * 1000, "application/json", "Source", "The record")]
    print(
        f"{'engine':<8}{'rows':>6}{'pages':>7}{'leaves':>8}{'raw kB':>9}{'done kB':>9}{'ms':>8}{'ms/page':>9}"
    )
    for engine in ("pdftex", "luatex"):
        for rows in rows_asked:
            numbered = document(rows)
            raw = typeset_pdf(numbered, engine)
            times = []
            for _ in range(3):
                start = time.process_time()
                report = finish(raw, numbered.root, METADATA, attachments)
                times.append((time.process_time() - start) * 1000)
            size, cost = len(raw) // 1000, min(times)
            print(
                f"{engine:<8}{rows:>6}{report.pages:>7}{report.leaves:>8}{size:>9}"
                f"{len(report.pdf) // 1000:>9}{cost:>8.1f}{cost / report.pages:>9.2f}"
            )


if __name__ == "__main__":
    main()
