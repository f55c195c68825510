"""The characters of a page in the order of reading, from right to left too.

A reader of PDFs puts the characters of a line with words from right to left into an order that it guesses, and turns
its brackets round. What was written is certain: text objects come in the order of reading, each from left to right,
and those within one mark /ReversedChars are read from right to left (ISO 32000-1, 14.8.2.3.3). Where a mark says what
its glyphs stand for, in /ActualText, that is it.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportgen.text.direction import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class _Run:
    """Text objects of one mark, with what the mark says of them; a ``text`` stands for all."""

    mark: int
    is_reversed: bool = False
    text: bytes | None = None


def written_on(page: pypdfium2.PdfPage) -> bytes:
    """Return the text of a page as UTF-16; a character may be divided between two objects."""
    from pypdfium2 import PdfObject

    text_page = page.get_textpage()
    width, height = page.get_size()
    objects = []
    for item in text_objects(page, marked=True):
        left, bottom, right, top = PdfObject(item, page=page).get_bounds()
        if left >= 0 and bottom >= 0 and right <= width and top <= height:
            objects.append(item)
    if RIGHT_TO_LEFT.search(text_page.get_text_bounded()):
        return b"".join(_either_way(objects, text_page))
    return b"".join(_from_the_left(objects, text_page))


def text_objects(page: pypdfium2.PdfPage, *, marked: bool) -> Iterator[Any]:
    """Yield the text objects of a page that are content, or those that are furniture."""
    from pypdfium2 import raw

    handle = page.raw  # converting the page at each call takes longer than the calls
    for index in range(raw.FPDFPage_CountObjects(handle)):
        item = raw.FPDFPage_GetObject(handle, index)
        if (raw.FPDFPageObj_GetMarkedContentID(item) >= 0) is marked and (
            raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT
        ):
            yield item


def object_text(item: Any, text_page: pypdfium2.PdfTextPage) -> bytes:
    """Return what the glyphs of a text object stand for, as UTF-16."""
    from pypdfium2 import raw

    size = raw.FPDFTextObj_GetText(item, text_page, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2))()
    raw.FPDFTextObj_GetText(item, text_page, buffer, size)
    return bytes(buffer)[:-2]


def _from_the_left(objects: Sequence[Any], text_page: pypdfium2.PdfTextPage) -> Iterator[bytes]:
    for run, items in groupby(objects, key=_replaced_run):
        yield from (object_text(item, text_page) for item in items) if run.text is None else (run.text,)


def _either_way(objects: Sequence[Any], text_page: pypdfium2.PdfTextPage) -> Iterator[bytes]:
    placed = _characters_of(text_page)
    for run, items in groupby(objects, key=_run_of):
        if run.text is not None:
            yield run.text
            continue
        characters = [character for item in items for character in placed.get(_address(item), ())]
        characters.sort(key=lambda each: each[0], reverse=run.is_reversed)
        yield "".join(character for _, character in characters).encode("utf-16-le", "surrogatepass")


def _replaced_run(item: Any) -> _Run:
    """Find the run whose mark says what it stands for; pdfium itself reads no more than 16 bits of a character there.

    An object without such a mark is a run of its own.
    """
    from pypdfium2 import raw

    # The outermost mark is that of the element.
    for index in range(raw.FPDFPageObj_CountMarks(item) - 1, 0, -1):
        mark = raw.FPDFPageObj_GetMark(item, index)
        if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
            size = ctypes.c_ulong()
            raw.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", None, 0, size)
            buffer = (ctypes.c_ubyte * size.value)()
            raw.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", buffer, size.value, size)
            text = bytes(buffer).decode("utf-16", "replace")
            return _Run(_address(mark), text=text.encode("utf-16-le", "surrogatepass"))
    return _Run(_address(item))


def _run_of(item: Any) -> _Run:
    """Find the run that an object belongs to, and the way it is read."""
    from pypdfium2 import raw

    if (replaced := _replaced_run(item)).text is not None:
        return replaced
    name = (ctypes.c_ushort * _LONGEST_NAME)()
    length = ctypes.c_ulong()
    for index in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, index)
        if raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and (
            bytes(name)[: max(length.value - 2, 0)].decode("utf-16-le", "replace") == "ReversedChars"
        ):
            return _Run(_address(mark), is_reversed=True)
    return replaced


def _characters_of(text_page: pypdfium2.PdfTextPage) -> dict[int, list[tuple[float, str]]]:
    """Return each object's characters with their places along its line."""
    from pypdfium2 import raw

    handle = text_page.raw
    placed: dict[int, list[tuple[float, str]]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    for index in range(raw.FPDFText_CountChars(handle)):
        if not (item := raw.FPDFText_GetTextObject(handle, index)):
            continue
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetMatrix(handle, index, matrix)
        along = x.value * matrix.a + y.value * matrix.b
        placed.setdefault(_address(item), []).append((along, chr(raw.FPDFText_GetUnicode(handle, index))))
    return placed


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
