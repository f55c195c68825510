"""What all charts share: the width, the faces, the colours and the type sizes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

INK = "#1A2433"
DIM = "#566170"
HAIRLINE = "#C9D0D9"
GRID = "#E9ECF0"
PANEL = "#F3F5F8"
WARN = "#A63D00"

SIZE = 7.6  # points: labels of a chart with room
SMALL = 7.0  # points: the floor; axis labels and dense columns
CAP_HEIGHT = 0.72  # of the type size, in TeX Gyre Heros and in DejaVu Sans

MILLIMETRE = 72 / 25.4
NARROWEST = 300.0  # points: below it the legend has no room


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


class Mark(Enum):
    """What a point or a bar says: by shape, by colour and by darkness, so that grey print keeps it.

    ``colour`` is that of the mark, ``tint`` that of its stem, ``fill`` that of a bar; ``edge`` outlines and
    hatches a bar that is not solid.
    """

    VERIFIED = ("circle", "#0B5394", "#A9C3DB", "#0B5394", None)
    UNVERIFIED = ("cross", "#6B7280", "#D3D7DD", "#F3F5F8", "#8A93A0")
    NEUTRAL = ("circle", INK, "#C9D0D9", "#8A94A3", None)

    def __init__(
        self, shape: Literal["circle", "cross"], colour: str, tint: str, fill: str, edge: str | None
    ) -> None:
        self.shape, self.colour, self.tint, self.fill, self.edge = shape, colour, tint, fill, edge
