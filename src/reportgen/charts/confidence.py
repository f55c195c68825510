"""The confidence of every claim, against the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.plots import DotPlot, Histogram, Plot, Reference, Row, Series, Steps, reach
from reportgen.charts.style import Mark, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.wording import ChartWording

SPARSE = 30  # claims: up to here one column with room
_COLUMN = 60  # rows of a dense column: with its caption the chart stays on one page
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """The claims with a confidence, highest first, each as it is drawn and as it is named in a sentence."""

    rows: tuple[Row, ...]
    spoken: tuple[str, ...]
    omitted: int
    threshold: float | None
    wording: ChartWording
    style: Style

    @property
    def values(self) -> list[float]:
        return [row.value for row in self.rows]

    def number(self, value: float | Decimal) -> str:
        return numbers.confidence(value, self.style.decimal, self.threshold)

    def values_of(self, mark: Mark) -> tuple[float, ...]:
        return tuple(row.value for row in self.rows if row.mark is mark)


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
    scored = [(p.confidence, number) for number, p in enumerate(points, 1) if p.confidence is not None]
    if not scored:
        return None
    scored.sort(key=lambda pair: -pair[0])
    kept = [points[number - 1] for _, number in scored]
    texts = labels([p.label for p in kept], lambda n: wording("claim_number", n=scored[n - 1][1]), style)
    rows = tuple(
        Row(label, (numbers.confidence(value, style.decimal, threshold),), value, point.mark)
        for label, (value, _), point in zip(texts.drawn, scored, kept, strict=True)
    )
    shown = _Shown(rows, texts.spoken, len(points) - len(rows), threshold, wording, style)
    columns = _columns(len(rows), style)
    substituted = texts.substituted if columns else ()
    caption = [*_caption(shown, columns), _substituted(substituted, wording)]
    alt = _alt(shown, columns, caption)
    return chart("fig-confidence", _plot(shown, columns), caption=caption, alt=alt, substituted=substituted)


def _columns(count: int, style: Style) -> int:
    """Choose the density: 1 column, several dense ones, or 0 for the distribution."""
    if count <= SPARSE:
        return 1
    columns = max(2, -(-count // _COLUMN))
    return columns if columns <= min(4, int(style.width_pt // _COLUMN_WIDTH)) else 0


def _plot(shown: _Shown, columns: int) -> Plot:
    wording, threshold = shown.wording, shown.threshold
    found = [
        Series(mark, wording(mark.name.lower()), shown.values_of(mark))
        for mark in (Mark.VERIFIED, Mark.UNVERIFIED)
    ]
    series = tuple(one for one in found if one.values)
    look: dict[str, Any] = {
        "style": shown.style,
        "title": wording("confidence"),
        "keys": tuple((one.mark, f"{one.name} ({len(one.values)})") for one in series),
    }
    if threshold is not None:
        look["reference"] = Reference(threshold, wording("threshold", value=shown.number(threshold)))
    if not columns:
        top = max(_STEPS.end(shown.values), threshold or 0.0)
        return Histogram(top=top, steps=_STEPS, count_title=wording("claims"), series=series, **look)
    top = reach([*shown.values, threshold or 0.0], 1.0)
    return DotPlot(top=top, rows=shown.rows, columns=columns, **look)


def _caption(shown: _Shown, columns: int) -> Iterator[str]:
    wording, n, verified = shown.wording, len(shown.rows), len(shown.values_of(Mark.VERIFIED))
    shape = "points" if columns else "bars"
    yield wording.count(f"confidence_{shape}", n)
    key = "both" if 0 < verified < n else "verified" if verified else "unverified"
    yield wording(f"{shape}_{key}", verified=verified, unverified=n - verified)
    if not columns:
        yield wording("bars_step", step=numbers.fixed(_STEPS.width, 2, shown.style.decimal))
    low, high = shown.number(shown.values[-1]), shown.number(shown.values[0])
    if shown.values[0] == shown.values[-1]:
        yield wording.count("confidence_equal", n, value=high)
    else:
        middle = shown.number(median(exact(value) for value in shown.values))
        yield wording("confidence_range", median=middle, low=low, high=high)
    yield from _against_threshold(shown)
    if shown.omitted:
        yield wording.count("confidence_omitted", shown.omitted)


def _against_threshold(shown: _Shown) -> Iterator[str]:
    if (threshold := shown.threshold) is None:
        return
    wording = shown.wording
    above = sum(value > threshold for value in shown.values)
    equal = sum(value == threshold for value in shown.values)
    yield wording.count("above_threshold", above, value=shown.number(threshold))
    if equal:
        yield wording.count("at_threshold", equal)
    if below := sum(value < threshold for value in shown.values_of(Mark.VERIFIED)):
        yield wording.count("verified_below", below)
    if over := sum(value > threshold for value in shown.values_of(Mark.UNVERIFIED)):
        yield wording.count("unverified_above", over)


def _substituted(texts: Sequence[str], wording: ChartWording) -> str:
    return wording.count("substituted", len(texts)) if texts else ""


def _alt(shown: _Shown, columns: int, caption: Sequence[str]) -> Iterator[str]:
    """Say what kind of drawing it is, and name the claims at the ends of the range."""
    wording, values = shown.wording, shown.values
    yield wording("alt_rows" if columns else "alt_distribution")
    yield from caption
    named = [
        wording("named", label=label, value=row.figures[0])
        for label, row in zip(shown.spoken, shown.rows, strict=True)
    ]
    if len(values) <= 2 * _NAMED:
        yield wording("alt_all", list=", ".join(named))
    elif values[0] != values[-1]:
        yield wording("alt_highest", list=_ends(named, values, wording))
        yield wording("alt_lowest", list=_ends(named[::-1], values[::-1], wording))
    if not columns:
        bins = _STEPS.count(values)
        fullest = max(sorted(bins), key=lambda index: bins[index])
        low, high = (numbers.fixed(_STEPS.width * k, 2, shown.style.decimal) for k in (fullest, fullest + 1))
        yield wording("alt_fullest", low=low, high=high, n=bins[fullest])


def _ends(named: Sequence[str], values: Sequence[float], wording: ChartWording) -> str:
    """Join the first three names; others that tie with the third are counted, not passed over."""
    tied = sum(value == values[_NAMED - 1] for value in values[_NAMED:])
    first = ", ".join(named[:_NAMED])
    return f"{first} {wording.count('alt_tied', tied)}" if tied else first
