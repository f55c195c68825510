"""Charts as vector PDFs, each with a caption and an alternative text made from the same numbers.

A chart is planned first and drawn later. The plan is pure: it fixes what is shown, the outer size, the caption
and the alternative text, and needs no matplotlib. `Chart.pdf` draws when it is first read, so TeX can start on
the sizes and captions while matplotlib is still being imported.

The functions take plain values of this package, not the record, and return None where there is nothing to draw.
"""

from __future__ import annotations

from reportgen.charts.chart import Chart
from reportgen.charts.confidence import ClaimPoint, confidence_chart
from reportgen.charts.plots import TierBand
from reportgen.charts.scores import ReportedScore, ReviewerScore, reviewers_chart, spread_chart
from reportgen.charts.sources import SourceRow, sources_chart
from reportgen.charts.style import Style
from reportgen.charts.wording import ChartWording

__all__ = [
    "Chart",
    "ChartWording",
    "ClaimPoint",
    "ReportedScore",
    "ReviewerScore",
    "SourceRow",
    "Style",
    "TierBand",
    "confidence_chart",
    "reviewers_chart",
    "sources_chart",
    "spread_chart",
]
