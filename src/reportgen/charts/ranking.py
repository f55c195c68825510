"""Scores of named entries, highest first: one row each, or their distribution where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.charts.distribution import Series, Steps, distribution
from reportgen.charts.dots import Row, dot_plot
from reportgen.charts.style import Mark, Style

if TYPE_CHECKING:
    from reportgen.charts.chart import Labels
    from reportgen.charts.frame import Guides
    from reportgen.charts.shapes import Drawing
    from reportgen.charts.typeface import Typeface

MOST_ROWS = 30  # entries with a row of their own


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a ranking: how far its rows reach, its steps for bars, and the name of its values."""

    top: float
    steps: Steps
    name: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries with their values and the figures printed beside them, in the order they were given."""

    labels: Labels
    values: tuple[float, ...]
    figures: tuple[tuple[str, ...], ...]

    @property
    def in_rows(self) -> bool:
        """Tell whether every entry has a row, with its label."""
        return len(self.values) <= MOST_ROWS

    @property
    def order(self) -> list[int]:
        """Give the places of the entries from the highest value down; equals keep their order."""
        return sorted(range(len(self.values)), key=lambda i: -self.values[i])

    @property
    def substituted(self) -> tuple[str, ...]:
        """Give the labels that stand in the drawing as their number."""
        return self.labels.substituted if self.in_rows else ()


def draw_ranking(ranking: Ranking, scale: Scale, guides: Guides, style: Style, face: Typeface) -> Drawing:
    """Draw the rows, or the distribution where there are more entries than rows."""
    if not ranking.in_rows:
        series = Series(Mark.NEUTRAL, scale.name, ranking.values)
        return distribution([series], scale.steps, style, face, guides=guides)
    rows = [
        Row(ranking.labels.drawn[i], ranking.figures[i], ranking.values[i], Mark.NEUTRAL)
        for i in ranking.order
    ]
    return dot_plot(rows, scale.top, scale.steps.title, style, face, guides=guides)
