"""What a chain of fonts can print and how wide: read from the font files, without matplotlib."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reportgen.errors import Level, Problem, SetupError, Where

ELLIPSIS = "…"
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A chain of font files; the first that has a character prints it."""

    fonts: tuple[Path, ...]

    def lacks(self, text: str) -> list[str]:
        """Give the characters of the text that no font of the chain has, in order, each once."""
        missing = [character for character in text if self._advance(character) is None]
        return list(dict.fromkeys(missing))

    def width(self, text: str, size: float) -> float:
        """Measure a line of text in points, without kerning: at least the width that is drawn."""
        return size * sum(self._advance(character) or 0.0 for character in text)

    def fit(self, text: str, size: float, width: float) -> str:
        """Shorten a text to a width in points; what is cut off is shown by an ellipsis."""
        if self.width(text, size) <= width:
            return text
        room = width - self.width(ELLIPSIS, size)
        kept = 0
        for kept, character in enumerate(text):  # noqa: B007  kept is the length that fits
            room -= self.width(character, size)
            if room < 0:
                break
        while kept and unicodedata.combining(text[kept]):
            kept -= 1
        return text[:kept].rstrip() + ELLIPSIS

    def _advance(self, character: str) -> float | None:
        for path in self.fonts:
            if (advance := _metrics(path).advance(character)) is not None:
                return advance
        return None


def typeface(fonts: tuple[Path, ...]) -> Typeface:
    """Chain the given fonts, and DejaVu Sans after them.

    Raises:
        reportgen.errors.SetupError: a font file is missing or is no font.

    """
    chain = Typeface((*fonts, bundled_font()))
    for path in chain.fonts:
        _metrics(path)
    return chain


@lru_cache(maxsize=1)
def bundled_font() -> Path:
    """Find matplotlib's own DejaVu Sans without importing matplotlib."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise SetupError("matplotlib is not installed; install reportgen with its dependencies")
    return Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"


def plain(text: str) -> str:
    """Put a text on one line: composed, spaces single, without controls and direction overrides."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return _BIDI_CONTROLS.sub("", "".join(c for c in text if unicodedata.category(c) != "Cc"))


def drawable(text: str) -> str:
    """Take out of a plain text the marks that have no ink; drawn from a further font they shift the text."""
    return "".join(c for c in plain(text) if unicodedata.category(c) != "Cf").strip()


class _Metrics:
    """The advance widths of one font, in ems."""

    def __init__(self, path: Path) -> None:
        from fontTools.ttLib import TTFont, TTLibError

        try:
            with TTFont(path, fontNumber=0, lazy=True) as font:
                self._glyphs: dict[int, str] = font.getBestCmap() or {}
                tables: Any = font
                self._advances: dict[str, tuple[int, int]] = tables["hmtx"].metrics
                self._em: int = tables["head"].unitsPerEm
        except (OSError, KeyError, TTLibError) as error:
            message = f"the font {path} cannot be read: {error}"
            hint = "install the font (Debian: fonts-texgyre), or leave it out to draw with DejaVu Sans"
            raise SetupError([Problem("chart-font", Level.ERROR, Where(str(path)), message, hint)]) from error

    def advance(self, character: str) -> float | None:
        glyph = self._glyphs.get(ord(character))
        return None if glyph is None else self._advances[glyph][0] / self._em


@lru_cache(maxsize=32)
def _metrics(path: Path) -> _Metrics:
    return _Metrics(path)
