"""Draw a forest plot."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from reportgen.base.numbers import exact
from reportgen.charts.plots import AXIS
from reportgen.charts.style import SIZE, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reportgen.charts.forest import Forest, Line
    from reportgen.charts.sheet import Sheet

_TICK_GAP = 40.0  # points from one tick to the next, at least
_NARROW = 5.0  # times the lower end: below it a logarithmic axis has the ticks of a plain one
_HALF = 0.32  # of a row, from the middle of a diamond up to its tip


def draw_forest(sheet: Sheet, forest: Forest) -> None:
    """Draw each row: its label, its interval as a bar, its value as a square, or as a diamond where it is pooled."""
    limits = {"xlim": (forest.low, forest.high), "ylim": (len(forest.rows) - 0.5, -0.5)}
    scale = "log" if forest.is_log else "linear"
    axes = sheet.area(forest.left, AXIS, forest.right, AXIS + forest.body, xscale=scale, **limits)
    ticks = _ticks(forest, max(int((forest.right - forest.left) / _TICK_GAP), 2))
    axes.set_xticks(*_fitting(sheet, axes, ticks))
    axes.minorticks_off()
    if forest.no_effect is not None:
        axes.axvline(forest.no_effect, color=sheet.style.ink, linewidth=0.8, zorder=0.9)
    beside = sheet.beside(axes, SIZE)
    for place, line in enumerate(forest.rows):
        label = sheet.face.fit(line.label, SIZE, forest.labels - line.indent)
        head = line.value is None or line is forest.pooled
        look = {"color": sheet.style.ink} if head else {}
        sheet.word(line.indent, place, label, SIZE, transform=beside, **look)
        if line.value is not None:
            drawn = _diamond if line is forest.pooled else _effect
            drawn(sheet, axes, place, line, line.value)
    sheet.centred((forest.left + forest.right) / 2, 4.5, forest.title)


def _effect(sheet: Sheet, axes: Axes, place: int, line: Line, value: float) -> None:
    if line.ends:
        axes.hlines(place, *line.ends, sheet.style.ink, linewidths=0.9, zorder=2)
    square: dict[str, Any] = {
        "marker": "s",
        "markersize": line.size,
        "markeredgewidth": 0,
        "color": sheet.style.accent,
    }
    axes.plot([value], [place], linestyle="none", clip_on=False, zorder=3, **square)


def _diamond(sheet: Sheet, axes: Axes, place: int, line: Line, value: float) -> None:
    """Draw the pooled effect: from end to end of its interval, or as a mark where it has none."""
    if line.ends:
        lower, upper = line.ends
        at = [lower, value, upper, value]
        axes.fill(
            at, [place, place - _HALF, place, place + _HALF], color=sheet.style.ink, linewidth=0, zorder=3
        )
    else:
        look: dict[str, Any] = {
            "marker": "D",
            "markersize": 6,
            "markeredgewidth": 0,
            "color": sheet.style.ink,
        }
        axes.plot([value], [place], linestyle="none", clip_on=False, zorder=3, **look)


def _ticks(forest: Forest, most: int) -> list[float]:
    """Choose round ticks: of a wide logarithmic axis 1, 2 and 5 of each power of ten, or the powers alone."""
    if not forest.is_log or forest.high / forest.low < _NARROW:
        found = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(forest.low, forest.high)
        return [tick for tick in found if forest.low <= tick <= forest.high]
    powers = range(floor(log10(forest.low)), ceil(log10(forest.high)) + 1)
    each = [float(f"{lead}e{power}") for power in powers for lead in (1, 2, 5)]
    inside = [tick for tick in each if forest.low <= tick <= forest.high]
    if len(inside) <= most:
        return inside
    tens = [tick for tick in inside if f"{tick:e}".startswith("1.0")]
    return tens[:: ceil(len(tens) / most)]


def _fitting(sheet: Sheet, axes: Axes, ticks: list[float]) -> tuple[list[float], list[str]]:
    """Keep the ticks whose numbers stand on the sheet and touch no other."""
    kept, names, end = [], [], 0.0
    for tick in ticks:
        name = _written(tick, sheet.style.decimal)
        half = sheet.face.width(name, SMALL) / 2
        x = float(axes.transData.transform((tick, 0))[0])
        if x - half >= end and x + half <= sheet.width:
            kept.append(tick)
            names.append(name)
            end = x + half + 4
    return kept, names


def _written(tick: float, decimal: str) -> str:
    number = exact(float(f"{tick:.10g}")).normalize()
    return f"{number:f}".replace("-", "−").replace(".", decimal)
