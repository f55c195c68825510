"""The confidence of every claim, against the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, labels
from reportgen.charts.plots import Reference, Steps
from reportgen.charts.ranking import Entry, Ranking
from reportgen.charts.style import Mark, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reportgen.charts.wording import ChartWording

_COLUMN_WIDTH = 85.0  # points, the least a dense column needs
_STEPS = Steps(Decimal("0.05"), 1.0)
_NAMED = 3  # claims named at each end, in the alternative text


@dataclass(frozen=True, slots=True)
class ClaimPoint:
    """One claim: its label in the report (``C7``), its confidence from 0 to 1 or None, and its verdict."""

    label: str
    confidence: float | None
    verified: bool

    @property
    def mark(self) -> Mark:
        """Return the mark of the verdict."""
        return Mark.VERIFIED if self.verified else Mark.UNVERIFIED


def confidence_chart(
    points: Sequence[ClaimPoint], threshold: float | None, wording: ChartWording, style: Style
) -> Chart | None:
    """Draw each claim's confidence: one row a claim up to 240 claims, their distribution above.

    ``threshold`` is the record's ``confidence_threshold``, from 0 to 1, or None. Claims without a confidence
    are counted in the caption; without any confidence there is no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if all(point.confidence is None for point in points):
        return None
    number = partial(numbers.confidence, sign=style.decimal, threshold=threshold)
    safe = labels((point.label for point in points), "claim_number", wording, style)
    entries = [
        Entry(label, point.confidence, (number(point.confidence),), point.mark)
        for label, point in zip(safe, points, strict=True)
        if point.confidence is not None
    ]
    entries.sort(key=lambda entry: -entry.value)
    ranking = Ranking(entries, wording, most_columns=min(4, int(style.width_pt // _COLUMN_WIDTH)))
    caption = [*_caption(ranking, number, style)]
    look: dict[str, Any] = {"style": style, "title": wording("confidence"), "least": threshold or 0.0}
    if threshold is not None:
        caption += _against_threshold(ranking, threshold, number(threshold))
        look["reference"] = Reference(threshold, wording("threshold", value=number(threshold)))
    if omitted := len(points) - len(entries):
        caption.append(wording.count("confidence_omitted", omitted))
    keys = tuple((one.mark, f"{one.name} ({len(one.values)})") for one in ranking.series)
    plot = ranking.plot(_STEPS, "claims", keys=keys, **look)
    return ranking.chart("fig-confidence", plot, caption, _alt(ranking, style))


def _caption(ranking: Ranking, number: Callable[[float | Decimal], str], style: Style) -> Iterator[str]:
    wording, values = ranking.wording, ranking.values
    n, verified = len(values), len(ranking.values_of(Mark.VERIFIED))
    shape = "points" if ranking.columns else "bars"
    yield wording.count(f"confidence_{shape}", n)
    key = "both" if 0 < verified < n else "verified" if verified else "unverified"
    yield wording(f"{shape}_{key}", verified=verified, unverified=n - verified)
    if not ranking.columns:
        yield wording("bars_step", step=numbers.fixed(_STEPS.width, 2, style.decimal))
    low, high = number(values[-1]), number(values[0])
    if values[0] == values[-1]:
        yield wording.count("confidence_equal", n, value=high)
    else:
        yield wording("confidence_range", median=number(median(map(exact, values))), low=low, high=high)


def _against_threshold(ranking: Ranking, threshold: float, shown: str) -> Iterator[str]:
    wording = ranking.wording
    above = sum(value > threshold for value in ranking.values)
    yield wording.count("above_threshold", above, value=shown)
    counts = {
        "at_threshold": sum(value == threshold for value in ranking.values),
        "verified_below": sum(value < threshold for value in ranking.values_of(Mark.VERIFIED)),
        "unverified_above": sum(value > threshold for value in ranking.values_of(Mark.UNVERIFIED)),
    }
    yield from (wording.count(key, count) for key, count in counts.items() if count)


def _alt(ranking: Ranking, style: Style) -> Iterator[str]:
    """Name the claims at the ends of the range, and the fullest step of a distribution."""
    wording, values, named = ranking.wording, ranking.values, ranking.named()
    if len(values) <= 2 * _NAMED:
        yield from ranking.all_named()
    elif values[0] != values[-1]:
        yield wording("alt_highest", list=_ends(named, values, wording))
        yield wording("alt_lowest", list=_ends(named[::-1], values[::-1], wording))
    if not ranking.columns:
        bins = _STEPS.count(values)
        fullest = max(sorted(bins), key=lambda index: bins[index])
        low, high = (numbers.fixed(_STEPS.width * k, 2, style.decimal) for k in (fullest, fullest + 1))
        yield wording("alt_fullest", low=low, high=high, n=bins[fullest])


def _ends(named: Sequence[str], values: Sequence[float], wording: ChartWording) -> str:
    """Join the first three names; others that tie with the third are counted, not passed over."""
    tied = sum(value == values[_NAMED - 1] for value in values[_NAMED:])
    first = ", ".join(named[:_NAMED])
    return f"{first} {wording.count('alt_tied', tied)}" if tied else first
