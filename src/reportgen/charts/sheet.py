"""A figure of matplotlib in points: words in the document's faces, a scale with what is marked on it, a legend."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, IdentityTransform, blended_transform_factory

from reportgen.base.errors import SetupError
from reportgen.charts.plots import AXIS, LINE, Drawing, Plot
from reportgen.charts.style import CAP_HEIGHT, DIM, HAIRLINE, PANEL, SIZE, SMALL, Marker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

_PLAIN = ("-liga", "-clig", "-dlig")  # with ligatures the text layer would read "veri fied"
_INCH = 72
DASHED: dict[str, Any] = {"linestyle": (0, (3, 2)), "linewidth": 0.8}
_TICK_GAP = 34.0  # points from one tick of an axis to the next, at least
_MOST_TICKS = 6


class Sheet:
    """A figure being drawn; places on it are points from its lower left corner."""

    def __init__(self, drawing: Drawing) -> None:
        self.style, self.face = drawing.style, drawing.face
        self.width, self.height = drawing.style.width_pt, drawing.height
        self.figure = Figure((self.width / _INCH, self.height / _INCH), dpi=_INCH, frameon=False)

    def word(self, x: float, y: float, text: str, size: float = SMALL, **look: Any) -> None:
        """Write a word on a baseline."""
        look = {"color": DIM, "transform": IdentityTransform(), "fontfeatures": _PLAIN, **look}
        self.figure.text(x, y, text, fontproperties=self.font(text, size), **look)

    def centred(self, x: float, y: float, text: str, size: float = SMALL, **look: Any) -> None:
        """Write a word around a place, or as near to it as the edges of the sheet allow."""
        text = self.face.fit(text, size, self.width)
        half = self.face.width(text, size) / 2
        x = max(min(x, self.width - half), half)
        self.word(x, y, text, size, horizontalalignment="center", **look)

    def font(self, text: str, size: float) -> FontProperties:
        """Choose the fonts of a text."""
        return FontProperties(family=self.families(text), size=size)

    def families(self, text: str) -> list[str]:
        """Name the fonts of a text as matplotlib knows them."""
        return [family(path) for path in self.face.fonts_for(text)]

    def area(self, left: float, bottom: float, right: float, top: float, **limits: Any) -> Axes:
        """Lay out axes in a part of the sheet, without ticks of their own."""
        part = (
            left / self.width,
            bottom / self.height,
            (right - left) / self.width,
            (top - bottom) / self.height,
        )
        axes = self.figure.add_axes(part, **limits)
        axes.patch.set_visible(False)
        axes.tick_params(labelfontfamily=self.families("0"))
        axes.set_yticks([])
        return axes

    def scale(self, plot: Plot, low: float, high: float) -> Axes:
        """Lay out the scale of a plot with all that is marked on it, and its title; ``low`` is at its lower end."""
        top = AXIS + plot.body
        axes = self.area(plot.left, AXIS, plot.right, top, xlim=(plot.start, plot.top), ylim=(low, high))
        room = min(max(int((plot.right - plot.left) / _TICK_GAP), 2), _MOST_TICKS)
        ticks = round_ticks(plot.top, room, start=plot.start)
        names = axes.xaxis.get_major_formatter().format_ticks(ticks)
        axes.set_xticks(ticks, [name.replace(".", self.style.decimal) for name in names])
        self._bands(plot, axes, top)
        if line := plot.reference:
            axes.axvline(line.value, color=line.colour, clip_on=False, **DASHED)
            self.legend([Line2D([], [], label=line.label, color=line.colour, **DASHED)])
        self.centred((plot.left + plot.right) / 2, 4.5, plot.title)
        return axes

    def legend(
        self, handles: Sequence[Line2D], *, at: tuple[float, float] | None = None, columns: int = 0
    ) -> None:
        """Explain marks and lines in one line at the top of the sheet, or below a place in as many columns."""
        x, y = at or (0.0, self.height - 1.5)
        corner = (x / self.width, y / self.height)
        legend = self.figure.legend(handles=handles, ncols=columns or len(handles), bbox_to_anchor=corner)
        for handle, text in zip(handles, legend.get_texts(), strict=True):
            text.set(fontproperties=self.font(text.get_text(), SIZE), fontfeatures=_PLAIN)
            if handle.is_dashed():
                text.set_color(handle.get_color())

    def stroke(self, axes: Axes, values: list[float], heights: list[float], **look: Any) -> None:
        """Draw a stroke past the axes: along the scale by value, upwards in points."""
        over = blended_transform_factory(axes.transData, IdentityTransform())
        axes.plot(values, heights, transform=over, clip_on=False, markeredgewidth=0.7, **look)

    def marker(self, mark: Marker, size: float) -> dict[str, Any]:
        """Return how a mark looks as a point."""
        look = self.style.look(mark)
        face = look.colour if look.filled else "white"
        edge = 0.0 if look.filled else size * 0.27 if look.shape == "x" else size * 0.18
        shape = {"marker": look.shape, "markersize": size - edge, "markeredgewidth": edge}
        return {"color": look.colour, "markerfacecolor": face, "linestyle": "none", **shape}

    def beside(self, axes: Axes, size: float) -> Any:
        """Place words by points from the left, and so that their capitals stand in the middle of a row."""
        rows = axes.transData + Affine2D().translate(0, -size * CAP_HEIGHT / 2)
        return blended_transform_factory(IdentityTransform(), rows)

    def _bands(self, plot: Plot, axes: Axes, top: float) -> None:
        """Shade every other band; each is named left of its upper end."""
        for index, (band, line) in enumerate(zip(plot.bands, plot.band_lines, strict=True)):
            if index % 2 == 0:
                axes.axvspan(band.lower, band.upper, color=PANEL, linewidth=0, zorder=0)
            y = top + 4.5 + LINE * line
            self.stroke(axes, [band.upper] * 2, [AXIS, y + 5], color=HAIRLINE, linewidth=0.5, zorder=0.6)
            end = plot.place(band.upper) - 4
            self.word(end, y, self.face.fit(band.label, SMALL, end), horizontalalignment="right")


def round_ticks(top: float, most: int, *, start: float = 0.0) -> list[float]:
    """Divide the way from ``start`` to ``top`` into round steps."""
    locator = MaxNLocator(most, steps=[1, 2, 5, 10])
    return [tick for tick in locator.tick_values(start, top) if start <= tick <= top * (1 + 1e-9)]


@lru_cache(maxsize=32)
def family(path: Path) -> str:
    """Register a font file under its own name, so that no installed font of the same family replaces it.

    Raises:
        reportgen.base.errors.SetupError: matplotlib does not use it.

    """
    name = f"reportgen {path}"
    fontManager.ttflist.append(FontEntry(fname=str(path), name=name, weight=400, size="scalable"))
    try:
        fontManager.findfont(FontProperties(family=[name]), fallback_to_default=False)
    except ValueError as error:
        raise SetupError(f"matplotlib does not draw with {path}; unset MPL_IGNORE_SYSTEM_FONTS") from error
    return name
