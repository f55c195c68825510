"""Draw how values are distributed, group by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.charts.plots import DOT
from reportgen.charts.style import SIZE, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reportgen.charts.plots import Strips
    from reportgen.charts.sheet import Sheet


def draw_strips(sheet: Sheet, plot: Strips) -> None:
    """Draw each strip on its floor: marks above one another, or bars with the count over the tallest."""
    axes = sheet.scale(plot, 0, plot.body)
    levels = plot.levels
    for place, (strip, floor) in enumerate(zip(plot.strips, plot.floors, strict=True)):
        if levels is not None:
            heights = [floor + plot.rise(level) for level in levels[place]]
            axes.plot(strip.values, heights, **sheet.marker(strip.mark, DOT), clip_on=False, zorder=3)
        else:
            _bars(sheet, axes, plot, place)
        middle = floor if levels is not None else floor + SMALL / 2
        label = sheet.face.fit(strip.label, SIZE, plot.left)
        sheet.word(0, middle, label, SIZE, color=sheet.style.ink, transform=sheet.beside(axes, SIZE))


def _bars(sheet: Sheet, axes: Axes, plot: Strips, place: int) -> None:
    """Draw a bar for each step that holds a value."""
    floor, bins = plot.floors[place], plot.bins[place]
    look, width = sheet.style.look(plot.strips[place].mark), float(plot.steps.width)
    grain = plot.top / (plot.right - plot.left)
    at = [width * step + grain for step in sorted(bins)]
    tall = [plot.bar(bins[step]) for step in sorted(bins)]
    axes.bar(
        at,
        tall,
        width - 2 * grain,
        floor,
        align="edge",
        color=look.colour,
        edgecolor=look.colour,
        linewidth=0,
    )
    axes.axhline(floor, color=look.tint, linewidth=0.5, zorder=0.8)
    fullest = max(sorted(bins), key=bins.__getitem__)
    x, y = plot.place(width * (fullest + 0.5)), floor + plot.bar(bins[fullest]) + 2.5
    count = sheet.beside(axes, 0)
    sheet.word(x, y, str(bins[fullest]), horizontalalignment="center", transform=count)
