"""Labelled values in rows, in groups or not, over one scale."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.charts.plots import DOT, GAP, LABELS, Plot
from reportgen.charts.style import SIZE

MOST_ROWS = 30  # values that each have a row
INDENT = 8.0  # points of a row below the head of its group


@dataclass(frozen=True, slots=True)
class Span:
    """The range of a group and its median."""

    lower: float
    middle: float
    upper: float


@dataclass(frozen=True, slots=True)
class Row:
    """A value with its label, and the figure that is printed at the right; or the head of a group with its span."""

    label: str
    figure: str = ""
    value: float | None = None
    span: Span | None = None
    indent: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Plot):
    """A row for each value: its label, its mark on the scale, and its figure at the right."""

    rows: tuple[Row, ...]
    pitch: float = 12.5

    @property
    def labels(self) -> float:
        """Return the points that the labels take."""
        return min(self.style.width_pt * LABELS, max(map(self._width, self.rows)))

    @property
    def are_whole(self) -> bool:
        """Tell whether no label is cut for want of room."""
        return all(self._width(row) <= self.labels for row in self.rows)

    @property
    def left(self) -> float:
        """Return the place of the start of the scale in points from the left."""
        return self.labels + GAP + DOT / 2

    @property
    def tab(self) -> float:
        """Return the place of the decimal signs of the figures, which stand below one another."""
        after = max(
            self.face.width(row.figure, SIZE) - self.face.width(self.whole(row.figure), SIZE)
            for row in self.rows
        )
        return self.style.width_pt - after

    @property
    def right(self) -> float:
        """Return the place of the top of the scale in points from the left."""
        before = max(self.face.width(self.whole(row.figure), SIZE) for row in self.rows)
        return self.tab - before - GAP - DOT / 2

    @property
    def body(self) -> float:
        """Return the height of the rows in points."""
        return self.pitch * len(self.rows) + 2

    def whole(self, figure: str) -> str:
        """Return what stands before the decimal sign."""
        return figure.partition(self.style.decimal)[0]

    def _width(self, row: Row) -> float:
        return row.indent + self.face.width(row.label, SIZE)
