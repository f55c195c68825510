"""A chart as data: what it shows and how large it is, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.numbers import exact
from reportgen.charts.style import WARN, Mark, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

LINE = 11.0  # points from one line of small text to the next
AXIS = 26.0  # points below the data: ticks and the title of the axis
LEGEND = 15.0  # points of the line at the top of the sheet
BARS = 150.0  # points of the tallest upright bar
HEADROOM = 16.0  # points above it, for its total
STRIP = 11.0  # points of one row of ticks below the bars
HIGHEST = 10  # of all scores
_NEAR_ZERO = 0.001  # of the limit: an axis that ended below it would need too many decimals


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the data at one value of the scale, named in the legend."""

    value: float
    label: str
    colour: str = WARN


@dataclass(frozen=True, slots=True)
class TierBand:
    """The scores that belong to a quality tier: from ``lower`` up to, without, ``upper`` (10 included)."""

    label: str
    lower: float
    upper: float

    def holds(self, score: float) -> bool:
        """Tell whether the unrounded score lies in the band."""
        value, upper = exact(score), exact(self.upper)
        return exact(self.lower) <= value and (value < upper or value == upper == HIGHEST)


@dataclass(frozen=True, slots=True)
class Bracket:
    """A labelled stretch from the lowest to the highest value, drawn above the data."""

    label: str
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What all plots have: a titled scale from 0 to ``top``, a legend, and what is marked on the scale."""

    style: Style
    title: str
    top: float
    keys: tuple[tuple[Mark, str], ...] = ()
    reference: Reference | None = None
    bands: tuple[TierBand, ...] = ()
    bracket: Bracket | None = None

    @property
    def body(self) -> float:
        """Return the height of the data in points."""
        raise NotImplementedError

    @property
    def height(self) -> float:
        """Return the height of the whole in points: legend, labels of what is marked, data and axis."""
        lines = len(self.bands) + 2 * (self.bracket is not None)
        legend = LEGEND if self.keys or self.reference else 0.0
        return legend + lines * LINE + (3.0 if lines else 0.0) + self.body + AXIS


@dataclass(frozen=True, slots=True)
class Row:
    """One value, its label, the figures printed beside it, and its mark."""

    label: str
    figures: tuple[str, ...]
    value: float
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class DotPlot(Plot):
    """A row for each value, down each column in turn: its label, its figures and a stem from 0 to its mark."""

    rows: tuple[Row, ...]
    columns: int = 1

    @property
    def pitch(self) -> float:
        """Return the points from one row to the next."""
        return 13.0 if self.columns == 1 else 8.6

    @property
    def length(self) -> int:
        """Return the number of rows in a column."""
        return -(-len(self.rows) // self.columns)

    @property
    def body(self) -> float:
        """Return the height of the rows in points."""
        return self.pitch * self.length + 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many of each mark, in the order they are stacked, and what is printed at its end."""

    label: str
    parts: tuple[tuple[Mark, int], ...]
    figures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPlot(Plot):
    """Level bars from top to bottom over an axis of counts."""

    bars: tuple[Bar, ...]
    pitch: float = 15.0

    @property
    def body(self) -> float:
        """Return the height of the bars in points."""
        return self.pitch * len(self.bars) + 2


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one status."""

    mark: Mark
    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Equal steps of a scale that runs from 0 to ``limit``."""

    width: Decimal
    limit: float

    def count(self, values: Iterable[float]) -> Counter[int]:
        """Count the values in each step; one on an edge belongs above it, the limit to the last step."""
        last = int(exact(self.limit) / self.width) - 1
        return Counter(min(int(exact(value) / self.width), last) for value in values)

    def end(self, values: Iterable[float]) -> float:
        """Return the upper edge of the last step that holds a value."""
        return float(self.width * (max(self.count(values)) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram(Plot):
    """Stacked bars over equal steps of the scale, the total over each, and a tick below for each single value."""

    steps: Steps
    count_title: str
    series: tuple[Series, ...]

    @property
    def body(self) -> float:
        """Return the height of the bars and of the ticks below them in points."""
        return HEADROOM + BARS + self.below

    @property
    def below(self) -> float:
        """Return the height in points of the ticks below the bars."""
        return STRIP * len(self.series) + 6


def reach(values: Sequence[float], limit: float) -> float:
    """Return the value an axis from 0 has to reach: the largest, or the limit where that is too near 0."""
    largest = min(limit, max(values))
    return largest if largest >= limit * _NEAR_ZERO else limit
