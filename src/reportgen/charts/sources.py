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

    @property
    def parts(self) -> tuple[tuple[Mark, int], ...]:
        """Return the number of claims of each mark that it has."""
        counts = ((Mark.VERIFIED, self.verified), (Mark.UNVERIFIED, self.unverified))
        return tuple((mark, count) for mark, count in counts if count)


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
    safe = labels((row.label for row in rows), "source_number", wording, style)
    ranked = sorted(zip(rows, safe, strict=True), key=lambda pair: -pair[0].total)
    # "Others (1)" would hide a label without saving a line.
    kept = ranked if len(ranked) <= MOST + 1 else ranked[:MOST]
    bars = [Bar(label.drawn, row.parts, _figures(row, wording)) for row, label in kept]
    caption = [*_caption(rows, wording)]
    if rest := [row for row, _ in ranked[len(kept) :]]:
        # Their sum is no source's: a bar of it would dwarf those that can be compared.
        verified, total = _sums(rest)
        bars.append(
            Bar(wording("others", n=len(rest)), (), wording("of_total", verified=verified, total=total))
        )
        caption.append(wording("sources_others", n=len(rest), claims=total))
    marks = {mark for row in rows for mark, _ in row.parts}
    plot = BarPlot(
        style=style,
        title=wording("claims"),
        top=ranked[0][0].total,
        keys=tuple((mark, wording(mark.value)) for mark in Mark if mark in marks),
        bars=tuple(bars),
    )
    named = ", ".join(
        wording("named_source", label=label.spoken, verified=row.verified, total=row.total)
        for row, label in ranked[:_NAMED]
    )
    return chart(
        "fig-sources",
        plot,
        wording,
        drawn=[label for _, label in kept],
        caption=caption,
        kind="alt_bars",
        alt=[wording("alt_sources", list=named)],
    )


def _figures(row: SourceRow, wording: ChartWording) -> str:
    return wording("of_total", verified=row.verified, total=row.total) if row.total else wording("no_claims")


def _sums(rows: Sequence[SourceRow]) -> tuple[int, int]:
    """Add up the verified and all claims."""
    return sum(row.verified for row in rows), sum(row.total for row in rows)


def _caption(rows: Sequence[SourceRow], wording: ChartWording) -> Iterator[str]:
    verified, total = _sums(rows)
    yield wording("sources_title", n=len(rows))
    key = "both" if 0 < verified < total else "verified" if verified else "unverified"
    yield wording(f"sources_{key}")
    yield wording("sources_counting")
