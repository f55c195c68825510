"""The confidence of every claim, against the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, Labels, chart, labels
from reportgen.charts.distribution import Series, Steps, distribution
from reportgen.charts.dots import Row, dot_plot
from reportgen.charts.frame import Guides, Key, ReferenceLine
from reportgen.charts.scale import reach
from reportgen.charts.style import Mark, Style
from reportgen.charts.typeface import Typeface, typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.shapes import Drawing
    from reportgen.charts.wording import ChartWording

SPARSE = 30  # claims: up to here one column with room
_COLUMN = 60  # rows of a dense column: with its caption the chart stays on one page
_COLUMN_WIDTH = 85.0  # points, the least a dense column needs
_STEP = Decimal("0.05")
_NAMED = 3  # claims named at each end, in the alternative text


@dataclass(frozen=True, slots=True)
class ClaimPoint:
    """One claim: its label in the report (``C7``), its confidence from 0 to 1 or None, and its verdict."""

    label: str
    confidence: float | None
    verified: bool

    @property
    def mark(self) -> Mark:
        """Give the mark of the verdict."""
        return Mark.VERIFIED if self.verified else Mark.UNVERIFIED


@dataclass(frozen=True, slots=True)
class _Shown:
    """The claims with a confidence, highest first, and how their numbers are printed."""

    points: tuple[ClaimPoint, ...]
    values: tuple[float, ...]
    labels: Labels
    omitted: int
    threshold: float | None
    wording: ChartWording
    style: Style

    def number(self, value: float | Decimal) -> str:
        return numbers.confidence(value, self.style.decimal, self.threshold)

    def values_of(self, mark: Mark) -> tuple[float, ...]:
        pairs = zip(self.values, self.points, strict=True)
        return tuple(value for value, point in pairs if point.mark is mark)

    def verified(self) -> int:
        return sum(point.verified for point in self.points)


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
    face = typeface(style.fonts)
    kept = tuple(points[number - 1] for _, number in scored)
    texts = labels([p.label for p in kept], lambda n: wording("claim_number", n=scored[n - 1][1]), face)
    values = tuple(value for value, _ in scored)
    shown = _Shown(kept, values, texts, len(points) - len(kept), threshold, wording, style)
    columns = _columns(len(kept), style)
    drawing = _rows(shown, columns, face) if columns else _distribution(shown, face)
    substituted = texts.substituted if columns else ()
    caption = [*_caption(shown, columns), _substituted(substituted, wording)]
    return chart(
        "fig-confidence",
        drawing,
        face,
        caption=caption,
        alt=_alt(shown, columns, caption),
        substituted=substituted,
    )


def _columns(count: int, style: Style) -> int:
    """Choose the density: 1 column, several dense ones, or 0 for the distribution."""
    if count <= SPARSE:
        return 1
    columns = max(2, -(-count // _COLUMN))
    return columns if columns <= min(4, int(style.width_pt // _COLUMN_WIDTH)) else 0


def _keys(shown: _Shown, *, as_bars: bool) -> list[Key]:
    verified, wording = shown.verified(), shown.wording
    numbers = (
        (Mark.VERIFIED, "verified", verified),
        (Mark.UNVERIFIED, "unverified", len(shown.points) - verified),
    )
    return [Key(mark, f"{wording(key)} ({n})", as_bars) for mark, key, n in numbers if n]


def _guides(shown: _Shown, *, in_legend: bool) -> Guides:
    if shown.threshold is None:
        return Guides()
    label = shown.wording("threshold", value=shown.number(shown.threshold))
    return Guides(reference=ReferenceLine(shown.threshold, label, in_legend=in_legend))


def _rows(shown: _Shown, columns: int, face: Typeface) -> Drawing:
    rows = [
        Row(label, (shown.number(value),), value, point.mark)
        for label, value, point in zip(shown.labels.drawn, shown.values, shown.points, strict=True)
    ]
    top = reach([*shown.values, shown.threshold or 0.0], 1.0)
    return dot_plot(
        rows,
        top,
        shown.wording("confidence"),
        shown.style,
        face,
        keys=_keys(shown, as_bars=False),
        guides=_guides(shown, in_legend=columns > 1),
        columns=columns,
    )


def _distribution(shown: _Shown, face: Typeface) -> Drawing:
    series = [
        Series(mark, shown.wording(key), shown.values_of(mark))
        for mark, key in ((Mark.VERIFIED, "verified"), (Mark.UNVERIFIED, "unverified"))
    ]
    return distribution(
        [one for one in series if one.values],
        _steps(shown),
        shown.style,
        face,
        keys=_keys(shown, as_bars=True),
        guides=_guides(shown, in_legend=False),
    )


def _steps(shown: _Shown) -> Steps:
    return Steps(_STEP, 1.0, shown.wording("claims"), shown.wording("confidence"))


def _caption(shown: _Shown, columns: int) -> Iterator[str]:
    wording, n, verified = shown.wording, len(shown.points), shown.verified()
    shape = "points" if columns else "bars"
    yield wording.count(f"confidence_{shape}", n)
    key = "both" if 0 < verified < n else "verified" if verified else "unverified"
    yield wording(f"{shape}_{key}", verified=verified, unverified=n - verified)
    if not columns:
        yield wording("bars_step", step=numbers.fixed(_STEP, 2, shown.style.decimal))
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
    text = shown.number(threshold)
    above = sum(value > threshold for value in shown.values)
    equal = sum(value == threshold for value in shown.values)
    yield wording.count("above_threshold", above, value=text)
    if equal:
        yield wording.count("at_threshold", equal)
    verdicts = list(zip(shown.values, shown.points, strict=True))
    below = sum(point.verified for value, point in verdicts if value < threshold)
    if below:
        yield wording.count("verified_below", below)
    if over := sum(not point.verified for value, point in verdicts if value > threshold):
        yield wording.count("unverified_above", over)


def _substituted(texts: Sequence[str], wording: ChartWording) -> str:
    return wording.count("substituted", len(texts)) if texts else ""


def _alt(shown: _Shown, columns: int, caption: Sequence[str]) -> Iterator[str]:
    """Say what kind of drawing it is, and name the claims at the ends of the range."""
    wording, n = shown.wording, len(shown.points)
    yield wording("alt_rows" if columns else "alt_distribution")
    yield from caption
    named = [
        wording("named", label=label, value=shown.number(value))
        for label, value in zip(shown.labels.spoken, shown.values, strict=True)
    ]
    if n <= 2 * _NAMED:
        yield wording("alt_all", list=", ".join(named))
    elif shown.values[0] != shown.values[-1]:
        yield wording("alt_highest", list=_ends(named, shown.values, wording))
        yield wording("alt_lowest", list=_ends(named[::-1], shown.values[::-1], wording))
    if not columns:
        bins = _steps(shown).count(shown.values)
        fullest = max(sorted(bins), key=lambda index: bins[index])
        low, high = (numbers.fixed(_STEP * k, 2, shown.style.decimal) for k in (fullest, fullest + 1))
        yield wording("alt_fullest", low=low, high=high, n=bins[fullest])


def _ends(named: Sequence[str], values: Sequence[float], wording: ChartWording) -> str:
    """Join the first three names; others that tie with the third are counted, not passed over."""
    tied = sum(value == values[_NAMED - 1] for value in values[_NAMED:])
    first = ", ".join(named[:_NAMED])
    return f"{first} {wording.count('alt_tied', tied)}" if tied else first
