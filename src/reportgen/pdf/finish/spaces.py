"""Word spaces that pdfTeX leaves out of the text layer.

pdfTeX shows a space character of an empty font between two words, but only if both are of one font and one
colour; elsewhere a space is a mere movement. It also shows one after the hyphen of a divided word. Inside a
leaf both are put right here, as the widths of the fonts tell; nothing moves on the page. Where a word goes on
in the next line without a hyphen or with one of its own, TeX has left ``/RG MP`` (templates/tagging.tex), and ``/RH
MP`` after a hyphen of the text that a blank follows. Any other hyphen at the end of a line is TeX's, a soft one.

pdfTeX shows its spaces at a size of one point, so that readers who part lines by the boxes of their characters
take them for a line of their own, and all words of a line for one. Here they get the size of the text beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pikepdf

_SPACE_FONT = "+DummySpace"
_SPACE = 32
_NO_WIDTHS = (0.0,) * 256
_LEAST_GAP = 0.13  # of the font's size: less than a shrunken word space, more than an italic correction
_NEXT_LINE = 0.5  # of the font's size: more than an index goes down
_NEXT_COLUMN = 2  # of the font's size: more than stands between a letter and its exponent

_JOINT, _OWN_HYPHEN = b"/RG MP", b"/RH MP"
_MARKS_IN_LINE, _MARKS = re.compile(rb"\]TJ\s*(?:/R[GH] MP\s*)+\["), re.compile(rb"/R[GH] MP")
_NUMBER = rb"[-+]?[\d.]++"
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_OPERATION = re.compile(
    rb"(?P<begin>BT)\b|(?P<joint>/RG\sMP)|/(?P<font>F\d++)\s(?P<size>[\d.]++)\sTf"
    rb"|(?P<x>%(n)b)\s(?P<y>%(n)b)\sT(?P<place>[dm])"
    rb"|\[(?P<array>(?:%(s)b|[^\]()]++)*+)\]TJ|(?P<string>%(s)b)Tj" % {b"n": _NUMBER, b"s": _STRING},
    re.DOTALL,
)
_FONT = re.compile(rb"/(F\d++)\s([\d.]++)\sTf")
_PIECE = re.compile(rb"(?P<string>%b)|(?P<kern>%b)" % (_STRING, _NUMBER), re.DOTALL)
_ESCAPED = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
_HYPHEN = rb"-\)\]TJ(?<!\[\(-\)\]TJ)"  # at the end of a word, not by itself


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters shown in one go: where they end in the stream, and where they stand on the page.

    ``closes`` tells that they are a space, or that no space may follow what is before.
    """

    position: int
    font: bytes
    size: float
    left: float
    right: float
    y: float
    closes: bool


class WordSpaces:
    """Completes the spaces of leaves; knows the fonts of one document. LuaTeX's text needs nothing."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._divided_in: set[bytes] = set()
        self._fonts: dict[bytes, pikepdf.Object] = {}
        self._widths: dict[bytes, Sequence[float]] = {}  # by character code
        self._space = b""
        for page in pdf.pages:
            self._learn(page.resources)
        # A gap may be where the font changes other than to or from the space's, or where something else comes between.
        self._suspect = re.compile(
            rb"\]TJ(?<!\[\(\s\)\]TJ)(?:\s*/(?!%b\s)F\d+\s[\d.]+\sTf\s%b\s%b\sTd|\s+(?!ET)[^/\s])"
            % (self._space, _NUMBER, _NUMBER)
        )
        self._hyphen = re.compile(
            rb"%b/%b\s[\d.]+\sTf\(\s\)Tj(?=/F\d+\s[\d.]+\sTf\s%b\s-[\d.]+\sTd)"
            % (_HYPHEN, self._space, _NUMBER)
        )
        self._small = b"/%b 1 Tf" % self._space
        self._before_text = re.compile(self._small + rb"(?=\(\s\)Tj/F\d++\s([\d.]++)\sTf)")

    def _learn(self, resources: pikepdf.Object) -> None:
        for name, font in resources.get("/Font", {}).items():
            key = name[1:].encode()
            if key in self._widths or "/Widths" not in font:
                continue
            widths = [*_NO_WIDTHS[: int(font.FirstChar)], *(float(width) for width in font.Widths)]
            self._widths[key] = [*widths, *_NO_WIDTHS[len(widths) :]]
            self._fonts[key] = font
            if str(font.get("/BaseFont", "")).endswith(_SPACE_FONT):
                self._space = key

    @property
    def fonts_with_soft_hyphens(self) -> list[pikepdf.Object]:
        """Return the fonts that words were divided in, as far as all pages are completed."""
        return [self._fonts[name] for name in sorted(self._divided_in)]

    def sized(self, page: bytes) -> bytes:
        """Return the content of a page with its spaces as large as the text behind them, or at the end before them."""
        if not self._space:
            return page
        page = self._before_text.sub(rb"/%b \1 Tf" % self._space, page)
        return _FONT.sub(self._as_large(), page) if self._small in page else page

    def _as_large(self) -> Callable[[re.Match[bytes]], bytes]:
        size = b"1"

        def large(found: re.Match[bytes]) -> bytes:
            nonlocal size
            if found[1] == self._space and found[2] == b"1":
                return b"/%b %b Tf" % (self._space, size)
            size = found[2]
            return found[0]

        return large

    def complete(self, leaf: bytes, *, runs_on: bool = False) -> bytes:
        """Return the content of a leaf with a space character wherever a reader sees a space between words.

        ``runs_on`` tells that the leaf goes on on the next page.
        """
        if not self._space:
            return leaf
        if b"-)]TJ" in leaf:
            leaf = self._with_soft_hyphens(leaf).replace(_OWN_HYPHEN, b"")
        out, start = [], 0
        for last in self._before_gaps(leaf, runs_on=runs_on):
            out += [leaf[start : last.position], self._space_after(last)]
            start = last.position
        return b"".join([*out, leaf[start:]])

    def _with_soft_hyphens(self, leaf: bytes) -> bytes:
        """Tell the hyphens of divided words from those of the text, and take away the space behind them."""

        def soft(found: re.Match[bytes]) -> bytes:
            *_, (font, _) = _FONT.findall(leaf, 0, found.start())
            self._divided_in.add(font)
            return b"\\177)]TJ" + _JOINT

        return self._hyphen.sub(soft, leaf)

    def _space_after(self, last: _Run) -> bytes:
        width = self._widths[self._space][_SPACE]
        return b"/%b %g Tf[( )%g]TJ/%b %g Tf" % (self._space, last.size, width, last.font, last.size)

    def _before_gaps(self, leaf: bytes, *, runs_on: bool) -> Iterator[_Run]:
        """Yield the run before each gap, and the last one of a leaf that runs over the page."""
        if not runs_on and leaf.count(b"BT\n") < 2 and not self._suspect.search(leaf):
            return
        last, closed = None, True
        for run in self._runs(leaf):
            if run.closes:
                closed = True
                continue
            if last and not closed and _is_gap(last, run):
                yield last
            last, closed = run, False
        if runs_on and last and not closed:
            yield last

    def _runs(self, leaf: bytes) -> Iterator[_Run]:
        font, size, line_x, x, y = b"", 0.0, 0.0, 0.0, 0.0
        for found in _OPERATION.finditer(leaf):
            match found.lastgroup:
                case "begin":
                    line_x = x = y = 0.0
                case "size":
                    font, size = found["font"], float(found["size"])
                case "place":
                    if found["place"] == b"m":
                        line_x = y = 0.0
                    line_x = x = line_x + float(found["x"])
                    y += float(found["y"])
                case "joint":
                    yield _Run(found.end(), font, size, x, x, y, closes=True)
                case "array" | "string" as shown:
                    lead, advance = self._advance(found[shown], font, size)
                    yield _Run(found.end(), font, size, x + lead, x + advance, y, font == self._space)
                    x += advance

    def _advance(self, shown: bytes, font: bytes, size: float) -> tuple[float, float]:
        """Return how far the first character stands from the start, and the end, in points."""
        widths = self._widths.get(font, _NO_WIDTHS)
        lead, total = None, 0.0
        for string, kern in _PIECE.findall(shown):
            if kern:
                total -= float(kern)
                continue
            lead = total if lead is None else lead
            codes = _ESCAPED.sub(_character, string[1:-1]) if b"\\" in string else string[1:-1]
            total += sum(map(widths.__getitem__, codes))
        return (lead or 0.0) * size / 1000, total * size / 1000


def without_joints(page: bytes) -> bytes:
    """Take away what TeX left beside hyphens and where words go on; what it parts within a line is one again."""
    return _MARKS.sub(b"", _MARKS_IN_LINE.sub(b"", page))


def _is_gap(last: _Run, run: _Run) -> bool:
    down, right = last.y - run.y, run.left - last.right
    if down > _NEXT_LINE * run.size or (-down > _NEXT_LINE * run.size and right > _NEXT_COLUMN * run.size):
        return True
    return abs(down) <= _NEXT_LINE * run.size and right > _LEAST_GAP * run.size


def _character(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 8) & 0xFF]) if escape[1] else escape[2]
