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

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pypdfium2

_LONGEST_NAME, _LONGEST_TEXT = 64, 4096


@dataclass(frozen=True, slots=True)
class _Run:
    """What the marks of text objects say of them: objects of one run share the mark; a ``text`` stands for all."""

    mark: int
    is_reversed: bool = False
    text: str | None = None


def in_reading_order(objects: Iterable[Any], text_page: pypdfium2.PdfTextPage) -> str:
    """Return the characters of text objects, which come in the order of a page's content."""
    placed = _characters_of(text_page)
    out: list[str] = []
    for run, items in groupby(objects, key=_run_of):
        if run.text is not None:
            out.append(run.text)
            continue
        characters = [character for item in items for character in placed.get(_address(item), ())]
        characters.sort(key=lambda each: each[0], reverse=run.is_reversed)
        out += [character for _, character in characters]
    return "".join(out)


def _run_of(item: Any) -> _Run:
    """Find the run that an object belongs to; one without such a mark is a run of its own."""
    from pypdfium2 import raw

    run = _Run(_address(item))
    name = (ctypes.c_ushort * _LONGEST_NAME)()
    text = (ctypes.c_ubyte * _LONGEST_TEXT)()
    length = ctypes.c_ulong()
    for number in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, number)
        if raw.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", text, ctypes.sizeof(text), length):
            return _Run(_address(mark), text=bytes(text)[: length.value].decode("utf-16", "replace"))
        if raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and (
            bytes(name)[: max(length.value - 2, 0)].decode("utf-16-le", "replace") == "ReversedChars"
        ):
            run = _Run(_address(mark), is_reversed=True)
    return run


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
