"""What the tests of charts share: the wording, a style, claims, and a look at what is drawn."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.text import Text

from reportgen.charts import ChartWording, ClaimPoint, Style, TierBand, confidence_chart
from reportgen.charts.pdf import draw, parameters
from reportgen.charts.typeface import typeface

LOCALES = Path(__file__).parents[2] / "templates/locale"


def words(language="en"):
    return ChartWording(tomllib.loads((LOCALES / f"charts.{language}.toml").read_text("utf-8"))["charts"])


EN = words()
STYLE = Style()
BANDS = (
    TierBand("Quarantine candidate", 0, 5),
    TierBand("Watchlist", 5, 7.5),
    TierBand("DOI grade", 7.5, 8.5),
    TierBand("Flagship candidate", 8.5, 10),
)


def claims(*values, verified=lambda value: value > 0.5):
    return [
        ClaimPoint(f"C{n}", value, verified(value) if value is not None else False)
        for n, value in enumerate(values, 1)
    ]


def figure(chart):
    """Draw a chart, without a page, and give the figure."""
    with mpl.rc_context(parameters()):
        drawn = draw(chart.drawing)
        drawn.draw_without_rendering()
    return drawn


@dataclass(frozen=True)
class Word:
    """A word of a figure; its places are points from the lower left corner."""

    text: str
    left: float
    baseline: float
    width: float
    size: float
    align: str

    @property
    def right(self):
        return self.left + self.width


def words_of(chart):
    """Give the words of a chart from top to bottom, each as wide as it was measured: at least as it is drawn."""
    face, drawn = typeface(chart.drawing.style.fonts), figure(chart)
    words = [_word(text, face) for text in drawn.findobj(Text) if text.get_text() and text.get_visible()]
    return sorted(words, key=lambda word: (-word.baseline, word.left))


def _word(text, face):
    x, y = text.get_transform().transform(text.get_position())
    size, align = text.get_size(), text.get_horizontalalignment()
    width = face.width(text.get_text(), size)
    below = {"baseline": 0, "top": 0.76, "center_baseline": 0.36}[text.get_verticalalignment()]
    left = x - width * {"left": 0, "center": 0.5, "right": 1}[align]
    return Word(text.get_text(), left, y - below * size, width, size, align)


def texts(chart):
    return [word.text for word in words_of(chart)]


def marks(chart):
    """Give the marks of a chart: their shape, their colour and the values they stand at."""
    return [
        (line.get_marker(), line.get_color(), [float(value) for value in line.get_xdata()])
        for axes in figure(chart).axes
        for line in axes.lines
        if line.get_marker() in ("o", "x") and len(line.get_xdata())
    ]


def dashed(chart):
    """Give the values at which dashed lines stand."""
    return [line.get_xdata()[0] for axes in figure(chart).axes for line in axes.lines if line.is_dashed()]


def bars(chart):
    """Give the bars of a chart: left edge, lower edge, width, height and fill, by the numbers on its axes."""
    return [
        (bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height(), mpl.colors.to_hex(bar.get_facecolor()))
        for axes in figure(chart).axes
        for container in axes.containers
        for bar in container
    ]


def confidence(points, threshold=None, wording=EN, style=STYLE):
    chart = confidence_chart(points, threshold, wording, style)
    assert chart is not None
    return chart
