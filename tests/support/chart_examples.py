"""What the tests of charts share: the wording, a style, claims, and a look at what is drawn."""

from __future__ import annotations

import tomllib
from pathlib import Path

from reportgen.charts import ChartWording, ClaimPoint, Style, TierBand, confidence_chart
from reportgen.charts.shapes import Word

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


def drawn(chart, kind):
    return [shape for shape in chart.drawing.shapes if isinstance(shape, kind)]


def texts(chart):
    return [word.text for word in drawn(chart, Word)]


def confidence(points, threshold=None, wording=EN, style=STYLE):
    chart = confidence_chart(points, threshold, wording, style)
    assert chart is not None
    return chart
