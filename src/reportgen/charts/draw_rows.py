"""Draw labelled values in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.charts.plots import DOT
from reportgen.charts.style import DIM, HAIRLINE, RANGE, SIZE, Marker

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reportgen.charts.rows import Rows, Span
    from reportgen.charts.sheet import Sheet

_BAR = 3.0  # points, the thickness of the range of a group
_TICK = 0.36  # of a row, from its middle to the ends of a median


def draw_rows(sheet: Sheet, plot: Rows) -> None:
    """Draw the mark of each value and the range of each group, with the label and the figure beside it."""
    axes = sheet.scale(plot, plot.body / plot.pitch - 0.5, -0.5)
    values = [(place, row.value) for place, row in enumerate(plot.rows) if row.value is not None]
    places, at = [place for place, _ in values], [value for _, value in values]
    axes.hlines(places, plot.start, plot.top, HAIRLINE, linewidths=0.4, zorder=1)
    axes.plot(at, places, **sheet.marker(Marker.NEUTRAL, DOT), clip_on=False, zorder=3)
    beside = sheet.beside(axes, SIZE)
    for place, row in enumerate(plot.rows):
        if row.span:
            _span(sheet, axes, place, row.span)
        colour = sheet.style.ink if row.value is None else DIM
        label = sheet.face.fit(row.label, SIZE, plot.labels - row.indent)
        sheet.word(row.indent, place, label, SIZE, color=colour, transform=beside)
        x = plot.tab - sheet.face.width(plot.whole(row.figure), SIZE)
        sheet.word(x, place, row.figure, SIZE, color=sheet.style.ink, transform=beside)


def _span(sheet: Sheet, axes: Axes, place: int, span: Span) -> None:
    """Draw the range of a group as a bar, and its median as a stroke across it."""
    axes.hlines(place, span.lower, span.upper, RANGE, linewidths=_BAR, zorder=2)
    axes.vlines(span.middle, place - _TICK, place + _TICK, sheet.style.ink, linewidths=1.4, zorder=3)
