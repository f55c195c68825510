"""Draw confidence against the verdicts of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from reportgen.charts.calibration import COUNTS, SIDE
from reportgen.charts.plots import AXIS
from reportgen.charts.sheet import DASHED, round_ticks
from reportgen.charts.style import DIM, SMALL, Marker

if TYPE_CHECKING:
    from reportgen.charts.calibration import Calibration
    from reportgen.charts.sheet import Sheet

_DOT = 5.5  # points
_FIFTHS = 5
_BESIDE = 10.0  # points right of the square, where its words stand


def draw_calibration(sheet: Sheet, drawing: Calibration) -> None:
    """Draw the diagonal on which confidence and share agree, and a mark for each fifth, its claims counted above."""
    left, right, top = drawing.left, drawing.left + SIDE, AXIS + SIDE
    axes = sheet.area(left, AXIS, right, top, xlim=(0, 1), ylim=(0, 1))
    ticks = round_ticks(1, _FIFTHS)
    names = [f"{tick:.1f}".replace(".", sheet.style.decimal) for tick in ticks]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names)
    axes.grid(axis="y")
    axes.tick_params(axis="y", labelleft=True)
    axes.plot([0, 1], [0, 1], color=DIM, zorder=1, **DASHED)
    at, shares = [group.confidence for group in drawing.groups], [group.share for group in drawing.groups]
    axes.plot(at, shares, **sheet.marker(Marker.VERIFIED, _DOT), clip_on=False, zorder=3)
    for group in drawing.groups:
        middle = left + SIDE * (group.fifth + 0.5) / _FIFTHS
        sheet.word(middle, top + 5, str(group.n), color=sheet.style.ink, horizontalalignment="center")
    sheet.word(right + _BESIDE, top + 5, sheet.face.fit(drawing.count, SMALL, sheet.width - right - _BESIDE))
    sheet.word(0, top + COUNTS + 4, drawing.upwards)
    sheet.centred((left + right) / 2, 4.5, drawing.title)
    sheet.legend(
        [
            Line2D([], [], label=drawing.mark, **sheet.marker(Marker.VERIFIED, _DOT)),
            Line2D([], [], label=drawing.diagonal, color=DIM, **DASHED),
        ],
        at=(right + _BESIDE, top - 8),
        columns=1,
    )
