"""Draw the flow of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from reportgen.charts.style import DIM, PANEL, SIZE, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reportgen.charts.flow import Box, Flow
    from reportgen.charts.sheet import Sheet

_INDENT = 5.5  # points from the edge of a box to its words
_ARROW: dict[str, Any] = {"arrowstyle": "-|>", "color": DIM, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0}


def draw_flow(sheet: Sheet, flow: Flow) -> None:
    """Draw each stage under the one before, arrows between them, and beside it what leaves it."""
    axes = sheet.area(0, 0, sheet.width, sheet.height, xlim=(0, sheet.width), ylim=(0, sheet.height))
    axes.set_axis_off()
    middle = flow.left + flow.box_width / 2
    for place, (stage, top) in enumerate(zip(flow.stages, flow.tops, strict=True)):
        sheet.word(0, stage.box.baseline(0, top), stage.name)
        _box(sheet, axes, stage.box, (flow.left, top, flow.box_width), filled=True)
        if stage.leaving:
            _box(sheet, axes, stage.leaving, (flow.beside, top, flow.box_width), filled=False)
            level = top - min(stage.box.height, stage.leaving.height) / 2
            _arrow(axes, (flow.left + flow.box_width, level), (flow.beside, level))
        if place + 1 < len(flow.stages):
            _arrow(axes, (middle, top - stage.box.height), (middle, flow.tops[place + 1]))


def _box(sheet: Sheet, axes: Axes, box: Box, place: tuple[float, float, float], *, filled: bool) -> None:
    left, top, width = place
    look: dict[str, Any] = {"facecolor": PANEL if filled else "white", "edgecolor": DIM, "linewidth": 0.7}
    axes.add_patch(Rectangle((left, top - box.height), width, box.height, **look))
    sheet.word(left + _INDENT, box.baseline(0, top), box.title, SIZE, color=sheet.style.ink)
    for number, line in enumerate(box.lines, 1):
        sheet.word(left + _INDENT, box.baseline(number, top), line, SMALL)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", xy=end, xytext=start, arrowprops={**_ARROW, "mutation_scale": 7})
