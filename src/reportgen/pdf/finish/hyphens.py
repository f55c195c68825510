"""Soft hyphens: what TeX divides words with at the end of a line is none of the text's own hyphens.

ISO 32000-1, 14.8.2.2.3, asks for U+00AD there. In pdfTeX's fonts (T1) slot 127 is a second hyphen, which hangs into
the margin and which TeX does not use: here it gets the glyph of the first, and that meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pikepdf import Array, Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pikepdf

_MEANING = re.compile(rb"<7F> ?<[0-9A-F]+>")
HYPHEN, SOFT_HYPHEN = 45, 127


def add_soft_hyphens(fonts: Iterable[pikepdf.Object]) -> None:
    """Add to each of the fonts a second hyphen that looks like the first."""
    for font in fonts:
        first, widths = int(font.FirstChar), [*font.Widths]
        widths += [0] * (SOFT_HYPHEN + 1 - first - len(widths))
        widths[SOFT_HYPHEN - first] = widths[HYPHEN - first]
        font.Widths = Array(widths)
        font.LastChar = first + len(widths) - 1
        font.Encoding.Differences = _with_soft_hyphen(font.Encoding.Differences)
        font.ToUnicode.write(_MEANING.sub(b"<7F> <00AD>", font.ToUnicode.read_bytes()))


def _with_soft_hyphen(differences: pikepdf.Object) -> Array:
    """Add the name of the hyphen's glyph at the second slot, in order; fonts may share their encodings."""
    names: dict[int, pikepdf.Object] = {}
    code = 0
    for part in differences:
        if isinstance(part, int):
            code = part
        else:
            names[code] = part
            code += 1
    names[SOFT_HYPHEN] = names.get(HYPHEN, Name("/hyphen"))
    out, expected = Array(), -1
    for code, name in sorted(names.items()):
        if code != expected:
            out.append(code)
        out.append(name)
        expected = code + 1
    return out
