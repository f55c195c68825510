"""The fonts of a page that somebody else made: what PDF/A asks of them, and of what is set in them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name, Stream, String

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pikepdf

_GLYPHS = 65_536
_NEXT_NUMBER = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def
/CMapName /Next-Number def
/CMapType 1 def
/WMode 0 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def require_embedded(font: Any) -> None:
    """Refuse a font that another machine might not have, and one whose letters nobody could copy or hear.

    Raises:
        ValueError: it is such a font.

    """
    kind = font.get("/Subtype")
    if kind in (Name.CIDFontType0, Name.CIDFontType2):
        return  # with the font above it
    is_composite = kind == Name.Type0
    holder = font.DescendantFonts[0] if is_composite else font
    files = holder.get("/FontDescriptor", Dictionary()).keys() & {"/FontFile", "/FontFile2", "/FontFile3"}
    if kind != Name.Type3 and not files:
        raise ValueError(f"it sets text in a font that is not embedded ({font.get('/BaseFont', kind)})")
    if "/ToUnicode" not in font and (is_composite or "/Encoding" not in font):
        raise ValueError("it sets text in a font that does not say which letters it draws")


def require_letters(instructions: Iterable[Any], fonts: Any) -> None:
    """Refuse text that shows the box of a letter that its font does not have.

    Raises:
        ValueError: there is such text.

    """
    font: Any = None
    outer: list[Any] = []
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "q":
            outer.append(font)
        elif operator == "Q" and outer:
            font = outer.pop()
        elif operator == "Tf":
            font = fonts.get(str(instruction.operands[0]))
        elif operator in ("Tj", "TJ", "'", '"') and _by_number(font):
            _require_glyphs(font, _codes(instruction.operands[-1]))


def move_from_zero(pdf: pikepdf.Pdf, font: Any) -> None:
    """Renumber each letter, where a letter has 0: in PDF/A that is the box for one that is missing."""
    if not _by_number(font):
        return
    glyphs = _glyphs(font)
    if not glyphs or not any(glyphs[:2]):
        return
    drawn = copy.copy(font.DescendantFonts[0])  # another font may be written with it, too
    drawn.CIDToGIDMap = Stream(pdf, (b"\0\0" + glyphs)[: 2 * _GLYPHS])
    if "/W" in drawn:
        drawn.W = Array(_moved(list(drawn.W)))
    font.DescendantFonts = Array([pdf.make_indirect(drawn)])
    system = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
    font.Encoding = Stream(
        pdf, _next_number(), Type=Name.CMap, CMapName=Name("/Next-Number"), CIDSystemInfo=system, WMode=0
    )


def _by_number(font: Any) -> bool:
    """Tell whether a text in it is the numbers of its letters, two bytes each."""
    return (
        font is not None
        and font.get("/Subtype") == Name.Type0
        and font.get("/Encoding") == Name("/Identity-H")
    )


def _glyphs(font: Any) -> bytes:
    """Return which drawing each number means, two bytes each; nothing where each means itself."""
    given = font.DescendantFonts[0].get("/CIDToGIDMap")
    return given.read_bytes() if isinstance(given, Stream) else b""


def _codes(shown: Any) -> Iterator[int]:
    for part in shown if isinstance(shown, Array) else [shown]:
        if isinstance(part, String):
            text = bytes(part)
            yield from (int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2))


def _require_glyphs(font: Any, codes: Iterable[int]) -> None:
    glyphs = _glyphs(font)
    for code in codes:
        if not any(glyphs[2 * code : 2 * code + 2] if glyphs else (code,)):
            name = str(font.get("/BaseFont", "")).lstrip("/")
            raise ValueError(f"it shows an empty box for a letter that its font does not have ({name})")


def _moved(widths: list[Any]) -> Iterator[Any]:
    """Yield widths by number, `c [w ...]` or `first last w`, each for the next number (ISO 32000-1, 9.7.4.3)."""
    position = 0
    while position + 1 < len(widths):
        if isinstance(widths[position + 1], Array):
            yield from (int(widths[position]) + 1, widths[position + 1])
            position += 2
        else:
            first, last, *width = widths[position : position + 3]
            yield from (int(first) + 1, int(last) + 1, *width)
            position += 3


def _next_number() -> bytes:
    """Write that each code means the next number, in ranges whose first byte is the same, as is the rule."""
    ranges = [
        f"<{row << 8:04x}> <{(row << 8) + (0xFF if row < 0xFF else 0xFE):04x}> {(row << 8) + 1}"
        for row in range(256)
    ]
    blocks = (ranges[start : start + 100] for start in range(0, len(ranges), 100))
    lines = ("\n".join([f"{len(block)} begincidrange", *block, "endcidrange"]) for block in blocks)
    return _NEXT_NUMBER.format("\n".join(lines)).encode()
