"""Proof of the text: after the build, every claim is looked for in the PDF, whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.errors import Level, Problem, Where
from reportgen.formula import split_formulas
from reportgen.latex import normalise

# Scripts whose glyphs a reader of PDFs cannot map back one by one: the letters are reordered or joined.
_RESHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """A text of the record that the PDF must hold, and the field it comes from."""

    text: str
    pointer: str


def prove_text(pdf: bytes, expected: Sequence[Expected], file: str) -> list[Problem]:
    """Look for every expected text in the PDF's text layer; what is not found whole is an error.

    Spaces, hyphens at line ends and the glyphs of formulas are left out of the comparison.
    """
    found = extract_text(pdf)
    page_text = _skeleton(found)
    letters = frozenset(page_text)
    problems = []
    if "??" in found and not any("??" in item.text for item in expected):
        problems.append(_problem("undefined-reference", Where(file), "the PDF holds “??”, an undefined reference"))
    for item in expected:
        missing = [piece for piece in _pieces(item.text) if not _holds(page_text, letters, piece)]
        if missing:
            message = f"the PDF does not hold this text whole; the first part missing is {missing[0][:60]!r}"
            problems.append(_problem("text-lost", Where(file, pointer=item.pointer), message))
    return problems


def extract_text(pdf: bytes) -> str:
    """Read the text layer of a PDF, page by page, in the order of the content."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            pages.append(text_page.get_text_range())
            text_page.close()
            page.close()
        return "\n".join(pages)
    finally:
        document.close()


def _pieces(text: str) -> list[str]:
    """Split a text at its formulas, which are drawn, not written."""
    return [piece for part in split_formulas(text) if isinstance(part, str) and (piece := _skeleton(normalise(part)))]


def _holds(page_text: str, letters: frozenset[str], piece: str) -> bool:
    if piece in page_text:
        return True
    if not _RESHAPED.search(piece):
        return False
    # Reordered scripts: what stands between them must be there whole, and each of their letters must exist.
    plain = [part for part in _RESHAPED.split(piece) if part]
    joined = "".join(_RESHAPED.findall(piece))
    return all(part in page_text for part in plain) and set(unicodedata.normalize("NFKC", joined)) <= letters


_IGNORED = re.compile("[\\s\u00ad\u2010\u2011\ufffe\u0002\u200b-\u200f\u2060\ufe00-\ufe0f-]+")


def _skeleton(text: str) -> str:
    """Give what must agree: letters, digits and signs in compatibility form, without spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'")
    return _IGNORED.sub("", folded)


def _problem(code: str, where: Where, message: str) -> Problem:
    return Problem(code, Level.ERROR, where, message, "please report this with the record")
