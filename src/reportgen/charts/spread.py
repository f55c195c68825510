"""The reported scores of a meta-analysis and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.distribution import Steps
from reportgen.charts.frame import Bracket, Guides
from reportgen.charts.ranking import Ranking, Scale, draw_ranking
from reportgen.charts.scale import reach
from reportgen.charts.typeface import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


class _Numbers:
    """The printed forms of scores and of what follows from them."""

    def __init__(self, scores: Sequence[float], decimal: str) -> None:
        self._decimal = decimal
        self.low, self.high = self(min(scores)), self(max(scores))
        self.median = self(median(exact(score) for score in scores))
        self.spread = self(exact(max(scores)) - exact(min(scores)))

    def __call__(self, score: float | Decimal) -> str:
        return numbers.percentage(score, self._decimal)


def spread_chart(entries: Sequence[ReportedScore], wording: ChartWording, style: Style) -> Chart | None:
    """Draw the scores from 0, highest first, and mark their range and its width in percentage points.

    With fewer than two entries there is no spread and no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(entries) < 2:
        return None
    face = typeface(style.fonts)
    texts = labels([entry.label for entry in entries], lambda n: wording("entry_number", n=n), face)
    scores = tuple(entry.score_pct for entry in entries)
    numbers = _Numbers(scores, style.decimal)
    ranking = Ranking(texts, scores, _figures(entries, numbers))
    label = wording("spread", value=numbers.spread)
    guides = Guides(bracket=Bracket(min(scores), max(scores), label))
    steps = Steps(_STEP, LIMIT, wording("entries"), wording("score_pct"))
    scale = Scale(reach(scores, LIMIT), steps, wording("scores"))
    drawing = draw_ranking(ranking, scale, guides, style, face)
    caption = list(_caption(entries, numbers, ranking, wording))
    alt = [wording("alt_rows" if ranking.in_rows else "alt_distribution"), *caption]
    if ranking.in_rows:
        named = [wording("named_pct", label=texts.spoken[i], value=numbers(scores[i])) for i in ranking.order]
        alt.append(wording("alt_all", list=", ".join(named)))
    return chart("fig-spread", drawing, face, caption=caption, alt=alt, substituted=ranking.substituted)


def _figures(entries: Sequence[ReportedScore], numbers: _Numbers) -> tuple[tuple[str, ...], ...]:
    """Give the score of each entry, after its year where any entry has one."""
    if all(entry.year is None for entry in entries):
        return tuple((numbers(entry.score_pct),) for entry in entries)
    return tuple((str(entry.year or ""), numbers(entry.score_pct)) for entry in entries)


def _caption(
    entries: Sequence[ReportedScore], numbers: _Numbers, ranking: Ranking, wording: ChartWording
) -> Iterator[str]:
    yield wording("spread_title", n=len(entries))
    yield wording("highest_first") if ranking.in_rows else wording("bars_step", step=str(_STEP))
    yield wording(
        "spread_range", low=numbers.low, high=numbers.high, spread=numbers.spread, median=numbers.median
    )
    years = [entry.year for entry in entries if entry.year is not None]
    if years and min(years) != max(years):
        yield wording("spread_years", first=min(years), last=max(years))
    elif years:
        yield wording("spread_year", year=years[0])
    if undated := len(entries) - len(years):
        yield wording.count("spread_undated", undated)
    if ranking.substituted:
        yield wording.count("substituted", len(ranking.substituted))
