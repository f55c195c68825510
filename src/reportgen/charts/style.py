"""What all charts share: the width, the faces, the colours and the type sizes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

INK = "#1A2433"
DIM = "#566170"
HAIRLINE = "#C9D0D9"
PANEL = "#F3F5F8"
WARN = "#A63D00"

SIZE = 7.6  # points: labels of a chart with room
SMALL = 7.0  # points: the floor; axis labels and dense columns
CAP_HEIGHT = 0.72  # of the type size, in TeX Gyre Heros and in DejaVu Sans

STYLE_SHEET = Path(__file__).with_name("charts.mplstyle")
"""The look of all that matplotlib draws of itself: axes, ticks, grids, legends."""

MILLIMETRE = 72 / 25.4
_STEM = 0.35  # of the colour of a mark, in its stem
NARROWEST = 300.0  # points: below it the legend has no room


class Mark(Enum):
    """What a point or a bar says, by the key of its wording.

    It is said by shape, by colour and by darkness, so that grey print keeps it.
    """

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    NEUTRAL = "scores"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a mark, of its stem (``tint``) and of a bar, which an ``edge`` outlines and hatches."""

    mark: str
    tint: str
    fill: str
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How a report draws its charts.

    ``width_pt`` is the text width in PDF points (1/72 inch, TeX's bp). ``decimal`` is the decimal separator.
    ``fonts`` are the font files to draw with, in order of preference: the document's sans face, then others
    for scripts it lacks. A font whose glyphs have no names of their own is passed over. DejaVu Sans, which
    comes with matplotlib, always stands last. ``accent`` and ``ink`` are the house's colours.

    Raises:
        ValueError: the width is too small to hold a chart, or the decimal separator is not one character.

    """

    width_pt: float = 150 * MILLIMETRE
    decimal: str = "."
    fonts: tuple[Path, ...] = ()
    accent: str = "#0B5394"
    ink: str = INK

    def __post_init__(self) -> None:
        if not self.width_pt >= NARROWEST:
            raise ValueError(f"a chart needs a width of at least {NARROWEST:g} pt, not {self.width_pt:g}")
        if len(self.decimal) != 1:
            raise ValueError(f"the decimal separator is one character, not {self.decimal!r}")

    def colours(self, mark: Mark) -> Colours:
        """Return the colours of a mark: what is verified has the accent."""
        if mark is Mark.VERIFIED:
            return Colours(self.accent, _tint(self.accent), self.accent)
        if mark is Mark.UNVERIFIED:
            return Colours("#6B7280", "#D3D7DD", PANEL, "#8A93A0")
        return Colours(self.ink, HAIRLINE, "#8A94A3")


def _tint(colour: str) -> str:
    """Return a colour with as much white as a stem has."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * _STEM):02X}" for part in parts)
