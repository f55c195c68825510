"""Draw a plot with matplotlib as a PDF of one page: the only module that imports it."""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, IdentityTransform, blended_transform_factory

from reportgen.base.errors import SetupError
from reportgen.base.numbers import exact
from reportgen.charts.plots import AXIS, BARS, HEADROOM, LINE, STRIP, BarPlot, DotPlot, Histogram, Plot
from reportgen.charts.style import CAP_HEIGHT, DIM, HAIRLINE, PANEL, SIZE, SMALL, STYLE_SHEET, Mark
from reportgen.charts.typeface import typeface

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

_NO_DATES: dict[str, Any] = {"CreationDate": None, "Creator": None, "Producer": None}
_PLAIN = ("-liga", "-clig", "-dlig")  # with ligatures the text layer would read "veri fied"
_INCH = 72
_DASHED: dict[str, Any] = {"linestyle": (0, (3, 2)), "linewidth": 0.8}
_GUTTER = 12.0  # points between two columns
_LABELS = 0.4  # of a column, the most its labels take
_MARGIN = 12.5  # points right of an axis: half of its last tick's text
_TICK_GAP = 34.0  # points from one tick of an axis to the next, at least
_MOST_TICKS = 6
_FINEST = 1000  # parts of a scale: values closer than one share a tick

# matplotlib's parameters and fonts belong to the whole process: one drawing at a time.
_LOCK = Lock()


def write_pdf(plot: Plot) -> bytes:
    """Draw a page of exactly the plot's size; the same plot gives the same bytes on any day.

    Raises:
        reportgen.base.errors.SetupError: matplotlib does not use the fonts that the plot was measured with.

    """
    out = BytesIO()
    with _LOCK, mpl.rc_context(parameters()):
        draw(plot).savefig(out, format="pdf", metadata=_NO_DATES)
    return out.getvalue()


@cache
def parameters() -> dict[Any, Any]:
    """Return matplotlib's own defaults with ours over them; a user's matplotlibrc is set aside."""
    own = mpl.rc_params_from_file(STYLE_SHEET)
    return {name: value for name, value in own.items() if name != "backend"}


def draw(plot: Plot) -> Figure:
    """Draw a plot as a figure, whose pixels are points."""
    sheet = _Sheet(plot)
    match plot:
        case DotPlot():
            sheet.dots(plot)
        case BarPlot():
            sheet.bars(plot)
        case Histogram():
            sheet.histogram(plot)
    sheet.legend()
    return sheet.figure


class _Sheet:
    """A figure being drawn; places on it are points from its lower left corner."""

    def __init__(self, plot: Plot) -> None:
        self.plot, self.style = plot, plot.style
        self.face = typeface(plot.style.fonts)
        self.width, self.top = plot.style.width_pt, AXIS + plot.body
        self.figure = Figure((self.width / _INCH, plot.height / _INCH), dpi=_INCH, frameon=False)

    def word(self, x: float, y: float, text: str, size: float = SMALL, **look: Any) -> None:
        """Write a word on a baseline."""
        look = {"color": DIM, "transform": IdentityTransform(), "fontfeatures": _PLAIN, **look}
        self.figure.text(x, y, text, fontproperties=self.font(text, size), **look)

    def font(self, text: str, size: float) -> FontProperties:
        """Choose the fonts of a text."""
        return FontProperties(family=self.families(text), size=size)

    def families(self, text: str) -> list[str]:
        """Name the fonts of a text as matplotlib knows them."""
        return [_family(path) for path in self.face.fonts_for(text)]

    def axes(self, left: float, right: float, low: float, high: float) -> Axes:
        """Lay out the scale, with all that is marked on it, between two places; ``low`` is at its lower end."""
        plot, height = self.plot, self.plot.height
        area = (left / self.width, AXIS / height, (right - left) / self.width, plot.body / height)
        axes = self.figure.add_axes(area, xlim=(0, plot.top), ylim=(low, high))
        axes.patch.set_visible(False)
        axes.tick_params(labelfontfamily=self.families("0"))
        axes.set_yticks([])
        room = min(max(int((right - left) / _TICK_GAP), 2), _MOST_TICKS)
        ticks = _ticks(plot.top, room, whole=isinstance(plot, BarPlot))
        names = axes.xaxis.get_major_formatter().format_ticks(ticks)
        axes.set_xticks(ticks, [name.replace(".", plot.style.decimal) for name in names])
        self._bands(axes, left, right)
        self._bracket(axes, left, right)
        if plot.reference:
            axes.axvline(plot.reference.value, color=plot.reference.colour, clip_on=False, **_DASHED)
        return axes

    def title(self, left: float, right: float) -> None:
        """Name the scale, in the middle below it."""
        self.word((left + right) / 2, 4.5, self.plot.title, horizontalalignment="center")

    def legend(self) -> None:
        """Explain the marks and the line of the reference at the top of the sheet."""
        handles: list[Any] = [self.key(mark, text) for mark, text in self.plot.keys]
        if line := self.plot.reference:
            handles.append(Line2D([], [], label=line.label, color=line.colour, **_DASHED))
        if handles:
            below = (0, 1 - 1.5 / self.plot.height)
            legend = self.figure.legend(handles=handles, ncols=len(handles), bbox_to_anchor=below)
            for text in legend.get_texts():
                text.set(fontproperties=self.font(text.get_text(), SIZE), fontfeatures=_PLAIN)
            if line:
                text.set_color(line.colour)

    def key(self, mark: Mark, text: str) -> Patch | Line2D:
        """Show a mark as it looks in the drawing."""
        if isinstance(self.plot, DotPlot):
            return Line2D([], [], label=text, **self.marker(mark, 5))
        return Patch(label=text, **self.fill(mark))

    def stroke(self, axes: Axes, values: list[float], heights: list[float], **look: Any) -> None:
        """Draw a stroke past the axes: along the scale by value, upwards in points."""
        over = blended_transform_factory(axes.transData, IdentityTransform())
        axes.plot(values, heights, transform=over, clip_on=False, markeredgewidth=0.7, **look)

    def marker(self, mark: Mark, size: float) -> dict[str, Any]:
        """Return how a mark looks as a point."""
        shape, edge = ("x", size * 0.27) if mark is Mark.UNVERIFIED else ("o", 0.0)
        look = {"marker": shape, "markersize": size, "markeredgewidth": edge}
        return {"color": self.style.colours(mark).mark, "linestyle": "none", **look}

    def fill(self, mark: Mark) -> dict[str, Any]:
        """Return how a mark looks as a bar."""
        colours = self.style.colours(mark)
        # An edge without a colour would be a transparent one.
        solid = {"edgecolor": colours.fill, "linewidth": 0}
        edge = {"edgecolor": colours.edge, "hatch": "/////"} if colours.edge else solid
        return {"facecolor": colours.fill, **edge}

    def _bands(self, axes: Axes, left: float, right: float) -> None:
        """Shade every other band; each is named left of its upper end, on a line of its own."""
        for index, band in enumerate(self.plot.bands):
            if index % 2 == 0:
                axes.axvspan(band.lower, band.upper, color=PANEL, linewidth=0, zorder=0)
            y = self.top + 4.5 + LINE * index
            self.stroke(axes, [band.upper] * 2, [AXIS, y + 5], color=HAIRLINE, linewidth=0.5, zorder=0.6)
            end = left + (right - left) * band.upper / self.plot.top - 4
            self.word(end, y, self.face.fit(band.label, SMALL, end), horizontalalignment="right")

    def _bracket(self, axes: Axes, left: float, right: float) -> None:
        if bracket := self.plot.bracket:
            ends, y = [bracket.lower, bracket.upper], self.top + 6
            self.stroke(axes, ends, [y, y], color=self.style.ink, linewidth=0.7, marker="|", markersize=6)
            half = self.face.width(bracket.label, SMALL) / 2
            middle = left + (right - left) * sum(ends) / 2 / self.plot.top
            x = max(min(middle, self.width - half), half)
            self.word(x, y + 6, bracket.label, color=self.style.ink, horizontalalignment="center")

    def dots(self, plot: DotPlot) -> None:
        """Draw the rows, column by column."""
        size, point, gap = (SIZE, 5.0, 8.0) if plot.columns == 1 else (SMALL, 3.6, 5.0)
        width = (self.width - _GUTTER * (plot.columns - 1)) / plot.columns
        labels = min(width * _LABELS, max(self.face.width(row.label, size) for row in plot.rows))
        tabs, at = self._tabs(plot, size, labels + gap, gap)
        for column in range(plot.columns):
            left = column * (width + _GUTTER)
            rows = plot.rows[column * plot.length : (column + 1) * plot.length]
            axes = self.axes(left + at + 2, left + width - _MARGIN, plot.body / plot.pitch - 0.5, -0.5)
            for mark in Mark:
                places = [place for place, row in enumerate(rows) if row.mark is mark]
                values = [rows[place].value for place in places]
                axes.hlines(places, 0, values, self.style.colours(mark).tint, linewidths=point / 5, zorder=1)
                axes.plot(values, places, **self.marker(mark, point), clip_on=False, zorder=3)
            beside = _beside(axes, size)
            for place, row in enumerate(rows):
                self.word(left, place, self.face.fit(row.label, size, labels), size, transform=beside)
                for tab, text in zip(tabs, row.figures, strict=True):
                    x = left + tab - self.face.width(_whole(text, plot), size)
                    self.word(x, place, text, size, color=self.style.ink, transform=beside)
        self.title(at + 2, self.width - _MARGIN)

    def _tabs(self, plot: DotPlot, size: float, at: float, gap: float) -> tuple[list[float], float]:
        """Place the decimal signs of each kind of figures below one another; return them, and where all ends."""
        tabs = []
        for column in zip(*(row.figures for row in plot.rows), strict=True):
            before = {text: self.face.width(_whole(text, plot), size) for text in column}
            tabs.append(at + max(before.values()))
            at = tabs[-1] + max(self.face.width(text, size) - start for text, start in before.items()) + gap
        return tabs, at

    def bars(self, plot: BarPlot) -> None:
        """Draw the bars, their parts end to end."""
        labels = min(self.width * _LABELS, max(self.face.width(bar.label, SIZE) for bar in plot.bars))
        figures = max(self.face.width(bar.figures, SIZE) for bar in plot.bars)
        left, right = labels + 9, self.width - figures - _MARGIN
        axes = self.axes(left, right, plot.body / plot.pitch - 0.5, -0.5)
        beside = _beside(axes, SIZE)
        for place, bar in enumerate(plot.bars):
            done = 0
            for mark, count in bar.parts:
                axes.barh(place, count, 8 / plot.pitch, done, **self.fill(mark))
                done += count
            self.word(0, place, self.face.fit(bar.label, SIZE, labels), SIZE, transform=beside)
            end = left + (right - left) * done / plot.top + 5
            self.word(end, place, bar.figures, SIZE, color=self.style.ink, transform=beside)
        self.title(left, right)

    def histogram(self, plot: Histogram) -> None:
        """Draw the series stacked, and below them the ticks of their values."""
        binned = [plot.steps.count(one.values) for one in plot.series]
        totals = sum(binned, Counter())
        tallest = max(totals.values())
        names = [plot.count_title, str(tallest), *(one.name for one in plot.series)]
        left = max(self.face.width(name, SMALL) for name in names) + 8
        right = self.width - _MARGIN
        high, wide, step = tallest / BARS, plot.top / (right - left), float(plot.steps.width)
        axes = self.axes(left, right, -plot.below * high, tallest + HEADROOM * high)
        axes.set_yticks(_ticks(tallest, min(4, tallest), whole=True))
        axes.tick_params(axis="y", labelleft=True)
        axes.grid(visible=False, axis="x")
        axes.grid(axis="y")
        base: Counter[int] = Counter()
        for index, (one, bins) in enumerate(zip(plot.series, binned, strict=True)):
            places = sorted(bins)
            at, heights = [step * place + wide for place in places], [bins[place] for place in places]
            below = [base[place] for place in places]
            axes.bar(at, heights, step - 2 * wide, below, align="edge", **self.fill(one.mark))
            base += bins
            y = -(5 + STRIP * (index + 0.5)) * high
            grain = exact(plot.steps.limit) / _FINEST
            ticks = sorted({float(grain * int(exact(value) / grain)) for value in one.values})
            colour = self.style.colours(one.mark).mark
            axes.plot(ticks, [y] * len(ticks), "|", markersize=8, markeredgewidth=0.4, color=colour)
            self.word(0, y, one.name, transform=_beside(axes, SMALL))
        for place, count in totals.items():
            if self.face.width(str(count), SMALL) < step / wide:
                x, y = step * (place + 0.5), count + 3 * high
                self.word(x, y, str(count), horizontalalignment="center", transform=axes.transData)
        self.word(0, self.top - 6, plot.count_title)
        self.title(left, right)


def _ticks(top: float, most: int, *, whole: bool) -> list[float]:
    """Divide the way from 0 to ``top`` into round steps."""
    locator = MaxNLocator(most, steps=[1, 2, 5, 10], integer=whole)
    return [tick for tick in locator.tick_values(0, top) if tick <= top * (1 + 1e-9)]


def _beside(axes: Axes, size: float) -> Any:
    """Place words by points from the left, and so that their capitals stand in the middle of a row."""
    rows = axes.transData + Affine2D().translate(0, -size * CAP_HEIGHT / 2)
    return blended_transform_factory(IdentityTransform(), rows)


def _whole(figures: str, plot: Plot) -> str:
    """Return what stands before the decimal sign."""
    return figures.partition(plot.style.decimal)[0]


@lru_cache(maxsize=32)
def _family(path: Path) -> str:
    """Register a font file under its own name, so that no installed font of the same family replaces it."""
    family = f"reportgen {path}"
    fontManager.ttflist.append(FontEntry(fname=str(path), name=family, weight=400, size="scalable"))
    try:
        fontManager.findfont(FontProperties(family=[family]), fallback_to_default=False)
    except ValueError as error:
        raise SetupError(f"matplotlib does not draw with {path}; unset MPL_IGNORE_SYSTEM_FONTS") from error
    return family
