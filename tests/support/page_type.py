"""The type of a report as printed: each glyph's face, size, colour and ground, read from the finished PDF."""

from __future__ import annotations

import ctypes
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Colour = tuple[int, int, int]
_PIXELS = 3
"""A point of the page in pixels, where grounds are looked at."""


@dataclass(frozen=True)
class Glyph:
    """A character with ink: where it stands (left, bottom, right, top in points), how it is set, what it stands on."""

    page: int
    text: str
    face: str
    size: float
    box: tuple[float, float, float, float]
    colour: Colour
    ground: Colour

    @property
    def contrast(self) -> float:
        return contrast(self.colour, self.ground)


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast of two colours as WCAG 2.2 counts it, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """Return the relative luminance: what grey printing keeps of a colour."""
    parts = (part / 255 for part in colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def glyphs(pdf: Path) -> Iterator[Glyph]:
    """Yield all glyphs with ink, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, 1):
            picture = page.render(scale=_PIXELS).to_numpy()
            text = page.get_textpage()
            for index in range(text.count_chars()):
                if (glyph := _glyph(number, page, text, index, picture)) is not None:
                    yield glyph
    finally:
        document.close()


def _glyph(number, page, text, index, picture) -> Glyph | None:
    character = chr(pdfium.FPDFText_GetUnicode(text, index))
    if character.isspace() or not character.isprintable() or pdfium.FPDFText_IsGenerated(text, index):
        return None
    box = text.get_charbox(index)
    if box[2] - box[0] < 0.1:
        return None
    return Glyph(
        number, character, _face(text, index), _size(text, index), box, _colour(text, index),
        _ground(page, box, picture),
    )  # fmt: skip


def _face(text, index) -> str:
    name = ctypes.create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), ctypes.c_int())
    return name.value.decode().partition("+")[2] or name.value.decode()


def _size(text, index) -> float:
    """Return the size of the type, drawn larger or smaller by what the page is drawn through."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    return pdfium.FPDFText_GetFontSize(text, index) * (matrix.c**2 + matrix.d**2) ** 0.5


def _colour(text, index) -> Colour:
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFText_GetFillColor(text, index, *parts)
    return tuple(part.value for part in parts[:3])


def _ground(page, box, picture) -> Colour:
    """Return the colour that most of the edge of a glyph's box has, a little outside of it."""
    height, width = picture.shape[:2]
    left, bottom, right, top = (round(edge * _PIXELS) for edge in box)
    left, right = max(left - 2, 0), min(right + 2, width - 1)
    upper, lower = max(height - top - 2, 0), min(height - bottom + 2, height - 1)
    rows = (upper, max(upper - 1, 0), lower, min(lower + 1, height - 1))
    edge = (tuple(map(int, picture[row, column])) for row in rows for column in range(left, right + 1))
    # The edges of neighbours, of many shades, are no ground.
    (blue, green, red, *_), _ = max(Counter(edge).items(), key=lambda found: (found[1], sum(found[0])))
    return red, green, blue


def lines(pdf: Path) -> Iterator[tuple[int, str, str, float]]:
    """Yield the lines of text as a reader gets them: page, text, the face and size of most of its glyphs."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            line: list[int] = []
            for index in range(text.count_chars()):
                if chr(pdfium.FPDFText_GetUnicode(text, index)) in "\r\n":
                    if line:
                        yield _line(number, text, line)
                    line = []
                else:
                    line.append(index)
            if line:
                yield _line(number, text, line)
    finally:
        document.close()


def _line(number, text, line) -> tuple[int, str, str, float]:
    said = "".join(chr(pdfium.FPDFText_GetUnicode(text, index)) for index in line).strip()
    inked = [index for index in line if not pdfium.FPDFText_IsGenerated(text, index)]
    faces = [(_face(text, index), round(_size(text, index), 1)) for index in inked]
    face, size = statistics.mode(faces)
    return number, said, face, size
