"""Reported scores: how far they lie apart, by the protocol that they were measured with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from reportgen.base import numbers
from reportgen.base.numbers import exact, middle
from reportgen.charts.chart import Chart, Table, chart, labels
from reportgen.charts.plots import ReferenceLine, Steps, Strip, Strips
from reportgen.charts.rows import INDENT, MOST_ROWS, Row, Rows, Span
from reportgen.charts.style import Marker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.chart import Label
    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

_PERCENT = 100.0
_STEPS = Steps(Decimal(5), _PERCENT)
_ROUND = 10  # percent: where an axis starts and ends
_WIDE = 60.0  # percent: scores that lie further apart stand on the whole axis
_MOST_STRIPS = 8


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """One reported score in percent, the source that reports it, its year or None, and its protocol or ''."""

    label: str
    score_pct: float
    year: int | None = None
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A score with its label as drawn and as spoken."""

    score: float
    label: Label


@dataclass(frozen=True, slots=True)
class _Group:
    """The scores of one protocol, the highest first; its name is '' where there is no other."""

    name: str
    spoken: str
    entries: tuple[_Entry, ...]

    @property
    def span(self) -> Span:
        values = [entry.score for entry in self.entries]
        return Span(min(values), _middle(values), max(values))


def spread_chart(
    entries: Sequence[ReportedScore], wording: ChartWording, style: Style, *, wide: Style | None = None
) -> Chart | None:
    """Draw the scores, the highest first, in groups of one protocol each, with the range and median of each.

    Groups are drawn as ``wide`` says where it is given. With fewer than two entries there is no spread and no chart.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(entries) < 2:
        return None
    safe = labels((entry.label for entry in entries), "entry_number", wording, style)
    protocols = list(dict.fromkeys(entry.protocol for entry in entries))
    named = labels(
        [name or wording("protocol_unknown") for name in protocols], "protocol_number", wording, style
    )
    groups = _groups(entries, safe, dict(zip(protocols, named, strict=True)))
    style = wide if wide and len(groups) > 1 else style
    drawing = _drawing(groups, wording, style)
    has_rows = isinstance(drawing, Rows)
    table: Table = (
        ("source", "year", "score_pct", "protocol"),
        *((each.label, each.year, each.score_pct, each.protocol) for each in entries),
    )
    return chart(
        "fig-spread",
        drawing,
        wording,
        drawn=[*(safe if has_rows else []), *(named if len(groups) > 1 else [])],
        caption=_caption(entries, groups, drawing, wording),
        kind="alt_rows" if has_rows else "alt_strip",
        alt=_alt(groups, wording, style, has_rows=has_rows),
        table=table,
        complete=isinstance(drawing, Rows) and drawing.are_whole,
    )


def _middle(values: Sequence[float]) -> float:
    return float(middle(values))


def _printer(style: Style) -> partial[str]:
    return partial(numbers.percentage, sign=style.decimal)


def _groups(
    entries: Sequence[ReportedScore], safe: Sequence[Label], named: dict[str, Label]
) -> tuple[_Group, ...]:
    """Put scores of one protocol together, the group with the highest median first."""
    by_protocol: dict[str, list[_Entry]] = {}
    for entry, label in zip(entries, safe, strict=True):
        by_protocol.setdefault(entry.protocol, []).append(_Entry(entry.score_pct, label))
    groups = [
        _Group(
            named[name].drawn if len(named) > 1 else "",
            named[name].spoken,
            tuple(sorted(found, key=lambda entry: -entry.score)),
        )
        for name, found in by_protocol.items()
    ]
    return tuple(sorted(groups, key=lambda group: -group.span.middle))


def _drawing(groups: Sequence[_Group], wording: ChartWording, style: Style) -> Rows | Strips:
    """Plan a row for each score; many are a strip for each protocol, or one for all."""
    scores = [entry.score for group in groups for entry in group.entries]
    middle, printed = _middle(scores), _printer(style)
    reference = ReferenceLine(middle, wording("median_all", value=printed(middle)), style.ink)
    look: dict[str, Any] = {"style": style, "reference": reference}
    if len(scores) <= MOST_ROWS:
        start, top = _reach(min(scores), max(scores))
        title = wording("score_from", start=f"{start:g}") if start else wording("score_pct")
        rows = tuple(row for group in groups for row in _rows(group, printed))
        return Rows(title=title, start=start, top=top, rows=rows, **look)
    strips = [
        Strip(f"{group.name} ({len(group.entries)})", Marker.NEUTRAL, tuple(e.score for e in group.entries))
        for group in groups
    ]
    if not 1 < len(strips) <= _MOST_STRIPS:
        strips = [Strip("", Marker.NEUTRAL, tuple(scores))]
    return Strips(title=wording("score_pct"), top=_PERCENT, steps=_STEPS, strips=tuple(strips), **look)


def _rows(group: _Group, printed: partial[str]) -> Iterator[Row]:
    """Head a group with its name, its range and its median; a score alone has no range."""
    if group.name:
        span = group.span
        figure = printed(span.middle) if len(group.entries) > 1 else ""
        yield Row(group.name, figure, span=span if len(group.entries) > 1 else None)
    for entry in group.entries:
        indent = INDENT if group.name else 0.0
        yield Row(entry.label.drawn, printed(entry.score), entry.score, indent=indent)


def _reach(low: float, high: float) -> tuple[float, float]:
    """Choose round ends of the axis; scores that lie far apart stand on the whole of it."""
    start, top = floor(low / _ROUND) * _ROUND, ceil(high / _ROUND) * _ROUND
    if top - start > _WIDE:
        return 0.0, _PERCENT
    if start <= _ROUND:
        return 0.0, float(max(top, 2 * _ROUND))
    if top - start < 2 * _ROUND:
        start, top = (start - _ROUND, top) if top + _ROUND > _PERCENT else (start, top + _ROUND)
    if top - start < 2 * _ROUND:
        start -= _ROUND
    return float(start), float(top)


def _caption(
    entries: Sequence[ReportedScore], groups: Sequence[_Group], drawing: Rows | Strips, wording: ChartWording
) -> Iterator[str]:
    printed = _printer(drawing.style)
    scores = [entry.score_pct for entry in entries]
    low, high = min(scores), max(scores)
    if low == high:
        yield wording("spread_equal", n=len(scores), value=printed(high))
    else:
        apart = numbers.percentage(exact(high) - exact(low), drawing.style.decimal)
        said = {"low": printed(low), "high": printed(high), "spread": apart}
        yield wording("spread_range", n=len(scores), median=printed(_middle(scores)), **said)
    if len(groups) > 1:
        yield wording("spread_groups", n=len(groups))
        if isinstance(drawing, Rows) and any(row.span for row in drawing.rows):
            yield wording("spread_span")
    if drawing.start:
        yield wording("axis_cut", start=f"{drawing.start:g}", end=f"{drawing.top:g}")
    if isinstance(drawing, Strips) and drawing.levels is None:
        yield wording("bars_step", step=str(_STEPS.width))
    yield from _years(entries, wording)


def _years(entries: Sequence[ReportedScore], wording: ChartWording) -> Iterator[str]:
    years = [entry.year for entry in entries if entry.year is not None]
    if years and min(years) != max(years):
        yield wording("spread_years", first=min(years), last=max(years))
    elif years:
        yield wording("spread_year", year=years[0])
    if years and (undated := len(entries) - len(years)):
        yield wording.count("spread_undated", undated)


def _alt(groups: Sequence[_Group], wording: ChartWording, style: Style, *, has_rows: bool) -> Iterator[str]:
    """Name each score below its protocol, or say how those of each protocol lie where they are many."""
    printed = _printer(style)
    if not has_rows:
        for group in groups if len(groups) > 1 else ():
            span = group.span
            said = {"low": printed(span.lower), "high": printed(span.upper), "median": printed(span.middle)}
            yield wording("alt_group_pct", label=f"{group.spoken} ({len(group.entries)})", **said)
        return
    for group in groups:
        named = ", ".join(
            wording("named_pct", label=entry.label.spoken, value=printed(entry.score))
            for entry in group.entries
        )
        if len(groups) > 1:
            yield wording("alt_source", label=group.spoken, list=named)
        else:
            yield wording("alt_all", list=named)
