"""Labelled values, highest first: one row each, or their distribution where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.charts.chart import Chart, Label, chart
from reportgen.charts.plots import DotPlot, Histogram, Plot, Row, Series, Steps, reach
from reportgen.charts.style import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.charts.wording import ChartWording

MOST_ROWS = 30  # entries: up to here one column with room
_COLUMN = 60  # rows of a dense column: with its caption the chart stays on one page


@dataclass(frozen=True, slots=True)
class Entry:
    """One value, its label, the figures printed beside it, and its mark."""

    label: Label
    value: float
    figures: tuple[str, ...]
    mark: Mark = Mark.NEUTRAL


class Ranking:
    """Entries from the highest down, equals in the order they were given.

    They stand in ``columns`` of rows; where there are too many for the most, their distribution is drawn.
    """

    def __init__(self, entries: Iterable[Entry], wording: ChartWording, *, most_columns: int = 1) -> None:
        self.given = tuple(entries)
        self.entries = sorted(self.given, key=lambda entry: -entry.value)
        self.values = [entry.value for entry in self.entries]
        dense = max(2, -(-len(self.values) // _COLUMN))
        self.columns = 1 if len(self.values) <= MOST_ROWS else dense if dense <= most_columns else 0
        self.wording = wording

    def values_of(self, mark: Mark) -> tuple[float, ...]:
        """Return the values that bear a mark, as they were given."""
        return tuple(entry.value for entry in self.given if entry.mark is mark)

    @property
    def series(self) -> tuple[Series, ...]:
        """Return the values by their marks."""
        found = [Series(mark, self.wording(mark.value), self.values_of(mark)) for mark in Mark]
        return tuple(one for one in found if one.values)

    def plot(self, steps: Steps, count_title: str, *, least: float = 0.0, **look: Any) -> Plot:
        """Plan the rows, or the distribution; the scale reaches ``least`` in any case."""
        if not self.columns:
            top = max(steps.end(self.values), least)
            return Histogram(
                top=top, steps=steps, count_title=self.wording(count_title), series=self.series, **look
            )
        rows = tuple(Row(entry.label.drawn, entry.figures, entry.value, entry.mark) for entry in self.entries)
        return DotPlot(top=reach([*self.values, least], steps.limit), rows=rows, columns=self.columns, **look)

    def named(self, key: str = "named") -> list[str]:
        """Name each entry with its value, as in a sentence."""
        return [
            self.wording(key, label=entry.label.spoken, value=entry.figures[-1]) for entry in self.entries
        ]

    def all_named(self, key: str = "named") -> list[str]:
        """Say the values of all entries that have a row."""
        return [self.wording("alt_all", list=", ".join(self.named(key)))] if self.columns else []

    def chart(self, name: str, plot: Plot, caption: Iterable[str], alt: Iterable[str]) -> Chart:
        """Say in words what kind of plot it is."""
        drawn = [entry.label for entry in self.entries] if self.columns else []
        kind = "alt_rows" if self.columns else "alt_distribution"
        return chart(name, plot, self.wording, drawn=drawn, caption=caption, kind=kind, alt=alt)
