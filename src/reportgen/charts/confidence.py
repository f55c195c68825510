"""The confidence of the claims by verdict, against the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import middle
from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.plots import NamedRange, ReferenceLine, Steps, Strip, Strips
from reportgen.charts.style import Marker, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reportgen.charts.wording import ChartWording

    Printer = Callable[[float | Decimal], str]

_STEPS = Steps(Decimal("0.05"), 1.0)
FEWEST = 5  # claims whose distribution is drawn
_NAMED = 3  # claims named at each end, in the alternative text
_COLUMNS = ("claim", "verdict", "confidence")


@dataclass(frozen=True, slots=True)
class ClaimPoint:
    """One claim: its label in the report (``C7``), its confidence from 0 to 1 or None, and its verdict."""

    label: str
    confidence: float | None
    verdict: Marker

    @property
    def is_verified(self) -> bool:
        """Tell whether the claim counts as verified."""
        return self.verdict in {Marker.VERIFIED, Marker.SUPPORTED}


@dataclass(frozen=True, slots=True)
class _Known:
    """A claim with a confidence."""

    label: str
    confidence: float
    verdict: Marker
    is_verified: bool


def confidence_chart(
    points: Sequence[ClaimPoint],
    threshold: float | None,
    wording: ChartWording,
    style: Style,
    *,
    words: Sequence[tuple[str, float]] = (),
) -> Chart | None:
    """Draw how the confidence of the claims is distributed, from 0 to 1, for each verdict.

    ``threshold`` is the record's ``confidence_threshold``, or None; ``words`` are its words for confidence, each
    with the lowest value that it stands for. Claims without a confidence are counted in the caption; where fewer
    than five have one there is no chart.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    known = _known(points, wording, style)
    if len(known) < FEWEST:
        return None
    number = partial(numbers.confidence, sign=style.decimal, threshold=threshold)
    drawing = Strips(
        style=style,
        title=wording("confidence"),
        top=_STEPS.limit,
        steps=_STEPS,
        strips=tuple(_strips(known, wording)),
        bands=_bands(words, wording, style),
        reference=_line(threshold, number, wording),
    )
    caption = [*_caption(known, drawing.strips, number, wording)]
    if threshold is not None:
        caption += _against_threshold(known, threshold, number(threshold), wording)
    if omitted := len(points) - len(known):
        caption.append(wording.count("confidence_omitted", omitted))
    if drawing.levels is None:
        caption.append(wording("bars_step", step=numbers.fixed(_STEPS.width, 2, style.decimal)))
    told = [(p.label, p.verdict.value, p.confidence) for p in points if p.confidence is not None]
    return chart(
        "fig-confidence",
        drawing,
        wording,
        drawn=[],
        caption=caption,
        kind="alt_strips",
        alt=[*_ends(known, number, wording), *_groups(drawing.strips, number, wording)],
        table=(_COLUMNS, *told),
    )


def _line(threshold: float | None, number: Printer, wording: ChartWording) -> ReferenceLine | None:
    return (
        None if threshold is None else ReferenceLine(threshold, wording("threshold", value=number(threshold)))
    )


def _known(points: Sequence[ClaimPoint], wording: ChartWording, style: Style) -> list[_Known]:
    """Return the claims that have a confidence, the highest first."""
    safe = labels((point.label for point in points), "claim_number", wording, style)
    known = (
        _Known(label.spoken, point.confidence, point.verdict, point.is_verified)
        for label, point in zip(safe, points, strict=True)
        if point.confidence is not None
    )
    return sorted(known, key=lambda claim: -claim.confidence)


def _strips(known: Sequence[_Known], wording: ChartWording) -> Iterator[Strip]:
    """Plan a strip for each verdict that there is."""
    for mark in Marker:
        if values := tuple(claim.confidence for claim in known if claim.verdict is mark):
            yield Strip(f"{wording(mark.value)} ({len(values)})", mark, values)


def _bands(words: Sequence[tuple[str, float]], wording: ChartWording, style: Style) -> tuple[NamedRange, ...]:
    """Return the words their stretches of the scale; one that starts at its end has none."""
    ordered = sorted((word for word in words if word[1] < 1), key=lambda word: word[1])
    safe = labels((word for word, _ in ordered), "word_number", wording, style)
    ends = [start for _, start in ordered[1:]] + [1.0]
    return tuple(
        NamedRange(label.drawn, start, end)
        for label, (_, start), end in zip(safe, ordered, ends, strict=False)
        if start < end
    )


def _caption(
    known: Sequence[_Known], strips: Sequence[Strip], number: Printer, wording: ChartWording
) -> Iterator[str]:
    values = [claim.confidence for claim in known]
    counts = ", ".join(strip.label for strip in strips)
    yield wording("confidence_title", n=len(values), counts=counts)
    low, high = number(values[-1]), number(values[0])
    if values[0] == values[-1]:
        yield wording("confidence_equal", value=high)
    else:
        yield wording("confidence_range", median=number(middle(values)), low=low, high=high)


def _against_threshold(
    known: Sequence[_Known], threshold: float, shown: str, wording: ChartWording
) -> Iterator[str]:
    compared = [(claim.confidence - threshold, claim.is_verified) for claim in known]
    yield wording.count("above_threshold", sum(over > 0 for over, _ in compared), value=shown)
    counts = {
        "at_threshold": sum(over == 0 for over, _ in compared),
        "verified_below": sum(over < 0 and verified for over, verified in compared),
        "unverified_above": sum(over > 0 and not verified for over, verified in compared),
    }
    yield from (wording.count(key, count) for key, count in counts.items() if count)


def _ends(known: Sequence[_Known], number: Printer, wording: ChartWording) -> Iterator[str]:
    """Name all claims where they are few, and else those at the ends of the range."""
    named = [wording("named", label=claim.label, value=number(claim.confidence)) for claim in known]
    values = [claim.confidence for claim in known]
    if len(values) <= 2 * _NAMED:
        yield wording("alt_all", list=", ".join(named))
    elif values[0] != values[-1]:
        yield wording("alt_highest", list=_first(named, values, wording))
        yield wording("alt_lowest", list=_first(named[::-1], values[::-1], wording))


def _first(named: Sequence[str], values: Sequence[float], wording: ChartWording) -> str:
    """Join the first three names; others that tie with the third are counted, not passed over."""
    tied = sum(value == values[_NAMED - 1] for value in values[_NAMED:])
    first = ", ".join(named[:_NAMED])
    return f"{first} {wording.count('alt_tied', tied)}" if tied else first


def _groups(strips: Sequence[Strip], number: Printer, wording: ChartWording) -> Iterator[str]:
    """Say how the values of each verdict lie; of one verdict alone the caption says it."""
    for strip in strips if len(strips) > 1 else ():
        low, high = number(min(strip.values)), number(max(strip.values))
        if low == high:
            yield wording("alt_group_equal", label=strip.label, value=low)
        else:
            median = number(middle(strip.values))
            yield wording("alt_group", label=strip.label, median=median, low=low, high=high)
