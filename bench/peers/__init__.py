"""Other ways from a record to a PDF, each written as a competent user of that tool would write it.

All print the same parts: title block, status line, abstract, one chart, the sentences that cite, the table of
claims with verdict and confidence, the references. All draw the chart with the same few lines of matplotlib, read
the same shared ``.bib`` file, and reuse in a batch what their tool lets them reuse.

Typst is asked for what it has: tags, PDF/A-3a and PDF/UA-1 in one file, and the record inside; veraPDF passes it.
Beside that it is measured as it is when not asked. The other tools make plain PDFs: LaTeX of this age has no tags,
and WeasyPrint, which can write either standard, is quicker without.

What they leave out, and `reportgen` does in the time that is compared: the claims as a table, the bibliography
entries used, the source and a manifest of hashes inside the file; the checks of the record; the comparison of the
finished text with the record; the sandbox around TeX; the sections on method, limitations, verification, quality,
corrections, provenance and disclosure, which make five pages out of two or three. They print a record that they
trust: their escaping covers what is special in their language, and no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from peers.content import Content

PEERS = {
    "typst": ("peers.with_typst", "Typst", "Typst, PDF/A-3a + UA-1"),
    "typst-default": ("peers.with_typst", "DefaultTypst", "Typst, plain PDF"),
    "pylatex": ("peers.with_pylatex", "PyLaTeX", "PyLaTeX + latexmk + biber"),
    "pandoc": ("peers.with_pandoc", "Pandoc", "pandoc + citeproc + pdfLaTeX"),
    "weasyprint": ("peers.with_weasyprint", "WeasyPrint", "WeasyPrint"),
}
"""Module, class and printed name of each, by the name it has on the command line."""


class Peer(Protocol):
    """A tool with whatever it keeps from one report to the next."""

    def files(self, content: Content) -> dict[str, bytes]:
        """Return the files of a report's folder by name, its sources and its chart."""

    def make(self, folder: Path) -> Path:
        """Turn a folder with those files into a PDF and give its path."""


def peer(name: str) -> Peer:
    """Import a tool and make it ready."""
    module, kind, _ = PEERS[name]
    return getattr(import_module(module), kind)()
