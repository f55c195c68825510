"""Each reviewer's score against the score bands of the quality tiers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.distribution import Steps
from reportgen.charts.frame import Band, Guides, ReferenceLine
from reportgen.charts.ranking import Ranking, Scale, draw_ranking
from reportgen.charts.scale import exact, in_words
from reportgen.charts.style import INK, Style
from reportgen.charts.typeface import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.wording import ChartWording

LIMIT = 10.0
_STEP = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class ReviewerScore:
    """One reviewer's role and score, from 0 to 10."""

    role: str
    score: float


@dataclass(frozen=True, slots=True)
class TierBand:
    """The scores that belong to a quality tier: from ``lower`` up to, without, ``upper`` (10 included)."""

    label: str
    lower: float
    upper: float

    def holds(self, score: float) -> bool:
        """Tell whether the unrounded score lies in the band."""
        value, upper = exact(score), exact(self.upper)
        return exact(self.lower) <= value and (value < upper or value == upper == exact(LIMIT))


@dataclass(frozen=True, slots=True)
class _Reviews:
    """What is shown; its scores are printed by the formatter that prints the review score elsewhere."""

    scores: tuple[float, ...]
    mean: float | None
    bands: tuple[TierBand, ...]
    wording: ChartWording
    style: Style

    def number(self, score: float) -> str:
        from reportgen.analysis.derive import (
            format_score,  # with the models, which the process that draws does not need
        )

        return format_score(score, [band.lower for band in self.bands]).replace(".", self.style.decimal)


def reviewers_chart(
    reviewers: Sequence[ReviewerScore],
    mean: float | None,
    bands: Sequence[TierBand],
    wording: ChartWording,
    style: Style,
) -> Chart | None:
    """Draw the reviewers' scores on the scale from 0 to 10, highest first, over the bands, with the mean.

    ``mean`` is the record's review score, or None. Without reviewers there is no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if not reviewers:
        return None
    face = typeface(style.fonts)
    ordered = tuple(sorted(bands, key=lambda band: band.lower))
    reviews = _Reviews(tuple(one.score for one in reviewers), mean, ordered, wording, style)
    texts = labels([one.role for one in reviewers], lambda n: wording("reviewer_number", n=n), face)
    figures = tuple((reviews.number(score),) for score in reviews.scores)
    ranking = Ranking(texts, reviews.scores, figures)
    steps = Steps(_STEP, LIMIT, wording("reviewers"), wording("score"))
    scale = Scale(LIMIT, steps, wording("scores"))
    drawing = draw_ranking(ranking, scale, _guides(reviews), style, face)
    caption = list(_caption(reviews, ranking))
    alt = [wording("alt_rows" if ranking.in_rows else "alt_distribution"), *caption]
    if ranking.in_rows:
        named = [wording("named", label=texts.spoken[i], value=figures[i][0]) for i in ranking.order]
        alt.append(wording("alt_all", list=", ".join(named)))
    return chart("fig-reviewers", drawing, face, caption=caption, alt=alt, substituted=ranking.substituted)


def _guides(reviews: _Reviews) -> Guides:
    bands = tuple(Band(band.label, band.lower, band.upper) for band in reviews.bands)
    if reviews.mean is None:
        return Guides(bands)
    label = reviews.wording("mean", value=reviews.number(reviews.mean))
    return Guides(bands, reference=ReferenceLine(reviews.mean, label, INK, in_legend=True))


def _caption(reviews: _Reviews, ranking: Ranking) -> Iterator[str]:
    wording, count = reviews.wording, len(reviews.scores)
    low, high = reviews.number(min(reviews.scores)), reviews.number(max(reviews.scores))
    yield wording.count("reviewers_title", count)
    if not ranking.in_rows:
        yield wording("bars_step", step=in_words(_STEP, reviews.style.decimal, 1))
    elif count > 1:
        yield wording("highest_first")
    if min(reviews.scores) == max(reviews.scores):
        yield wording.count("scores_equal", count, value=high)
    else:
        yield wording("scores_range", low=low, high=high)
    if reviews.mean is not None:
        yield wording("mean_sentence", value=reviews.number(reviews.mean))
        for band in reviews.bands:
            if band.holds(reviews.mean):
                yield wording("mean_band", band=band.label)
    if reviews.bands:
        yield wording("bands_sentence")
    if ranking.substituted:
        yield wording.count("substituted", len(ranking.substituted))
