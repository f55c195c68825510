"""Scores of named entries, highest first: one row each, or their distribution where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.charts.chart import Chart, Labels, chart
from reportgen.charts.plots import DotPlot, Histogram, Plot, Row, Series, Steps
from reportgen.charts.style import Mark

if TYPE_CHECKING:
    from reportgen.charts.wording import ChartWording

MOST_ROWS = 30  # entries with a row of their own


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries with their values and the figures printed beside them, in the order they were given."""

    labels: Labels
    values: tuple[float, ...]
    figures: tuple[tuple[str, ...], ...]
    wording: ChartWording

    @property
    def in_rows(self) -> bool:
        """Tell whether every entry has a row, with its label."""
        return len(self.values) <= MOST_ROWS

    @property
    def order(self) -> list[int]:
        """Return the places of the entries from the highest value down; equals keep their order."""
        return sorted(range(len(self.values)), key=lambda i: -self.values[i])

    @property
    def substituted(self) -> tuple[str, ...]:
        """Return the labels that stand in the drawing as their number."""
        return self.labels.substituted if self.in_rows else ()

    def plot(self, top: float, steps: Steps, count_title: str, **look: Any) -> Plot:
        """Plan the rows, or the distribution; with bands the whole scale is shown."""
        if self.in_rows:
            rows = [
                Row(self.labels.drawn[i], self.figures[i], self.values[i], Mark.NEUTRAL) for i in self.order
            ]
            return DotPlot(top=top, rows=tuple(rows), **look)
        series = (Series(Mark.NEUTRAL, self.wording("scores"), self.values),)
        end = steps.limit if look.get("bands") else steps.end(self.values)
        return Histogram(top=end, steps=steps, count_title=count_title, series=series, **look)

    def chart(self, name: str, plot: Plot, caption: list[str], named: str) -> Chart:
        """Say in words what kind of plot it is, what the caption says, and in rows each value."""
        wording, spoken = self.wording, self.labels.spoken
        if self.substituted:
            caption.append(wording.count("substituted", len(self.substituted)))
        alt = [wording("alt_rows" if self.in_rows else "alt_distribution"), *caption]
        if self.in_rows:
            values = [wording(named, label=spoken[i], value=self.figures[i][-1]) for i in self.order]
            alt.append(wording("alt_all", list=", ".join(values)))
        return chart(name, plot, caption=caption, alt=alt, substituted=self.substituted)
