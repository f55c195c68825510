"""Word spaces that pdfTeX leaves out of the text layer.

pdfTeX shows a space character of an empty font between two words, but only if both are of one font and one
colour; elsewhere a space is a mere movement. It also shows one after the hyphen of a divided word. Inside a
leaf both are put right here, as the widths of the fonts tell; nothing moves on the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

_SPACE_FONT = "+DummySpace"
_LEAST_GAP = (
    0.13  # of the font's size: less than a shrunken word space, more than a kern or an italic correction
)
_NEXT_LINE = 0.5  # of the font's size: more than an index goes down

_NUMBER = rb"[-+]?[\d.]+"
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_OPERATION = re.compile(
    rb"(?P<begin>BT)\b|/(?P<font>F\d+)\s(?P<size>[\d.]+)\sTf"
    rb"|(?P<x>%(n)b)\s(?P<y>%(n)b)\sTd|(?P<tx>%(n)b)\s(?P<ty>%(n)b)\sTm"
    rb"|\[(?P<array>(?:%(s)b|[^\]()]++)*+)\]TJ|(?P<string>%(s)b)Tj" % {b"n": _NUMBER, b"s": _STRING},
    re.DOTALL,
)
_PIECE = re.compile(rb"(?P<string>%b)|(?P<kern>%b)" % (_STRING, _NUMBER), re.DOTALL)
_CHARACTER = re.compile(rb"\\([0-7]{3})|\\?(.)", re.DOTALL)
_FONT_CHANGE = re.compile(rb"\]TJ\s*/F\d+\s[\d.]+\sTf\s%b\s%b\sTd" % (_NUMBER, _NUMBER))


@dataclass(slots=True)
class _Shown:
    """What was shown last: where in the stream it ends, and where on the page."""

    position: int
    font: bytes
    size: float
    x: float
    y: float
    spaced: bool


class WordSpaces:
    """Completes the spaces of leaves; knows the fonts of one document. LuaTeX's text needs nothing."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._widths: dict[bytes, tuple[int, list[float]]] = {}
        self._space: bytes | None = None
        for page in pdf.pages:
            self._learn(page.resources.get("/Font", {}))
        if self._space:
            fake = b"/%b 1 Tf( )Tj" % self._space
            self._after_hyphen = re.compile(
                rb"(?<=[^(]-\)\]TJ)%b(?=/F\d+\s[\d.]+\sTf\s%b\s-[\d.]+\sTd)" % (re.escape(fake), _NUMBER)
            )

    def _learn(self, fonts: pikepdf.Object | dict[str, pikepdf.Object]) -> None:
        for name, font in fonts.items():
            key = name[1:].encode()
            if key in self._widths or "/Widths" not in font:
                continue
            self._widths[key] = (int(font.FirstChar), [float(width) for width in font.Widths])
            if str(font.get("/BaseFont", "")).endswith(_SPACE_FONT):
                self._space = key

    def complete(self, leaf: bytes) -> bytes:
        """Give the content of a leaf with a space character wherever a reader sees a space between words."""
        if self._space is None:
            return leaf
        leaf = self._after_hyphen.sub(b"", leaf)
        if leaf.count(b"BT\n") < 2 and not _FONT_CHANGE.search(leaf):
            return leaf
        out, start = [], 0
        for shown in self._before_gaps(leaf):
            out += [
                leaf[start : shown.position],
                b"/%b 1 Tf( )Tj/%b %g Tf" % (self._space, shown.font, shown.size),
            ]
            start = shown.position
        return b"".join([*out, leaf[start:]])

    def _before_gaps(self, leaf: bytes) -> Iterator[_Shown]:
        font, size, x, y = b"", 0.0, 0.0, 0.0
        last: _Shown | None = None
        for found in _OPERATION.finditer(leaf):
            if found["begin"]:
                x = y = 0.0
            elif found["font"]:
                font, size = found["font"], float(found["size"])
            elif found["x"]:
                x, y = x + float(found["x"]), y + float(found["y"])
            elif found["tx"]:
                x, y = float(found["tx"]), float(found["ty"])
            else:
                shown = found["array"] or found["string"] or b""
                spaced = font == self._space
                if last and not spaced and not last.spaced and _is_gap(last, x, y, size):
                    yield last
                if last and spaced:
                    last.spaced = True
                else:
                    last = _Shown(found.end(), font, size, x + self._advance(shown, font, size), y, spaced)

    def _advance(self, shown: bytes, font: bytes, size: float) -> float:
        first, widths = self._widths.get(font, (0, []))
        total = 0.0
        for piece in _PIECE.finditer(shown):
            if piece["kern"]:
                total -= float(piece["kern"])
                continue
            for character in _CHARACTER.finditer(piece["string"][1:-1]):
                code = (int(character[1], 8) if character[1] else character[2][0]) - first
                total += widths[code] if 0 <= code < len(widths) else 0.0
        return total * size / 1000


def _is_gap(last: _Shown, x: float, y: float, size: float) -> bool:
    if y < last.y - _NEXT_LINE * size:
        return True
    return abs(y - last.y) <= _NEXT_LINE * size and x - last.x > _LEAST_GAP * size
