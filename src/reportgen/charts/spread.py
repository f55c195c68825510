"""The reported scores of a meta-analysis and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, labels
from reportgen.charts.plots import Bracket, Steps, reach
from reportgen.charts.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

LIMIT = 100.0
_STEP = Decimal(5)


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
    texts = labels([entry.label for entry in entries], lambda n: wording("entry_number", n=n), style)
    scores = tuple(entry.score_pct for entry in entries)
    years = [entry.year for entry in entries if entry.year is not None]

    def printed(score: float | Decimal) -> str:
        return numbers.percentage(score, style.decimal)

    low, high = min(scores), max(scores)
    spread = printed(exact(high) - exact(low))
    dates = [(str(entry.year or ""),) if years else () for entry in entries]
    figures = tuple((*date, printed(score)) for date, score in zip(dates, scores, strict=True))
    ranking = Ranking(texts, scores, figures, wording)
    plot = ranking.plot(
        reach(scores, LIMIT),
        Steps(_STEP, LIMIT),
        wording("entries"),
        style=style,
        title=wording("score_pct"),
        bracket=Bracket(wording("spread", value=spread), low, high),
    )
    middle = printed(median(exact(score) for score in scores))
    caption = [
        wording("spread_title", n=len(entries)),
        wording("highest_first") if ranking.in_rows else wording("bars_step", step=str(_STEP)),
        wording("spread_range", low=printed(low), high=printed(high), spread=spread, median=middle),
    ]
    if years and min(years) != max(years):
        caption.append(wording("spread_years", first=min(years), last=max(years)))
    elif years:
        caption.append(wording("spread_year", year=years[0]))
    if undated := len(entries) - len(years):
        caption.append(wording.count("spread_undated", undated))
    return ranking.chart("fig-spread", plot, caption, "named_pct")
