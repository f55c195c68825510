"""Draw how many sources are from which year."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from reportgen.charts.plots import AXIS, MARGIN
from reportgen.charts.style import SMALL
from reportgen.charts.years import TALLEST

if TYPE_CHECKING:
    from reportgen.charts.sheet import Sheet
    from reportgen.charts.years import Years

_TICK_GAP = 20.0  # points from one named year to the next, at least


def draw_years(sheet: Sheet, years: Years) -> None:
    """Draw a bar for each step, its number above it, and name as many years as there is room for."""
    bars, tallest = len(years.counts), max(years.counts)
    limits = {"xlim": (-0.5, bars - 0.5), "ylim": (0, tallest)}
    axes = sheet.area(MARGIN, AXIS, years.right, AXIS + TALLEST, **limits)
    axes.grid(visible=False)
    starts = [years.first + years.step * place for place in range(bars)]
    every = years.step * ceil(_TICK_GAP / years.pitch)
    named = [place for place, start in enumerate(starts) if start % every == 0 or every == years.step]
    axes.set_xticks(named, [str(starts[place]) for place in named])
    filled = {place: count for place, count in enumerate(years.counts) if count}
    accent = sheet.style.accent  # an edge of no colour would be a transparent one
    axes.bar(list(filled), list(filled.values()), 0.72, color=accent, edgecolor=accent, linewidth=0)
    for place, count in filled.items():
        x, y = MARGIN + years.pitch * (place + 0.5), AXIS + TALLEST * count / tallest + 3
        sheet.word(x, y, str(count), SMALL, color=sheet.style.ink, horizontalalignment="center")
    sheet.word(MARGIN, 4.5, years.title)
