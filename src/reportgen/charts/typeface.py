"""What a chain of fonts can print and how wide: read from the font files, without matplotlib."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.cache import key_of, recall
from reportgen.base.characters import normal
from reportgen.base.errors import Level, Problem, SetupError, Where

if TYPE_CHECKING:
    from collections.abc import Iterable

ELLIPSIS = "…"
_MOST_MARKS = 3  # on one letter; vowel signs and accents of living scripts need no more
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A chain of font files, in order of preference."""

    fonts: tuple[Path, ...]

    def fonts_for(self, text: str) -> tuple[Path, ...]:
        """Order the fonts for a line: first the one that has all its letters and marks, so that they match.

        What that font lacks, and a line whose letters no single font has, is printed character by character.
        """
        letters = [character for character in text if unicodedata.category(character)[0] in "LM"]
        for path in self.fonts:
            if _has_all(letters, path):
                return (path,) if _has_all(text, path) else (path, *self._usable(path))
        return tuple(self._usable())

    def _usable(self, *without: Path) -> list[Path]:
        return [path for path in self.fonts if path not in without and _advances(path)]

    def lacks(self, text: str) -> list[str]:
        """Return the characters of the text that no font of the chain has, in order, each once."""
        return [character for character in dict.fromkeys(text) if _advance(character, self.fonts) is None]

    def printable_start(self, text: str) -> str:
        """Return the text up to the first letter that no font has, or that marks are piled on past its line."""
        marks = start = 0
        for place, character in enumerate(text):
            if unicodedata.combining(character):
                marks += 1
            else:
                marks, start = 0, place
            if marks > _MOST_MARKS or _advance(character, self.fonts) is None:
                return text[:start].rstrip()
        return text

    def width(self, text: str, size: float) -> float:
        """Measure a line of text in points, without kerning: at least the width that is drawn."""
        fonts = self.fonts_for(text)
        return size * sum(_advance(character, fonts) or 0.0 for character in text)

    def fit(self, text: str, size: float, width: float) -> str:
        """Shorten a text to a width in points; what is cut off is shown by an ellipsis."""
        if self.width(text, size) <= width:
            return text
        fonts, kept, room = self.fonts_for(text), 0, width
        while kept < len(text) and room > 0:
            room -= size * (_advance(text[kept], fonts) or 0.0)
            kept += 1
        while kept and (_inside_cluster(text, kept) or self.width(_cut(text, kept), size) > width):
            kept -= 1
        return _cut(text, kept)


def _has_all(characters: Iterable[str], path: Path) -> bool:
    advances = _advances(path)
    return bool(advances) and all(ord(character) in advances for character in characters)


def _cut(text: str, kept: int) -> str:
    return text[:kept].rstrip() + ELLIPSIS


def _inside_cluster(text: str, kept: int) -> bool:
    return kept < len(text) and unicodedata.combining(text[kept]) != 0


def _advance(character: str, fonts: tuple[Path, ...]) -> float | None:
    for path in fonts:
        if (advance := _advances(path).get(ord(character))) is not None:
            return advance
    return None


def typeface(fonts: tuple[Path, ...]) -> Typeface:
    """Chain the given fonts, and DejaVu Sans after them.

    Raises:
        reportgen.base.errors.SetupError: a font file is missing. One that is no font is met when it is measured.

    """
    for path in fonts:
        if not path.is_file():
            raise _unreadable(path, "there is no such file")
    return Typeface((*fonts, bundled_font()))


@lru_cache(maxsize=1)
def bundled_font() -> Path:
    """Find matplotlib's own DejaVu Sans without importing matplotlib."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise SetupError("matplotlib is not installed; install reportgen with its dependencies")
    return Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"


def plain(text: str) -> str:
    """Put a text on one line: composed, spaces single, without controls and direction overrides."""
    text = " ".join(normal("NFC", text).split())
    return _BIDI_CONTROLS.sub("", "".join(c for c in text if unicodedata.category(c) != "Cc"))


def drawable(text: str) -> str:
    """Take out of a plain text the marks that have no ink; drawn from a further font they shift the text."""
    return "".join(c for c in plain(text) if unicodedata.category(c) != "Cf").strip()


def _read_advances(path: Path) -> bytes:
    """Read a font's advance widths by code point, in ems, as JSON; of a font that cannot be used, none."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            tables: Any = font
            glyphs: dict[int, str] = font.getBestCmap() or {}
            widths, em = tables["hmtx"].metrics, tables["head"].unitsPerEm
            # matplotlib writes glyphs under their names: of those with the same name, or with none, it
            # would draw one in the place of all. fontTools lists the glyphs whose name it had to make up.
            if getattr(tables["post"], "mapping", None):
                glyphs = {}
    except (OSError, KeyError, TTLibError) as error:
        raise _unreadable(path, str(error)) from error
    return json.dumps({code: widths[name][0] / em for code, name in glyphs.items()}).encode()


def _unreadable(path: Path, reason: str) -> SetupError:
    message = f"the font {path} cannot be read: {reason}"
    hint = "install the font (Debian: fonts-texgyre), or leave it out to draw with DejaVu Sans"
    return SetupError([Problem("chart-font", Level.ERROR, Where(str(path)), message, hint)])


@lru_cache(maxsize=32)
def _advances(path: Path) -> dict[int, float]:
    # Importing fontTools takes longer than all the planning of charts.
    try:
        key = key_of(["advances", font_hash(path), version("fonttools")])
    except OSError as error:
        raise _unreadable(path, str(error)) from error
    read = json.loads(recall("fonts", key, ".json", lambda: _read_advances(path)))
    return {int(code): width for code, width in read.items()}


def font_hash(path: Path) -> bytes:
    """Hash a font file, once for each state of it."""
    status = path.stat()
    return _hash_of(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _hash_of(path: Path, _time: int, _size: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
