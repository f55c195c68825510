"""The glyphs that a PDF draws, with their places, by font; and those that HarfBuzz itself chooses for a text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf
import uharfbuzz

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Glyph:
    """A glyph by its number in the font, where it is drawn, and the size of its font."""

    number: int
    x: float
    y: float
    size: float = 1.0


def drawn(pdf: Path) -> dict[str, list[Glyph]]:
    """Return all glyphs of the fonts that TeX embeds by glyph number, in the order in which they are drawn."""
    found: dict[str, list[Glyph]] = {}
    with pikepdf.open(pdf) as document:
        for page in document.pages:
            fonts = {
                name: (str(font.BaseFont).partition("+")[2], dict(_widths(font.DescendantFonts[0])))
                for name, font in page.resources.Font.items()
                if "/DescendantFonts" in font
            }
            for name, glyph in _shown(page, {name: widths for name, (_, widths) in fonts.items()}):
                found.setdefault(fonts[name][0], []).append(glyph)
    return found


def _widths(font: pikepdf.Object) -> Iterator[tuple[int, float]]:
    entries = list(font.get("/W", []))
    for first, widths in zip(entries[::2], entries[1::2], strict=True):
        yield from ((int(first) + place, float(width)) for place, width in enumerate(widths))


def _shown(page: pikepdf.Page, widths: dict[str, dict[int, float]]) -> Iterator[tuple[str, Glyph]]:
    name, size, x, y = "", 0.0, 0.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                name, size = str(operands[0]), float(operands[1])
            case "BT":
                x = y = 0.0
                line = (0.0, 0.0)
            case "Tm":
                line = x, y = float(operands[4]), float(operands[5])
            case "Td":
                line = x, y = line[0] + float(operands[0]), line[1] + float(operands[1])
            case "TJ" if name in widths:
                for part in operands[0]:
                    if not isinstance(part, pikepdf.String):
                        x -= float(part) * size / 1000
                        continue
                    codes = bytes(part)
                    for high, low in zip(codes[::2], codes[1::2], strict=True):
                        number = high << 8 | low
                        yield name, Glyph(number, x, y, size)
                        x += widths[name].get(number, 1000.0) * size / 1000


def shaped(font: Path, text: str) -> list[Glyph]:
    """Shape a text with HarfBuzz; places are in parts of the font's size."""
    face = uharfbuzz.Face(font.read_bytes())
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(face), buffer)
    glyphs, x = [], 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyphs.append(Glyph(info.codepoint, (x + place.x_offset) / face.upem, place.y_offset / face.upem))
        x += place.x_advance
    return glyphs


def times_drawn(wanted: Sequence[Glyph], glyphs: Sequence[Glyph], within: float = 0.02) -> int:
    """Count how often glyphs stand side by side as they are wanted, within a part of the font's size."""
    numbers = [glyph.number for glyph in wanted]
    starts = (
        start
        for start in range(len(glyphs) - len(wanted) + 1)
        if [glyph.number for glyph in glyphs[start : start + len(wanted)]] == numbers
    )
    return sum(_is_placed(wanted, glyphs[start : start + len(wanted)], within) for start in starts)


def _is_placed(wanted: Sequence[Glyph], glyphs: Sequence[Glyph], within: float) -> bool:
    return all(
        abs((there.x - here.x) / here.size - (then.x - now.x)) <= within
        and abs((there.y - here.y) / here.size - (then.y - now.y)) <= within
        for (here, there), (now, then) in zip(pairwise(glyphs), pairwise(wanted), strict=True)
    )
