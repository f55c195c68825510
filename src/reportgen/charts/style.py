"""The common look of all charts: the width, the faces, the colours and the type sizes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

INK = "#1A2433"
DIM = "#4A5463"
HAIRLINE = "#C9D0D9"
PANEL = "#F3F5F8"
RANGE = "#8A94A3"
WARN = "#8F3400"

SIZE = 8.0  # points: labels and figures
SMALL = 7.5  # points: the floor; what belongs to the axis
CAP_HEIGHT = 0.72  # of the type size, in TeX Gyre Heros and in DejaVu Sans

STYLE_SHEET = Path(__file__).with_name("charts.mplstyle")
"""The look of all that matplotlib draws of itself: axes, ticks, grids, legends."""

MILLIMETRE = 72 / 25.4
COLUMN_MM, FULL_MM = 116.0, 166.0
"""The widths of a figure: that of running text, and that of the page's text."""
_STEM = 0.35  # of the colour of a mark, in the base line of its bars
NARROWEST = 300.0  # points: below it the legend has no room


class Marker(Enum):
    """The meaning of a point or a bar, by the key of its wording.

    It is said by shape, by colour and by darkness, so that grey print keeps it.
    """

    VERIFIED = "verified"
    SUPPORTED = "supported"
    MIXED = "mixed"
    INSUFFICIENT = "insufficient"
    REFUTED = "refuted"
    UNVERIFIED = "unverified"
    NOT_CHECKED = "not_checked"
    NEUTRAL = "scores"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a mark: its shape, its colour, whether it is filled, and the paler colour of its base line."""

    shape: str
    colour: str
    filled: bool
    tint: str


_ACCENT = "accent"
_INK = "ink"
_GREY = "#6B7280"
_LOOKS = {
    Marker.VERIFIED: ("o", _ACCENT, True),
    Marker.SUPPORTED: ("o", _ACCENT, True),
    Marker.MIXED: ("D", _INK, False),
    Marker.INSUFFICIENT: ("o", _GREY, False),
    Marker.REFUTED: ("X", WARN, True),
    Marker.UNVERIFIED: ("x", _GREY, False),
    Marker.NOT_CHECKED: ("s", _GREY, False),
    Marker.NEUTRAL: ("o", _INK, True),
    Marker.SUPPORTS: ("o", _ACCENT, True),
    Marker.CONTRADICTS: ("X", WARN, True),
    Marker.MENTIONS: ("s", _GREY, False),
}


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a report's charts.

    ``width_pt`` is the width of a figure in PDF points (1/72 inch, TeX's bp). ``decimal`` is the decimal separator.
    ``fonts`` are the font files to draw with, in order of preference: the document's sans face, then others
    for scripts it lacks. A font whose glyphs have no names of their own is passed over. DejaVu Sans, which
    comes with matplotlib, always stands last. ``accent`` and ``ink`` are the house's colours.

    Raises:
        ValueError: the width is too small to hold a chart, or the decimal separator is not one character.

    """

    width_pt: float = COLUMN_MM * MILLIMETRE
    decimal: str = "."
    fonts: tuple[Path, ...] = ()
    accent: str = "#0B5394"
    ink: str = INK

    def __post_init__(self) -> None:
        if not self.width_pt >= NARROWEST:
            raise ValueError(f"a chart needs a width of at least {NARROWEST:g} pt, not {self.width_pt:g}")
        if len(self.decimal) != 1:
            raise ValueError(f"the decimal separator is one character, not {self.decimal!r}")

    def look(self, mark: Marker) -> Look:
        """Return how a mark looks: what is verified has the accent."""
        shape, named, filled = _LOOKS[mark]
        colour = {_ACCENT: self.accent, _INK: self.ink}.get(named, named)
        return Look(shape, colour, filled, _tint(colour))


def _tint(colour: str) -> str:
    """Return a colour with as much white as a base line has."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * _STEM):02X}" for part in parts)
