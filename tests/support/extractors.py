"""Five readers of PDFs that know nothing of each other, each asked for the words in the order of the content.

By themselves some of them guess at columns and boxes, each in its own way; what words there are is told by their default
settings.
"""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from typing import TYPE_CHECKING

import pdfplumber
import pikepdf
import pypdf
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTTextLine
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

if TYPE_CHECKING:
    from collections.abc import Callable

SOFT_HYPHEN = "\u00ad"


def with_pdftotext(pdf: bytes) -> str:
    """Without -raw, poppler takes away every hyphen at the end of a line, "self-" too."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def with_pdfminer(pdf: bytes) -> str:
    """Take the lines that it makes before it sorts them into boxes."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    lines = []
    for page in PDFPage.get_pages(io.BytesIO(pdf)):
        interpreter.process_page(page)
        layout = device.get_result()
        characters = [item for item in layout if isinstance(item, LTChar)]
        for line in layout.group_objects(LAParams(), characters):
            assert isinstance(line, LTTextLine)
            line.analyze(LAParams())
            lines.append(line.get_text())
    return "".join(lines)


def with_pypdf(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def with_pymupdf(pdf: bytes) -> str:
    import pymupdf

    with pymupdf.open(stream=pdf) as document:
        return "\n".join(page.get_text() for page in document)


def with_pdfplumber(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(
            word["text"] for page in document.pages for word in page.extract_words(use_text_flow=True)
        )


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "pdftotext": with_pdftotext,
    "pdfminer": with_pdfminer,
    "pypdf": with_pypdf,
    "pymupdf": with_pymupdf,
    "pdfplumber": with_pdfplumber,
}


_FORMULA = re.compile(rb"/Formula <</MCID \d+>> BDC.*?\nEMC", re.DOTALL)


def without_drawings(pdf: bytes) -> bytes:
    """Take out drawings and formulas: their signs have places, and how they are parted is for each reader to guess.

    PyMuPDF alone reads what is said in the place of an element, such as a dash in an empty cell.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == pikepdf.Name.Form:
                item.write(b"")
            elif isinstance(item, pikepdf.Dictionary) and "/S" in item and "/ActualText" in item:
                del item["/ActualText"]
        for page in opened.pages:
            page.Contents.write(_FORMULA.sub(b"", page.Contents.read_bytes()))
        opened.save(out)
    return out.getvalue()


def words(text: str) -> list[str]:
    """Return the words of a text, those that are divided at the end of a line whole."""
    # Addresses and compounds are divided without a hyphen of TeX's.
    whole = re.sub(rf"{SOFT_HYPHEN}\s*", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\w[-/_])\n(?=\w)", "", whole).split()
