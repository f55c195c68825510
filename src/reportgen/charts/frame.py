"""What stands around the data: the legend, the axis, and what is marked on its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.charts.scale import tick_text, ticks
from reportgen.charts.shapes import Box, Line, Point, Shape, Word
from reportgen.charts.style import CAP_HEIGHT, DIM, GRID, HAIRLINE, INK, PANEL, SIZE, SMALL, WARN, Mark, Style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from reportgen.charts.typeface import Typeface

LINE = 11.0  # points from one line of small text to the next
AXIS_HEIGHT = 26.0  # points below the data: ticks and the axis title
LEGEND_HEIGHT = 15.0  # points of the line at the top of the sheet
_TICK_GAP = 34.0  # points from one tick of an axis to the next, at least
MARGIN = 12.5  # points right of an axis: half of its last tick's text
_MOST_TICKS = 6  # steps of an axis
_BAND_GAP = 4.0  # points between a band's label and the line at its end


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend; bars show their fill, points their shape."""

    mark: Mark
    text: str
    as_bar: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line across the data at one value of the scale, with its label above it or in the legend."""

    value: float
    label: str
    colour: str = WARN
    in_legend: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A labelled part of a scale that is shown as a whole, drawn behind the data."""

    label: str
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Bracket:
    """A labelled stretch from the lowest to the highest value, drawn above the data."""

    lower: float
    upper: float
    label: str


@dataclass(frozen=True, slots=True)
class Guides:
    """What is marked on a scale; every label stands above the data, clear of it and of the axis."""

    bands: tuple[Band, ...] = ()
    bracket: Bracket | None = None
    reference: ReferenceLine | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the sheet, in points, that shows the values from 0 to ``top``."""

    left: float
    right: float
    top: float

    def x(self, value: float) -> float:
        """Give the place of a value on the sheet."""
        return self.left + (self.right - self.left) * value / self.top

    def ticks(self) -> list[Decimal]:
        """Divide the values into round steps, as many as the labels have room for."""
        room = int((self.right - self.left) / _TICK_GAP)
        return ticks(self.top, min(max(room, 2), _MOST_TICKS))


def middle(y: float, size: float) -> float:
    """Give the baseline that centres capitals and digits of a type size on ``y``."""
    return y + size * CAP_HEIGHT / 2


def legend(keys: Sequence[Key], guides: Guides, face: Typeface) -> list[Shape]:
    """Lay the legend on one line at the top of the sheet, with the reference's line if it belongs there."""
    shapes: list[Shape] = []
    left, y = 0.3, LEGEND_HEIGHT / 3
    for key in keys:
        if key.as_bar:
            shapes.append(Box(left, y - 3, 9, 6, key.mark.fill, key.mark.edge))
            left += 13
        else:
            shapes.append(Point(left + 2.5, y, key.mark.shape, key.mark.colour, 5))
            left += 9
        shapes.append(Word(left, middle(y, SIZE), key.text, SIZE, INK))
        left += face.width(key.text, SIZE) + 16
    if (line := guides.reference) and line.in_legend:
        shapes.append(Line(left, y, left + 13, y, line.colour, 0.8, dashed=True))
        shapes.append(Word(left + 17, middle(y, SIZE), line.label, SIZE, line.colour))
    return shapes


def legend_height(keys: Sequence[Key], guides: Guides) -> float:
    """Give the height in points of the legend's line, 0 without a legend."""
    line = guides.reference is not None and guides.reference.in_legend
    return LEGEND_HEIGHT if keys or line else 0.0


def axis(window: Window, bottom: float, style: Style) -> list[Shape]:
    """Draw the axis at ``bottom``, from 0 to the end of the window, with its ticks."""
    marks = window.ticks()
    shapes: list[Shape] = [Line(window.left, bottom, window.right, bottom, HAIRLINE, 0.7)]
    for tick in marks:
        x = window.x(float(tick))
        shapes.append(Line(x, bottom, x, bottom + 2.5, HAIRLINE, 0.7))
        text = tick_text(tick, marks[1] if len(marks) > 1 else tick, style.decimal)
        shapes.append(Word(x, bottom + 10.5, text, SMALL, DIM, "center"))
    return shapes


def axis_title(left: float, right: float, bottom: float, title: str) -> Word:
    """Write what the axis shows, under the ticks of the axis at ``bottom``."""
    return Word((left + right) / 2, bottom + 21.5, title, SMALL, DIM, "center")


def grid(window: Window, top: float, bottom: float) -> list[Shape]:
    """Draw a faint upright line at every tick of the axis."""
    places = [window.x(float(tick)) for tick in window.ticks()]
    return [Line(x, top, x, bottom, GRID) for x in places]


def guides_height(guides: Guides, window: Window, face: Typeface) -> float:
    """Give the height in points that the labels of the guides take above the data."""
    rows = 1 + max((row for *_, row in _band_labels(guides.bands, window, face)), default=-1)
    rows += (guides.bracket is not None) + _labelled(guides.reference)
    return rows * LINE + (3.0 if rows else 0.0)


def guides_behind(guides: Guides, window: Window, top: float, bottom: float, face: Typeface) -> list[Shape]:
    """Draw the bands and every label above ``top``; what crosses the data is drawn over it later."""
    shapes: list[Shape] = []
    for index, band in enumerate(guides.bands):
        left, right = window.x(band.lower), window.x(band.upper)
        if index % 2 == 0:
            shapes.append(Box(left, top, right - left, bottom - top, PANEL))
    y = top - 4.5
    if (reference := guides.reference) and _labelled(reference):
        half = face.width(reference.label, SMALL) / 2
        x = max(min(window.x(reference.value), window.right - half), window.left + half)
        shapes.append(Word(x, y, reference.label, SMALL, reference.colour, "center"))
        y -= LINE
    if guides.bracket:
        shapes += _bracket(guides.bracket, window, y, face)
        y -= LINE
    for text, x, row in _band_labels(guides.bands, window, face):
        baseline = y - LINE * row
        shapes.append(Line(x, baseline - SMALL * CAP_HEIGHT, x, bottom, HAIRLINE))
        shapes.append(Word(x - _BAND_GAP, baseline, text, SMALL, DIM, "right"))
    return shapes


def guides_before(guides: Guides, window: Window, top: float, bottom: float) -> list[Shape]:
    """Draw the line of the reference over the data."""
    if guides.reference is None:
        return []
    x = window.x(guides.reference.value)
    return [Line(x, top - 2, x, bottom, guides.reference.colour, 0.8, dashed=True)]


def _labelled(reference: ReferenceLine | None) -> bool:
    return reference is not None and not reference.in_legend


def _bracket(bracket: Bracket, window: Window, y: float, face: Typeface) -> list[Shape]:
    left, right = window.x(bracket.lower), window.x(bracket.upper)
    line, width = y - SMALL * CAP_HEIGHT / 2, face.width(bracket.label, SMALL)
    ends: list[Shape] = [Line(x, line - 3, x, line + 3, INK, 0.7) for x in (left, right)]
    if right - left > width + 24:
        centre = (left + right) / 2
        half = width / 2 + 6
        strokes = [(left, centre - half), (centre + half, right)]
        label = Word(centre, y, bracket.label, SMALL, INK, "center")
    elif left - 6 - width >= 0:
        strokes, label = [(left, right)], Word(left - 6, y, bracket.label, SMALL, INK, "right")
    else:
        strokes, label = [(left, right)], Word(right + 6, y, bracket.label, SMALL, INK)
    return [*ends, *(Line(x0, line, x1, line, INK, 0.7) for x0, x1 in strokes), label]


def _band_labels(bands: Sequence[Band], window: Window, face: Typeface) -> list[tuple[str, float, int]]:
    """Place each label to the left of its band's upper end, in the lowest row where nothing is in its way.

    A label is its text, the place of the upper end and the row, from 0 upwards. From every upper end a line
    falls to the data, so a label must start right of all ends that lie in its row or in one above.
    """
    placed: list[tuple[str, float, int]] = []
    for band in bands:
        end = window.x(band.upper)
        text = face.fit(band.label, SMALL, end - _BAND_GAP)
        start = end - _BAND_GAP - face.width(text, SMALL)
        row = 1 + max((row for _, x, row in placed if x + _BAND_GAP > start), default=-1)
        placed.append((text, end, row))
    return placed
