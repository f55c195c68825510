"""The distribution: stacked bars over equal steps of the scale, and a tick below for each single value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.base.numbers import exact
from reportgen.charts.frame import (
    AXIS_HEIGHT,
    MARGIN,
    Guides,
    Key,
    Window,
    axis,
    axis_title,
    guides_before,
    guides_behind,
    guides_height,
    legend,
    legend_height,
    middle,
)
from reportgen.charts.scale import ticks
from reportgen.charts.shapes import Box, Drawing, Line, Shape, Word
from reportgen.charts.style import DIM, GRID, HAIRLINE, SMALL, Mark, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.charts.typeface import Typeface

_BARS = 150.0  # points, the height of the tallest bar
_STRIP = 11.0  # points, the height of one row of ticks
_FINEST = Decimal("0.001")  # of the scale: values closer than this share a tick


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one status."""

    mark: Mark
    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Equal steps of a scale that runs from 0 to ``limit``, and the titles of the counts and of the scale."""

    width: Decimal
    limit: float
    count_title: str
    title: str

    def count(self, values: Iterable[float]) -> Counter[int]:
        """Count the values in each step; one on an edge belongs above it, the limit to the last step."""
        last = int(exact(self.limit) / self.width) - 1
        return Counter(min(int(exact(value) / self.width), last) for value in values)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where the bars stand: their window, the line they stand on, their step and the tallest count."""

    window: Window
    y: float
    step: Decimal
    tallest: int

    def height(self, count: int) -> float:
        return _BARS * count / self.tallest

    def span(self, index: int) -> tuple[float, float]:
        return self.window.x(float(self.step * index)), self.window.x(float(self.step * (index + 1)))


def distribution(
    series: Sequence[Series],
    steps: Steps,
    style: Style,
    face: Typeface,
    *,
    keys: Sequence[Key] = (),
    guides: Guides | None = None,
) -> Drawing:
    """Draw the series stacked, with the total over each bar; the scale ends near the data."""
    guides = guides or Guides()
    binned = [steps.count(one.values) for one in series]
    totals = sum(binned, Counter())
    tallest = max(totals.values())
    names = [steps.count_title, str(tallest), *(one.name for one in series)]
    left = max(face.width(name, SMALL) for name in names) + 8
    window = Window(left, style.width_pt - MARGIN, _end(steps, max(totals), guides))
    upper = legend_height(keys, guides) + guides_height(guides, window, face)
    ground = _Ground(window, upper + 16 + _BARS, steps.width, tallest)
    lower = ground.y + 5 + _STRIP * len(series) + 1
    shapes = [*legend(keys, guides, face), *guides_behind(guides, window, upper, lower, face)]
    shapes += [*_counts_axis(ground), Word(0, upper + 6, steps.count_title, SMALL, DIM)]
    shapes += [*_bars(series, binned, ground), *_totals(totals, ground, face)]
    shapes += guides_before(guides, window, upper, lower)
    for index, one in enumerate(series):
        shapes += _strip(one, window, ground.y + 5 + _STRIP * index, steps.limit)
    shapes += [*axis(window, lower, style), axis_title(window.left, window.right, lower, steps.title)]
    return Drawing(style.width_pt, lower + AXIS_HEIGHT, tuple(shapes), face.fonts)


def _end(steps: Steps, last: int, guides: Guides) -> float:
    """Give the value the scale ends at: that of the last bar or of the reference; bands show all of it."""
    if guides.bands:
        return steps.limit
    reference = guides.reference.value if guides.reference else 0.0
    return max(float(steps.width * (last + 1)), reference)


def _counts_axis(ground: _Ground) -> list[Shape]:
    window = ground.window
    shapes: list[Shape] = []
    for tick in ticks(ground.tallest, min(4, ground.tallest)):
        y = ground.y - ground.height(int(tick))
        shapes.append(Line(window.left, y, window.right, y, GRID if tick else HAIRLINE, 0.5))
        shapes.append(Word(window.left - 5, middle(y, SMALL), str(int(tick)), SMALL, DIM, "right"))
    return shapes


def _bars(series: Sequence[Series], binned: Sequence[Counter[int]], ground: _Ground) -> list[Shape]:
    shapes: list[Shape] = []
    base: Counter[int] = Counter()
    for one, bins in zip(series, binned, strict=True):
        for index, count in sorted(bins.items()):
            (x0, x1), height = ground.span(index), ground.height(count)
            y = ground.y - ground.height(base[index]) - height
            shapes.append(Box(x0 + 1, y, x1 - x0 - 2, height, one.mark.fill, one.mark.edge))
        base += bins
    return shapes


def _totals(totals: Counter[int], ground: _Ground, face: Typeface) -> list[Shape]:
    shapes: list[Shape] = []
    for index, count in sorted(totals.items()):
        (x0, x1), text = ground.span(index), str(count)
        if face.width(text, SMALL) < x1 - x0:
            shapes.append(
                Word((x0 + x1) / 2, ground.y - ground.height(count) - 3, text, SMALL, DIM, "center")
            )
    return shapes


def _strip(series: Series, window: Window, y: float, limit: float) -> list[Shape]:
    grain = exact(limit) * _FINEST
    places = sorted({int(exact(value) / grain) for value in series.values})
    at = [min(window.x(float(grain * place)), window.right) for place in places]
    name = Word(0, middle(y + _STRIP / 2, SMALL), series.name, SMALL, DIM)
    return [name, *(Line(x, y + 1.5, x, y + _STRIP - 1.5, series.mark.colour, 0.4) for x in at)]
