"""A chart on a scale as data: what it shows, where it stands and how large it is, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.base.numbers import exact
from reportgen.charts.style import SIZE, SMALL, WARN, Marker, Style
from reportgen.charts.typeface import typeface

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from reportgen.charts.typeface import Typeface

LINE = 11.0  # points from one line of small text to the next
AXIS = 26.0  # points below the data: ticks and the title of the axis
LEGEND = 15.0  # points of the line at the top of the sheet
HIGHEST = 10  # of all scores
MARGIN = 12.5  # points right of an axis: half of its last tick's text
LABELS = 0.45  # of the width, the most that labels take
GAP = 8.0  # points between labels, figures and data
DOT = 5.0  # points, the width of a mark
_PITCH = 5.6  # points from one mark to the next above it
_MOST_LEVELS = 8  # of marks above one another
_TALLEST = 40.0  # points of the tallest bar of a strip
_AROUND = 7.0  # points above and below what is in a strip


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line across the data at one value of the scale, named in the legend."""

    value: float
    label: str
    colour: str = WARN


@dataclass(frozen=True, slots=True)
class NamedRange:
    """A named stretch of the scale: from ``lower`` up to, without, ``upper`` (10 included)."""

    label: str
    lower: float
    upper: float

    def holds(self, score: float) -> bool:
        """Tell whether the unrounded score lies in the band."""
        value, upper = exact(score), exact(self.upper)
        return exact(self.lower) <= value and (value < upper or value == upper == HIGHEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The common part of all drawings: a style, which holds the width, and a height."""

    style: Style

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        raise NotImplementedError

    @property
    def face(self) -> Typeface:
        """Return the fonts that the words are measured with."""
        return typeface(self.style.fonts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot(Drawing):
    """A titled scale from ``start`` to ``top``, a legend, and what is marked on the scale."""

    title: str
    top: float
    start: float = 0.0
    reference: ReferenceLine | None = None
    bands: tuple[NamedRange, ...] = ()

    @property
    def left(self) -> float:
        """Return the place of the start of the scale in points from the left."""
        raise NotImplementedError

    @property
    def right(self) -> float:
        """Return the place of the top of the scale in points from the left."""
        return self.style.width_pt - MARGIN

    @property
    def body(self) -> float:
        """Return the height of the data in points."""
        raise NotImplementedError

    @property
    def height(self) -> float:
        """Return the height of the whole in points: legend, labels of what is marked, data and axis."""
        lines = max(self.band_lines, default=-1) + 1
        legend = LEGEND if self.reference else 0.0
        return legend + lines * LINE + (3.0 if lines else 0.0) + self.body + AXIS

    def place(self, value: float) -> float:
        """Return the place of a value in points from the left."""
        return self.left + (self.right - self.left) * (value - self.start) / (self.top - self.start)

    @property
    def band_lines(self) -> tuple[int, ...]:
        """Return the line, counted upwards, on which each band is named, left of its upper end.

        A name that does not fit into its band stands above the ends of the bands that it reaches over.
        """
        lines: list[int] = []
        for band in self.bands:
            start = self.place(band.upper) - GAP - self.face.width(band.label, SMALL)
            below = [
                line
                for other, line in zip(self.bands, lines, strict=False)
                if start < self.place(other.upper)
            ]
            lines.append(max(below, default=-1) + 1)
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Steps:
    """Equal steps of a scale that runs from 0 to ``limit``."""

    width: Decimal
    limit: float

    def count(self, values: Iterable[float]) -> Counter[int]:
        """Count the values in each step; one on an edge belongs above it, the limit to the last step."""
        last = int(exact(self.limit) / self.width) - 1
        return Counter(min(int(exact(value) / self.width), last) for value in values)


@dataclass(frozen=True, slots=True)
class Strip:
    """The values of one group: its name, '' where it is the only one, and the mark of each value."""

    label: str
    mark: Marker
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips(Plot):
    """The distribution of each group's values: a mark each, equals above one another, or bars of steps."""

    steps: Steps
    strips: tuple[Strip, ...]

    @property
    def left(self) -> float:
        """Return the place of 0 in points from the left."""
        widest = max(self.face.width(strip.label, SIZE) for strip in self.strips)
        return min(self.style.width_pt * LABELS, widest) + GAP if widest else MARGIN

    @property
    def levels(self) -> tuple[tuple[int, ...], ...] | None:
        """Return the level of each value in each strip, from 0 upwards; None where there are too many."""
        return _levels(self)

    @property
    def bins(self) -> tuple[Counter[int], ...]:
        """Count the values of each strip in each step."""
        return _bins(self)

    @property
    def heights(self) -> tuple[float, ...]:
        """Return the height of each strip in points."""
        if (levels := self.levels) is None:
            tallest = max(max(bins.values()) for bins in self.bins)
            return tuple(LINE + _AROUND + _TALLEST * max(bins.values()) / tallest for bins in self.bins)
        return tuple(2 * _AROUND + _PITCH * max(each) for each in levels)

    @property
    def floors(self) -> tuple[float, ...]:
        """Return where the lowest marks, or the bars, of each strip stand: points above the axis."""
        heights = self.heights
        around = _AROUND if self.levels is not None else _AROUND / 2
        return tuple(sum(heights[place + 1 :]) + around for place in range(len(heights)))

    @property
    def body(self) -> float:
        """Return the height of the strips in points."""
        return sum(self.heights)

    def bar(self, count: int) -> float:
        """Return the height in points of a bar that stands for so many values."""
        return _TALLEST * count / max(max(bins.values()) for bins in self.bins)

    def rise(self, level: int) -> float:
        """Return the points from the lowest marks up to those of a level."""
        return _PITCH * level


# Sizes and places ask for these again and again while one chart is planned and drawn.
@lru_cache(maxsize=8)
def _levels(plot: Strips) -> tuple[tuple[int, ...], ...] | None:
    levels = []
    for strip in plot.strips:
        found = stacked(map(plot.place, strip.values), DOT, _MOST_LEVELS)
        if found is None:
            return None
        levels.append(found)
    return tuple(levels)


@lru_cache(maxsize=8)
def _bins(plot: Strips) -> tuple[Counter[int], ...]:
    return tuple(plot.steps.count(strip.values) for strip in plot.strips)


def stacked(places: Iterable[float], width: float, most: int) -> tuple[int, ...] | None:
    """Put each place on the lowest level on which it touches no other; None where ``most`` levels are too few."""
    given = list(places)
    ends: list[float] = []
    levels = [0] * len(given)
    for index in sorted(range(len(given)), key=given.__getitem__):
        level = next((level for level, end in enumerate(ends) if given[index] - end >= width), len(ends))
        if level == most:
            return None
        ends[level : level + 1] = [given[index]]
        levels[index] = level
    return tuple(levels)
