"""The scores of a report's reviewers, one beside another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.plots import HIGHEST, ReferenceLine, Steps, Strip, Strips
from reportgen.charts.rows import MOST_ROWS, Row, Rows
from reportgen.charts.style import Marker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reportgen.charts.chart import Label
    from reportgen.charts.plots import NamedRange
    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

    Printer = Callable[[float], str]

FEWEST = 4  # reviewers whose scores are drawn: the status strip shows those of fewer
_STEPS = Steps(Decimal("0.5"), HIGHEST)


@dataclass(frozen=True, slots=True)
class ReviewerScore:
    """One reviewer's role and score, from 0 to 10."""

    role: str
    score: float


def reviewers_chart(
    reviewers: Sequence[ReviewerScore],
    mean: float | None,
    bands: Sequence[NamedRange],
    wording: ChartWording,
    style: Style,
    *,
    edges: Sequence[float] = (),
) -> Chart | None:
    """Draw how far the reviewers agree: a row for each on one scale from 0 to 10, over the bands, with the mean.

    ``mean`` is the record's review score, or None; no printed score is rounded up to one of the ``edges``. Of fewer
    than four reviewers the status strip says all: there is no chart.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(reviewers) < FEWEST:
        return None
    bands = tuple(sorted(bands, key=lambda band: band.lower))
    printed: Printer = partial(
        numbers.score, edges=(*edges, *(band.lower for band in bands)), sign=style.decimal
    )
    ranked = sorted(reviewers, key=lambda one: -one.score)
    roles = labels((one.role for one in ranked), "reviewer_number", wording, style)
    look: dict[str, Any] = {
        "style": style,
        "title": wording("score"),
        "top": HIGHEST,
        "bands": bands,
    }
    if mean is not None:
        look["reference"] = ReferenceLine(mean, wording("mean", value=printed(mean)), style.ink)
    drawing = _drawing(ranked, roles, printed, look)
    has_rows = isinstance(drawing, Rows)
    caption = [*_scores(ranked, printed, wording, style), *_mean(mean, bands, wording)]
    if isinstance(drawing, Strips) and drawing.levels is None:
        caption.append(wording("bars_step", step=numbers.fixed(_STEPS.width, 1, style.decimal)))
    return chart(
        "fig-reviewers",
        drawing,
        wording,
        drawn=roles if has_rows else [],
        caption=caption,
        kind="alt_rows" if has_rows else "alt_strip",
        alt=_ends(ranked, roles, printed, wording),
        table=(("reviewer", "score"), *((one.role, one.score) for one in reviewers)),
        complete=isinstance(drawing, Rows) and drawing.are_whole,
    )


def _drawing(
    ranked: Sequence[ReviewerScore], roles: Sequence[Label], printed: Printer, look: dict[str, Any]
) -> Rows | Strips:
    """Plan a row for each score, or their distribution where they are too many to name."""
    if len(ranked) > MOST_ROWS:
        strip = Strip("", Marker.NEUTRAL, tuple(one.score for one in ranked))
        return Strips(steps=_STEPS, strips=(strip,), **look)
    pairs = zip(roles, ranked, strict=True)
    rows = tuple(Row(role.drawn, printed(one.score), one.score) for role, one in pairs)
    return Rows(rows=rows, **look)


def _scores(
    ranked: Sequence[ReviewerScore], printed: Printer, wording: ChartWording, style: Style
) -> Iterator[str]:
    """Say how far the scores lie apart."""
    high, low = ranked[0].score, ranked[-1].score
    if high == low:
        yield wording("reviewers_equal", n=len(ranked), value=printed(high))
    else:
        apart = numbers.fixed(exact(high) - exact(low), 2, style.decimal)
        yield wording("reviewers_range", n=len(ranked), low=printed(low), high=printed(high), apart=apart)


def _mean(mean: float | None, bands: Sequence[NamedRange], wording: ChartWording) -> Iterator[str]:
    """Say in which band the mean lies, and what the bands are."""
    if mean is not None:
        yield from (wording("mean_band", band=band.label) for band in bands if band.holds(mean))
    if bands:
        yield wording("bands_sentence")


def _ends(
    ranked: Sequence[ReviewerScore], roles: Sequence[Label], printed: Printer, wording: ChartWording
) -> Iterator[str]:
    """Name every reviewer with the score, or those at both ends where they are many."""
    named = [
        wording("named", label=role.spoken, value=printed(one.score))
        for role, one in zip(roles, ranked, strict=True)
    ]
    if len(named) <= MOST_ROWS:
        yield wording("alt_all", list=", ".join(named))
    else:
        yield wording("alt_highest", list=named[0])
        yield wording("alt_lowest", list=named[-1])
