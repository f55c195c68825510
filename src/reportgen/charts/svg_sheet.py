"""A sheet whose canvas is SVG: it answers what `Sheet` does, so that a chart is drawn by the same functions."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.charts.sheet import Sheet
from reportgen.charts.style import CAP_HEIGHT, DIM, INK, SIZE, SMALL
from reportgen.charts.svg_axes import SvgAxes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.lines import Line2D

    from reportgen.charts.plots import Drawing
    from reportgen.charts.svg_axes import Place

_WORDS = 100.0  # the layer above all axes
_HANDLE, _HANDLE_GAP, _COLUMN_GAP = 1.3 * SIZE, 0.5 * SIZE, 1.8 * SIZE  # of a legend, as in charts.mplstyle
_LEGEND_LINE, _LEGEND_BASELINE = 13.0, 7.0
_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
_CROSS = (
    (-1, -2),
    (0, -1),
    (1, -2),
    (2, -1),
    (1, 0),
    (2, 1),
    (1, 2),
    (0, 1),
    (-1, 2),
    (-2, 1),
    (-1, 0),
    (-2, -1),
)
_DIAMOND = ((-1, 0), (0, -1), (1, 0), (0, 1))


def number(value: float) -> str:
    """Write points to a hundredth."""
    return f"{round(value, 2) + 0.0:.10g}"


class SvgSheet(Sheet):
    """A sheet being drawn as SVG; places on it are points from its lower left corner."""

    def __init__(self, drawing: Drawing) -> None:
        self.style, self.face = drawing.style, drawing.face
        self.width, self.height = drawing.style.width_pt, drawing.height
        self.colours: set[str] = set()
        self._layers: list[tuple[float, str]] = []
        self._axes: list[SvgAxes] = []

    def area(self, left: float, bottom: float, right: float, top: float, **limits: Any) -> Any:
        """Lay out axes in a part of the sheet, without ticks of their own."""
        self._axes.append(SvgAxes(self, (left, bottom, right, top), **limits))
        return self._axes[-1]

    def finish(self) -> list[str]:
        """Draw the scales of all axes, and return all that was drawn, from the lowest layer up."""
        for axes in self._axes:
            axes.draw_scales()
        return [shape for _, shape in sorted(self._layers, key=lambda drawn: drawn[0])]

    def beside(self, axes: Any, size: float) -> Any:
        """Place words by points from the left, and so that their capitals stand in the middle of a row."""
        return lambda x, y: (x, axes.up(y) - size * CAP_HEIGHT / 2)

    def stroke(self, axes: Any, values: list[float], heights: list[float], **look: Any) -> None:
        """Draw a stroke past the axes: along the scale by value, upwards in points."""
        self.line([(axes.along(value), height) for value, height in zip(values, heights, strict=True)], look)

    def word(self, x: float, y: float, text: str, size: float = SMALL, **look: Any) -> None:
        """Write a word on a baseline, as long as it was measured; one without letters leaves nothing."""
        if not text:
            return
        place: Callable[[float, float], Place] | None = look.get("transform")
        x, y = place(x, y) if place else (x, y)
        length = number(self.face.width(text, size))
        self._add(
            _WORDS,
            f'<text x="{number(x)}" y="{self._down(y)}" font-size="{number(size)}"'
            f'{_ANCHORS[look.get("horizontalalignment", "left")]} textLength="{length}"'
            f' lengthAdjust="spacingAndGlyphs"{self._paint("fill", look.get("color", DIM))}>'
            f"{escape(normalise(text))}</text>",
        )

    def legend(self, handles: Sequence[Line2D], *, at: Place | None = None, columns: int = 0) -> None:
        """Explain marks and lines in one line at the top of the sheet, or below a place in as many columns."""
        start, top = at or (0.0, self.height - 1.5)
        left = start
        for index, handle in enumerate(handles):
            if columns and index % columns == 0:
                left, top = start, top - (_LEGEND_LINE if index else 0)
            look, text, baseline = _look_of(handle), str(handle.get_label()), top - _LEGEND_BASELINE
            middle = baseline + SIZE * CAP_HEIGHT / 2
            if handle.is_dashed():
                self.line([(left, middle), (left + _HANDLE, middle)], look)
            else:
                self.mark((left + _HANDLE / 2, middle), look)
            colour = look["color"] if handle.is_dashed() else INK
            self.word(left + _HANDLE + _HANDLE_GAP, baseline, text, SIZE, color=colour)
            left += _HANDLE + _HANDLE_GAP + self.face.width(text, SIZE) + _COLUMN_GAP

    def line(self, places: Iterable[Place], look: dict[str, Any]) -> None:
        """Draw a line from place to place."""
        path = "L".join(f"{number(x)} {self._down(y)}" for x, y in places)
        pattern = look.get("linestyle")
        width = look.get("linewidth", 1.5)
        dashes = ""
        if isinstance(pattern, tuple):  # matplotlib counts dashes in widths of the line
            dashes = f' stroke-dasharray="{" ".join(number(length * width) for length in pattern[1])}"'
        paint = self._paint("stroke", look["color"])
        self._add(
            look.get("zorder", 2.0),
            f'<path d="M{path}" fill="none"{paint} stroke-width="{number(width)}"{dashes}/>',
        )

    def polygon(
        self, places: Iterable[Place], look: dict[str, Any], *, edge: str = "", width: float = 0
    ) -> None:
        """Fill the shape whose corners are given."""
        path = "L".join(f"{number(x)} {self._down(y)}" for x, y in places)
        drawn = f'{self._paint("stroke", edge)} stroke-width="{number(width)}"' if edge else ""
        self._add(look.get("zorder", 1.0), f'<path d="M{path}Z"{self._paint("fill", look["color"])}{drawn}/>')

    def mark(self, place: Place, look: dict[str, Any]) -> None:
        """Draw a mark around a place."""
        x, y = place
        half, edge, shape = look["markersize"] / 2, look["markeredgewidth"], look["marker"]
        fill = {"color": look.get("markerfacecolor", look["color"]), "zorder": look.get("zorder", 2.0)}
        outline = {"edge": look["color"], "width": edge} if edge else {}
        if shape == "o":
            stroke = f'{self._paint("stroke", look["color"])} stroke-width="{number(edge)}"' if edge else ""
            circle = f'<circle cx="{number(x)}" cy="{self._down(y)}" r="{number(half)}"'
            self._add(fill["zorder"], f"{circle}{self._paint('fill', fill['color'])}{stroke}/>")
        elif shape == "x":
            for way in (1, -1):
                ends = [(x - half, y - way * half), (x + half, y + way * half)]
                self.line(ends, {"color": look["color"], "linewidth": edge, "zorder": fill["zorder"]})
        else:
            corners, unit = _SHAPES[shape]
            self.polygon(
                [(x + dx * half * unit, y + dy * half * unit) for dx, dy in corners], fill, **outline
            )

    def _down(self, y: float) -> str:
        return number(self.height - y)

    def _paint(self, name: str, colour: str) -> str:
        code = _NAMED.get(colour, colour).upper()
        self.colours.add(code)
        return f' {name}="{code}"'

    def _add(self, layer: float, shape: str) -> None:
        self._layers.append((layer, shape))


_NAMED = {"white": "#FFFFFF"}
# The corners of marks, and their distance from the middle in halves of a mark's size.
_SHAPES = {
    "s": (((-1, -1), (1, -1), (1, 1), (-1, 1)), 1.0),
    "D": (_DIAMOND, 2**0.5),
    "X": (_CROSS, 0.5),
}


def _look_of(handle: Line2D) -> dict[str, Any]:
    """Return how a handle of a legend looks."""
    return {
        "color": handle.get_color(),
        "linewidth": handle.get_linewidth(),
        "linestyle": (0, (3, 2)),
        "marker": handle.get_marker(),
        "markersize": handle.get_markersize(),
        "markeredgewidth": handle.get_markeredgewidth(),
        "markerfacecolor": handle.get_markerfacecolor(),
        "zorder": _WORDS,
    }
