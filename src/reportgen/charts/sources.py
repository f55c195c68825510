"""How many claims rest on each source, and how many of those are verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.plots import Bar, BarPlot
from reportgen.charts.style import Mark, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.wording import ChartWording

MOST = 20  # sources with a bar of their own
_NAMED = 3  # sources named in the alternative text


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source with the numbers of its verified and not verified claims."""

    label: str
    verified: int
    unverified: int

    @property
    def total(self) -> int:
        """Return the number of claims tied to the source."""
        return self.verified + self.unverified


def sources_chart(rows: Sequence[SourceRow], wording: ChartWording, style: Style) -> Chart | None:
    """Draw the claims of each source, most first; sources past the twentieth share one line without a bar.

    A claim with several sources counts in the row of each; the caption states it. With fewer than two
    sources, or without claims, there is nothing to compare and no chart.

    Raises:
        reportgen.base.errors.TemplateError: a wording is missing.
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(rows) < 2 or not any(row.total for row in rows):
        return None
    texts = labels([row.label for row in rows], lambda n: wording("source_number", n=n), style)
    order = sorted(range(len(rows)), key=lambda i: (-rows[i].total, i))
    # "Others (1)" would hide a label without saving a line.
    kept, rest = (order, []) if len(order) <= MOST + 1 else (order[:MOST], order[MOST:])
    counts = sum(row.verified for row in rows), sum(row.unverified for row in rows)
    bars = [_bar(texts.drawn[i], rows[i].verified, rows[i].unverified, wording) for i in kept]
    if rest:
        # Their sum is no source's: a bar of it would dwarf those that can be compared.
        verified, unverified = sum(rows[i].verified for i in rest), sum(rows[i].unverified for i in rest)
        figures = wording("of_total", verified=verified, total=verified + unverified)
        bars.append(Bar(wording("others", n=len(rest)), (), figures))
    plot = BarPlot(
        style=style,
        title=wording("claims"),
        top=rows[order[0]].total,
        keys=tuple((mark, wording(mark.name.lower())) for mark, n in _parts(*counts) if n),
        bars=tuple(bars),
    )
    hidden = tuple(rows[i].label for i in sorted(kept) if rows[i].label in texts.substituted)
    caption = list(_caption(rows, [rows[i] for i in rest], wording))
    if hidden:
        caption.append(wording.count("substituted", len(hidden)))
    named = [
        wording("named_source", label=texts.spoken[i], verified=rows[i].verified, total=rows[i].total)
        for i in order[:_NAMED]
    ]
    alt = [wording("alt_bars"), *caption, wording("alt_sources", list=", ".join(named))]
    return chart("fig-sources", plot, caption=caption, alt=alt, substituted=hidden)


def _parts(verified: int, unverified: int) -> tuple[tuple[Mark, int], ...]:
    return (Mark.VERIFIED, verified), (Mark.UNVERIFIED, unverified)


def _bar(label: str, verified: int, unverified: int, wording: ChartWording) -> Bar:
    total = verified + unverified
    figures = wording("of_total", verified=verified, total=total) if total else wording("no_claims")
    return Bar(label, _parts(verified, unverified), figures)


def _caption(rows: Sequence[SourceRow], rest: Sequence[SourceRow], wording: ChartWording) -> Iterator[str]:
    verified, total = sum(row.verified for row in rows), sum(row.total for row in rows)
    yield wording("sources_title", n=len(rows))
    key = "both" if 0 < verified < total else "verified" if verified else "unverified"
    yield wording(f"sources_{key}")
    yield wording("sources_counting")
    if rest:
        yield wording("sources_others", n=len(rest), claims=sum(row.total for row in rest))
