"""The reported scores of a meta-analysis and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, labels
from reportgen.charts.plots import Bracket, Steps
from reportgen.charts.ranking import Entry, Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

_STEPS = Steps(Decimal(5), 100.0)


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """One reported score in percent, the source that reports it, and its year or None."""

    label: str
    score_pct: float
    year: int | None = None


def spread_chart(entries: Sequence[ReportedScore], wording: ChartWording, style: Style) -> Chart | None:
    """Draw the scores from 0, highest first, and mark their range and its width in percentage points.

    With fewer than two entries there is no spread and no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(entries) < 2:
        return None

    def printed(score: float | Decimal) -> str:
        return numbers.percentage(score, style.decimal)

    scores = [entry.score_pct for entry in entries]
    years = [entry.year for entry in entries if entry.year is not None]
    texts = labels((entry.label for entry in entries), "entry_number", wording, style)
    figures = [(*([str(entry.year or "")] if years else []), printed(entry.score_pct)) for entry in entries]
    ranking = Ranking(map(Entry, texts, scores, figures), wording)
    low, high = min(scores), max(scores)
    spread = printed(exact(high) - exact(low))
    bracket = Bracket(wording("spread", value=spread), low, high)
    plot = ranking.plot(_STEPS, "entries", style=style, title=wording("score_pct"), bracket=bracket)
    middle = printed(median(map(exact, scores)))
    caption = [
        wording("spread_title", n=len(entries)),
        wording("highest_first") if ranking.columns else wording("bars_step", step=str(_STEPS.width)),
        wording("spread_range", low=printed(low), high=printed(high), spread=spread, median=middle),
    ]
    if years and min(years) != max(years):
        caption.append(wording("spread_years", first=min(years), last=max(years)))
    elif years:
        caption.append(wording("spread_year", year=years[0]))
    if undated := len(entries) - len(years):
        caption.append(wording.count("spread_undated", undated))
    return ranking.chart("fig-spread", plot, caption, ranking.all_named("named_pct"))
