"""Proof of the text: after the build, every claim is looked for in the PDF, whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.characters import normal
from reportgen.errors import Level, Problem, Where
from reportgen.formula import split_formulas
from reportgen.latex import normalise
from reportgen.timings import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pypdfium2

# Scripts whose glyphs a reader of PDFs cannot map back one by one: the letters are reordered or joined.
_RESHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """A text of the record that the PDF must hold, and the field it comes from."""

    text: str
    pointer: str


@stage("prove")
def prove_text(pdf: bytes, expected: Sequence[Expected], file: str) -> list[Problem]:
    """Look for every expected text in the PDF's text layer; what is not found whole is an error.

    Spaces, hyphens at line ends and the glyphs of formulas are left out of the comparison.
    """
    # Most texts stand within one page, and pages as a whole are read quickly.
    doubtful = [item for item, _ in _missing(expected, _read_pages(pdf))]
    if not doubtful:
        return []
    hint = "please report this with the record"
    return [
        Problem(
            "text-lost",
            Level.ERROR,
            Where(file, pointer=item.pointer),
            f"the PDF does not hold this text whole; the first part missing is {piece[:60]!r}",
            hint,
        )
        for item, piece in _missing(doubtful, _skeleton(extract_text(pdf)))
    ]


def _missing(expected: Iterable[Expected], page_text: str) -> Iterator[tuple[Expected, str]]:
    """Give the texts that are not found, each with its first part that is not."""
    letters = frozenset(page_text)
    for item in expected:
        piece = next((piece for piece in _pieces(item.text) if not _holds(page_text, letters, piece)), None)
        if piece is not None:
            yield item, piece


def _read_pages(pdf: bytes) -> str:
    """Read what stands on the paper, page by page, without its furniture.

    What was set beyond the paper is in the file and still lost to its readers.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(map(_page_skeleton, document))
    finally:
        document.close()


def _page_skeleton(page: pypdfium2.PdfPage) -> str:
    from pypdfium2 import PdfObject

    text_page = page.get_textpage()
    text = _skeleton(text_page.get_text_bounded())
    middle = page.get_height() / 2
    for item in _text_objects(page, marked=False):
        words = _skeleton(_object_text(item, text_page).decode("utf-16-le", "replace"))
        if not words:
            continue
        # Heads are read first and feet last: a page number must not be taken out of a title's "1000".
        _, bottom, _, _ = PdfObject(item, page=page).get_bounds()
        before, _, after = text.rpartition(words) if bottom < middle else text.partition(words)
        text = before + after
    return text


def extract_text(pdf: bytes) -> str:
    """Read the text of a finished PDF page by page, in the order of its content, without its furniture.

    Running heads, page numbers and repeated table heads stand between the parts of a text that runs over
    a page; they have no marked-content id.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        units = b"\n\0".join(map(_page_text, document))
    finally:
        document.close()
    return units.decode("utf-16-le", "replace")


def _page_text(page: pypdfium2.PdfPage) -> bytes:
    """Give the text of a page as UTF-16; a character may be divided between two objects."""
    from pypdfium2 import PdfObject

    text_page = page.get_textpage()
    width, height = page.get_size()
    parts = []
    for item in _text_objects(page, marked=True):
        left, bottom, right, top = PdfObject(item, page=page).get_bounds()
        if left >= 0 and bottom >= 0 and right <= width and top <= height:
            parts.append(_object_text(item, text_page))
    return b"".join(parts)


def _text_objects(page: pypdfium2.PdfPage, *, marked: bool) -> Iterator[Any]:
    from pypdfium2 import raw

    handle = page.raw  # converting the page at each call takes longer than the calls
    for index in range(raw.FPDFPage_CountObjects(handle)):
        item = raw.FPDFPage_GetObject(handle, index)
        if (raw.FPDFPageObj_GetMarkedContentID(item) >= 0) is marked and (
            raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT
        ):
            yield item


def _object_text(item: Any, text_page: pypdfium2.PdfTextPage) -> bytes:
    from pypdfium2 import raw

    size = raw.FPDFTextObj_GetText(item, text_page, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2))()
    raw.FPDFTextObj_GetText(item, text_page, buffer, size)
    return bytes(buffer)[:-2]


def _pieces(text: str) -> list[str]:
    """Split a text at its formulas, which are drawn, not written."""
    return [
        piece
        for part in split_formulas(text)
        if isinstance(part, str) and (piece := _skeleton(normalise(part)))
    ]


def _holds(page_text: str, letters: frozenset[str], piece: str) -> bool:
    if piece in page_text:
        return True
    if not _RESHAPED.search(piece):
        return False
    # Reordered scripts: the words and numbers between them must be there whole, and each character must exist.
    plain = re.findall(r"\w+", _RESHAPED.sub(" ", piece))
    return all(word in page_text for word in plain) and set(piece) <= letters


_IGNORED = re.compile("[\\s\u00ad\u2010\u2011\ufffe\u0002\u200b-\u200f\u2060\ufe00-\ufe0f-]+")


def _skeleton(text: str) -> str:
    """Give what must agree: letters, digits and signs in compatibility form, without spaces and hyphens."""
    folded = normal("NFKC", text).replace("’", "'")
    return _IGNORED.sub("", folded)
