"""Scores: those of reviewers against the quality tiers, and those that sources report and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, labels
from reportgen.charts.plots import HIGHEST, Bracket, Reference, Steps, TierBand
from reportgen.charts.ranking import Entry, Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

_SCORES = Steps(Decimal("0.5"), HIGHEST)
_PERCENT = Steps(Decimal(5), 100.0)


@dataclass(frozen=True, slots=True)
class ReviewerScore:
    """One reviewer's role and score, from 0 to 10."""

    role: str
    score: float


def reviewers_chart(
    reviewers: Sequence[ReviewerScore],
    mean: float | None,
    bands: Sequence[TierBand],
    wording: ChartWording,
    style: Style,
    *,
    edges: Sequence[float] = (),
) -> Chart | None:
    """Draw the reviewers' scores on the scale from 0 to 10, highest first, over the bands, with the mean.

    ``mean`` is the record's review score, or None; no printed score is rounded up to one of the ``edges``. Without
    reviewers there is no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if not reviewers:
        return None
    bands = tuple(sorted(bands, key=lambda band: band.lower))
    scores = [one.score for one in reviewers]

    def printed(score: float) -> str:
        return numbers.score(score, (*edges, *(band.lower for band in bands)), style.decimal)

    texts = labels((one.role for one in reviewers), "reviewer_number", wording, style)
    figures = [(printed(score),) for score in scores]
    ranking = Ranking(map(Entry, texts, scores, figures), wording)
    plot = ranking.plot(
        _SCORES,
        "reviewers",
        least=HIGHEST if bands or ranking.columns else 0.0,
        style=style,
        title=wording("score"),
        bands=bands,
        reference=None if mean is None else Reference(mean, wording("mean", value=printed(mean)), style.ink),
    )
    low, high = printed(min(scores)), printed(max(scores))
    caption = [wording.count("reviewers_title", len(scores))]
    if not ranking.columns:
        caption.append(wording("bars_step", step=numbers.fixed(_SCORES.width, 1, style.decimal)))
    elif len(scores) > 1:
        caption.append(wording("highest_first"))
    if min(scores) == max(scores):
        caption.append(wording.count("scores_equal", len(scores), value=high))
    else:
        caption.append(wording("scores_range", low=low, high=high))
    if mean is not None:
        caption.append(wording("mean_sentence", value=printed(mean)))
        caption += [wording("mean_band", band=band.label) for band in bands if band.holds(mean)]
    if bands:
        caption.append(wording("bands_sentence"))
    return ranking.chart("fig-reviewers", plot, caption, ranking.all_named("named"))


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
    plot = ranking.plot(_PERCENT, "entries", style=style, title=wording("score_pct"), bracket=bracket)
    middle = printed(median(map(exact, scores)))
    caption = [
        wording("spread_title", n=len(entries)),
        wording("highest_first") if ranking.columns else wording("bars_step", step=str(_PERCENT.width)),
        wording("spread_range", low=printed(low), high=printed(high), spread=spread, median=middle),
    ]
    if years and min(years) != max(years):
        caption.append(wording("spread_years", first=min(years), last=max(years)))
    elif years:
        caption.append(wording("spread_year", year=years[0]))
    if undated := len(entries) - len(years):
        caption.append(wording.count("spread_undated", undated))
    return ranking.chart("fig-spread", plot, caption, ranking.all_named("named_pct"))
