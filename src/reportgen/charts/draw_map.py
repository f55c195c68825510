"""Draw a map of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from reportgen.charts.evidence_map import STANCES
from reportgen.charts.style import CAP_HEIGHT, HAIRLINE, SIZE, SMALL

if TYPE_CHECKING:
    from reportgen.charts.evidence_map import EvidenceMap
    from reportgen.charts.sheet import Sheet

_APART = 6.0  # points between the marks of one source on one claim
_MARK = 5.0


def draw_map(sheet: Sheet, drawing: EvidenceMap) -> None:
    """Draw the grid, the names around it and the marks; those of one place stand side by side."""
    columns, rows, column = len(drawing.claims), len(drawing.sources), drawing.column
    right = drawing.left + column * columns
    limits = {"xlim": (-0.5, columns - 0.5), "ylim": (rows - 0.5, -0.5)}
    axes = sheet.area(drawing.left, drawing.bottom, right, drawing.top, **limits)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.hlines(range(rows), -0.5, columns - 0.5, HAIRLINE, linewidths=0.4, zorder=1)
    axes.vlines(range(columns), -0.5, rows - 0.5, HAIRLINE, linewidths=0.4, zorder=1)
    together: dict[tuple[int, int], list[int]] = {}
    for index, stand in enumerate(drawing.stands):
        together.setdefault((stand.claim, stand.source), []).append(index)
    shift = {
        index: (place - (len(cell) - 1) / 2) * min(_APART, column / len(cell)) / column
        for cell in together.values()
        for place, index in enumerate(cell)
    }
    for mark in STANCES:
        found = [(index, stand) for index, stand in enumerate(drawing.stands) if stand.stance is mark]
        at = [stand.claim + shift[index] for index, stand in found]
        axes.plot(
            at, [stand.source for _, stand in found], **sheet.marker(mark, _MARK), clip_on=False, zorder=3
        )
    beside = sheet.beside(axes, SIZE)
    for place, name in enumerate(drawing.sources):
        sheet.word(0, place, sheet.face.fit(name, SIZE, drawing.labels), SIZE, transform=beside)
    for place, number in enumerate(drawing.claims):
        x = drawing.left + column * (place + 0.5)
        sheet.word(x, drawing.top + 3, number, horizontalalignment="center", color=sheet.style.ink)
    sheet.word(drawing.left, drawing.top + 3 + SMALL * CAP_HEIGHT + 6, drawing.title)
    sheet.legend([Line2D([], [], label=text, **sheet.marker(mark, _MARK)) for mark, text in drawing.keys])
