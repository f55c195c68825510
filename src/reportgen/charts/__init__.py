"""Charts as vector PDFs and SVG, each with a caption and an alternative text made from the same numbers.

A chart is planned first and drawn later. The plan is pure: it fixes what is shown, the outer size, the caption
and the alternative text, and needs no matplotlib. `Chart.pdf` draws when it is first read, so TeX can start on
the sizes and captions while matplotlib is still being imported.

The functions take plain values of this package, not the record, and return None where there is nothing to draw.
"""

from __future__ import annotations

from reportgen.charts.calibration import Judged, calibration_chart
from reportgen.charts.chart import Chart
from reportgen.charts.confidence import ClaimPoint, confidence_chart
from reportgen.charts.evidence_map import Stand, evidence_map
from reportgen.charts.flow import Counted, PaperCounts, flow_chart
from reportgen.charts.forest import EffectRow, OutcomeEffects, forest_chart
from reportgen.charts.plots import NamedRange
from reportgen.charts.reviewers import ReviewerScore, reviewers_chart
from reportgen.charts.spread import ReportedScore, spread_chart
from reportgen.charts.style import COLUMN_MM, FULL_MM, MILLIMETRE, Marker, Style
from reportgen.charts.wording import ChartWording
from reportgen.charts.years import years_chart

__all__ = [
    "COLUMN_MM",
    "FULL_MM",
    "MILLIMETRE",
    "Chart",
    "ChartWording",
    "ClaimPoint",
    "Counted",
    "EffectRow",
    "Judged",
    "Marker",
    "NamedRange",
    "OutcomeEffects",
    "PaperCounts",
    "ReportedScore",
    "ReviewerScore",
    "Stand",
    "Style",
    "calibration_chart",
    "confidence_chart",
    "evidence_map",
    "flow_chart",
    "forest_chart",
    "reviewers_chart",
    "spread_chart",
    "years_chart",
]
