"""Axes on a canvas of SVG: what charts call of matplotlib's, in the order in which matplotlib draws it."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot, log10
from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_hex
from matplotlib.ticker import ScalarFormatter

from reportgen.charts.style import HAIRLINE, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.patches import Rectangle

    from reportgen.charts.svg_sheet import SvgSheet

Place = tuple[float, float]
Numbers = float | Iterable[float]

_GRID: dict[str, Any] = {"color": "#E9ECF0", "linewidth": 0.5, "zorder": 0.5}
_SPINE: dict[str, Any] = {"color": HAIRLINE, "linewidth": 0.7, "zorder": 2.5}
_TICK, _PAD_BELOW, _PAD_LEFT = 2.5, 5.0, 8.5  # points: a tick, and from an axis to its words
_TOP, _MIDDLE = (
    0.76,
    0.36,
)  # of the type size: from the top of a word, and from its middle, down to its baseline
_HEAD_LENGTH, _HEAD_WIDTH = 0.4, 0.2  # of the size of an arrow


class SvgAxes:
    """Axes in a part of a sheet: left, bottom, right and top in points, and the values at its ends."""

    def __init__(
        self,
        sheet: SvgSheet,
        part: tuple[float, float, float, float],
        *,
        xlim: Place,
        ylim: Place,
        xscale: str = "linear",
    ) -> None:
        self._sheet, self._is_log = sheet, xscale == "log"
        self._left, self._bottom, self._right, self._top = part
        self._x, self._y = xlim, ylim
        self._ticks: dict[str, Sequence[tuple[float, str]]] = {"x": (), "y": ()}
        self._grid, self._has_spine = {"x"}, True
        self.spines = {"bottom": self}
        self.xaxis = self.transData = self

    def along(self, x: float) -> float:
        """Return how far from the left of the sheet a value stands."""
        low, high = self._x
        share = log10(x / low) / log10(high / low) if self._is_log else (x - low) / (high - low)
        return self._left + (self._right - self._left) * share

    def up(self, y: float) -> float:
        """Return how far above the foot of the sheet a value stands."""
        below, above = self._y
        return self._bottom + (self._top - self._bottom) * (y - below) / (above - below)

    def place(self, x: float, y: float) -> Place:
        """Return where two values stand on the sheet."""
        return self.along(x), self.up(y)

    def transform(self, values: Place) -> Place:
        """Return where two values stand on the sheet, as ``transData`` does."""
        return self.place(*values)

    def get_major_formatter(self) -> ScalarFormatter:
        """Return what writes the numbers at the ticks."""
        formatter = ScalarFormatter(useOffset=False)
        formatter.create_dummy_axis()
        axis: Any = formatter.axis
        axis.set_view_interval(*self._x)
        return formatter

    def set_xticks(self, ticks: Sequence[float], labels: Sequence[str] = ()) -> None:
        """Name values along the scale."""
        self._ticks["x"] = tuple(zip(ticks, labels, strict=True))

    def set_yticks(self, ticks: Sequence[float], labels: Sequence[str] = ()) -> None:
        """Name values upwards."""
        self._ticks["y"] = tuple(zip(ticks, labels, strict=True))

    def minorticks_off(self) -> None:
        """Leave out what is never drawn here."""

    def tick_params(self, **_: Any) -> None:
        """Leave the words of ticks as they are."""

    def grid(self, *, visible: bool = True, axis: str = "x") -> None:
        """Draw lines across the axes at the ticks, or none."""
        self._grid = self._grid | {axis} if visible else set()

    def set_visible(self, visible: bool) -> None:
        """Draw the line below the axes, or none."""
        self._has_spine = visible

    def set_axis_off(self) -> None:
        """Draw neither lines nor ticks."""
        self._has_spine, self._grid = False, set()

    def axvline(self, x: float, **look: Any) -> None:
        """Draw a line across the axes at a value."""
        at = self.along(x)
        self._sheet.line([(at, self._bottom), (at, self._top)], look)

    def axhline(self, y: float, **look: Any) -> None:
        """Draw a line along the axes at a height."""
        at = self.up(y)
        self._sheet.line([(self._left, at), (self._right, at)], look)

    def axvspan(self, start: float, end: float, **look: Any) -> None:
        """Fill the axes from one value to another."""
        left, right = self.along(start), self.along(end)
        corners = [(left, self._bottom), (right, self._bottom), (right, self._top), (left, self._top)]
        self._sheet.polygon(corners, look)

    def hlines(
        self, y: Numbers, start: float, end: float, color: str, *, linewidths: float, zorder: float
    ) -> None:
        """Draw lines along the axes."""
        look = {"color": color, "linewidth": linewidths, "zorder": zorder}
        for each in _each(y):
            self._sheet.line([self.place(start, each), self.place(end, each)], look)

    def vlines(
        self, x: Numbers, start: float, end: float, color: str, *, linewidths: float, zorder: float
    ) -> None:
        """Draw lines upwards."""
        look = {"color": color, "linewidth": linewidths, "zorder": zorder}
        for each in _each(x):
            self._sheet.line([self.place(each, start), self.place(each, end)], look)

    def plot(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """Draw a mark at each place, or a line through all."""
        places = [self.place(x, y) for x, y in zip(xs, ys, strict=True)]
        if "marker" not in look:
            self._sheet.line(places, look)
        for place in places if "marker" in look else ():
            self._sheet.mark(place, look)

    def bar(
        self,
        xs: Sequence[float],
        heights: Sequence[float],
        width: float,
        bottom: float = 0,
        *,
        align: str = "center",
        **look: Any,
    ) -> None:
        """Draw a bar at each value."""
        for x, height in zip(xs, heights, strict=True):
            left = x if align == "edge" else x - width / 2
            self._box(left, bottom, left + width, bottom + height, look)

    def fill(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """Fill the shape whose corners are given."""
        self._sheet.polygon([self.place(x, y) for x, y in zip(xs, ys, strict=True)], look)

    def add_patch(self, patch: Rectangle) -> None:
        """Draw a box with an edge."""
        box = patch.get_bbox()
        look = {"color": to_hex(patch.get_facecolor())}
        edge = {"edge": to_hex(patch.get_edgecolor()), "width": patch.get_linewidth()}
        self._box(box.x0, box.y0, box.x1, box.y1, look, **edge)

    def annotate(self, _text: str, *, xy: Place, xytext: Place, arrowprops: dict[str, Any]) -> None:
        """Draw an arrow from one place to another."""
        (x, y), (from_x, from_y) = self.place(*xy), self.place(*xytext)
        reach = hypot(x - from_x, y - from_y)
        along = (x - from_x) / reach, (y - from_y) / reach
        length, half = (arrowprops["mutation_scale"] * part for part in (_HEAD_LENGTH, _HEAD_WIDTH))
        foot = x - along[0] * length, y - along[1] * length
        sides = [(foot[0] + way * along[1] * half, foot[1] - way * along[0] * half) for way in (1, -1)]
        self._sheet.line([(from_x, from_y), foot], arrowprops)
        self._sheet.polygon([(x, y), *sides], {"color": arrowprops["color"], "zorder": 2.0})

    def draw_scales(self) -> None:
        """Draw the line below the axes, and at each tick its number, a short stroke below and a line of the grid."""
        if self._has_spine:
            self._sheet.line([(self._left, self._bottom), (self._right, self._bottom)], _SPINE)
        for value, name in self._ticks["x"]:
            x = self.along(value)
            if "x" in self._grid:
                self._sheet.line([(x, self._bottom), (x, self._top)], _GRID)
            self._sheet.line([(x, self._bottom), (x, self._bottom - _TICK)], _SPINE)
            self._sheet.word(x, self._bottom - _PAD_BELOW - _TOP * SMALL, name, horizontalalignment="center")
        for value, name in self._ticks["y"]:
            y = self.up(value)
            if "y" in self._grid:
                self._sheet.line([(self._left, y), (self._right, y)], _GRID)
            self._sheet.word(self._left - _PAD_LEFT, y - _MIDDLE * SMALL, name, horizontalalignment="right")

    def _box(
        self, left: float, bottom: float, right: float, top: float, look: dict[str, Any], **edge: Any
    ) -> None:
        corners = ((left, bottom), (right, bottom), (right, top), (left, top))
        self._sheet.polygon([self.place(x, y) for x, y in corners], look, **edge)


def _each(values: Numbers) -> Iterable[float]:
    return values if isinstance(values, Iterable) else (values,)
