"""Widths and characters of a chain of fonts, read from the font files, without matplotlib."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any

from reportgen.base.cache import key_of, recall
from reportgen.base.characters import normal
from reportgen.base.errors import Level, Problem, SetupError, Where

ELLIPSIS = "…"
_MOST_MARKS = 3  # on one letter; vowel signs and accents of living scripts need no more
_YEAR = re.compile(r" [12]\d{3}[a-z]?$")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A chain of font files, in order of preference."""

    fonts: tuple[Path, ...]

    def fonts_for(self, text: str) -> tuple[Path, ...]:
        """Order the fonts for a line: first the one that has all its letters and marks, so that they match.

        What that font lacks, and a line whose letters no single font has, is printed character by character.
        """
        letters = {character for character in text if unicodedata.category(character)[0] in "LM"}
        fits = (path for path in self.fonts if (has := _advances(path)) and letters <= has.keys())
        first = next(fits, None)
        if first and set(text) <= _advances(first).keys():
            return (first,)
        others = (path for path in self.fonts if path != first and _advances(path))
        return (first, *others) if first else tuple(others)

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
        return size * _width(text, self)

    def fit(self, text: str, size: float, width: float) -> str:
        """Shorten a text to a width in points; what is cut off is shown by an ellipsis, before a year at its end."""
        if self.width(text, size) <= width:
            return text
        if year := _YEAR.search(text):
            name, end = text[: year.start()], year.group()
            if (room := width - self.width(end, size)) > 0 and (
                cut := self.fit(name, size, room)
            ) != ELLIPSIS:
                return f"{cut}{end}"
        fonts = self.fonts_for(text)
        ends = accumulate(size * (_advance(character, fonts) or 0.0) for character in text)
        kept = 1 + sum(1 for _ in takewhile(lambda end: end < width, ends))
        while kept and (_inside_cluster(text, kept) or self.width(_cut(text, kept), size) > width):
            kept -= 1
        return _cut(text, kept)


@lru_cache(maxsize=4096)
def _width(text: str, face: Typeface) -> float:
    """Measure a line of text in ems."""
    fonts = face.fonts_for(text)
    return sum(_advance(character, fonts) or 0.0 for character in text)


def _cut(text: str, kept: int) -> str:
    return text[:kept].rstrip() + ELLIPSIS


def _inside_cluster(text: str, kept: int) -> bool:
    return kept < len(text) and unicodedata.combining(text[kept]) != 0


def _advance(character: str, fonts: tuple[Path, ...]) -> float | None:
    found = (_advances(path).get(character) for path in fonts)
    return next((advance for advance in found if advance is not None), None)


@lru_cache(maxsize=64)
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
def _advances(path: Path) -> dict[str, float]:
    # Importing fontTools takes longer than all the planning of charts.
    try:
        key = key_of(["advances", font_hash(path), version("fonttools")])
    except OSError as error:
        raise _unreadable(path, str(error)) from error
    read = json.loads(recall("fonts", key, ".json", lambda: _read_advances(path)))
    return {chr(int(code)): width for code, width in read.items()}


def font_hash(path: Path) -> bytes:
    """Hash a font file, once for each state of it."""
    status = path.stat()
    return _hash_of(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _hash_of(path: Path, _time: int, _size: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
