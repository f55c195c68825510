"""The years of the sources, as a chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, Table, chart
from reportgen.charts.plots import AXIS, MARGIN, Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

FEWEST = 5  # sources whose years are worth a chart
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_NARROWEST, _WIDEST = 14.0, 30.0  # points of a step of years
TALLEST = 48.0  # points of the tallest bar
_COUNT = 12.0  # points above it, for its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Years(Drawing):
    """A bar for each step of years from ``first`` on, with the number of its sources above it."""

    title: str
    first: int
    step: int
    counts: tuple[int, ...]

    @property
    def pitch(self) -> float:
        """Return the points from one bar to the next."""
        return min((self.style.width_pt - 2 * MARGIN) / len(self.counts), _WIDEST)

    @property
    def right(self) -> float:
        """Return where the axis ends."""
        return MARGIN + self.pitch * len(self.counts)

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        return AXIS + TALLEST + _COUNT


def years_chart(years: Sequence[int | None], wording: ChartWording, style: Style) -> Chart | None:
    """Count the sources by year, or by steps of years where there are too many to stand side by side.

    ``years`` has None for a source without one. With fewer than five dated sources, or with one year alone, there is
    no chart.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    known = sorted(year for year in years if year is not None)
    if len(known) < FEWEST or known[0] == known[-1]:
        return None
    most = int((style.width_pt - 2 * MARGIN) / _NARROWEST)
    step = next((step for step in _STEPS if known[-1] // step - known[0] // step < most), _STEPS[-1])
    first = known[0] // step
    found = Counter(year // step - first for year in known)
    counts = tuple(found[place] for place in range(max(found) + 1))
    drawing = Years(style=style, title=wording("year"), first=first * step, step=step, counts=counts)
    caption = [wording("years_title", n=len(known), first=known[0], last=known[-1], median=median_low(known))]
    if step > 1:
        caption.append(wording("years_step", step=step))
    if undated := len(years) - len(known):
        caption.append(wording.count("years_undated", undated))
    by_year = sorted(Counter(known).items())
    table: Table = (("year", "sources"), *by_year)
    return chart(
        "fig-years",
        drawing,
        wording,
        drawn=[],
        caption=caption,
        kind="alt_years",
        alt=[
            wording("alt_years_each", list=", ".join(wording("named", label=y, value=n) for y, n in by_year))
        ],
        table=table,
    )
