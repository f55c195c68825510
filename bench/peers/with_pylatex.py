"""PyLaTeX, biblatex with biber, and latexmk to run them: the way most would try first."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from pylatex import Command, Document, Figure, LongTable, Package, Section
from pylatex.utils import NoEscape, escape_latex

from peers.chart import draw

if TYPE_CHECKING:
    from pathlib import Path

    from peers.content import Content


class PyLaTeX:
    """PyLaTeX keeps nothing from one report to the next."""

    def files(self, content: Content) -> dict[str, bytes]:
        """Return the LaTeX, the bibliography and the chart."""
        return {
            "report.tex": document(content).dumps().encode(),
            "works.bib": content.bibliography.read_bytes(),
            "chart.pdf": draw(content.claims, "pdf"),
        }

    def make(self, folder: Path) -> Path:
        """Run latexmk, as ``Document.generate_pdf`` does."""
        command = ["latexmk", "--pdf", "--interaction=nonstopmode", "report.tex"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return folder / "report.pdf"


def document(content: Content) -> Document:
    """Build the document."""
    made = Document(
        page_numbers=False, geometry_options={"margin": "25mm"}, document_options=["a4paper", "11pt"]
    )
    for package in ("microtype", "booktabs", "graphicx", "hyperref"):
        made.packages.append(Package(package))
    made.packages.append(Package("biblatex", options=["backend=biber"]))
    made.preamble.append(Command("addbibresource", "works.bib"))
    made.preamble.append(Command("title", content.title))
    made.preamble.append(Command("author", content.byline))
    made.preamble.append(Command("date", ""))
    made.append(Command("maketitle"))
    made.append(Command("fbox", Command("parbox", arguments=[NoEscape(r"0.95\linewidth"), content.status])))
    made.append(Command("begin", "abstract"))
    made.append(content.abstract)
    made.append(Command("end", "abstract"))
    with made.create(Section("Research question")):
        made.append(content.question)
    with made.create(Section("Sources")):
        for sentence, key in content.sentences:
            made.append(NoEscape(rf"{escape_latex(sentence)} \cite{{{key}}}. "))
    with made.create(Section("Results")), made.create(Figure(position="htbp")) as figure:
        figure.add_image("chart.pdf", width=NoEscape(r"\linewidth"))
        figure.add_caption(content.caption)
    with (
        made.create(Section("Claims")),
        made.create(LongTable(r"llrp{0.6\linewidth}", booktabs=True)) as table,
    ):
        table.add_row(["No.", "Verdict", "Confidence", "Claim"])
        table.add_hline()
        table.end_table_header()
        for claim in content.claims:
            table.add_row(claim.row)
    made.append(Command("printbibliography"))
    return made
