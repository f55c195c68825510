"""The dot plot: a row for each value, with its label, its figures and a stem from 0 to its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.charts.frame import (
    AXIS_HEIGHT,
    MARGIN,
    Guides,
    Key,
    Window,
    axis,
    axis_title,
    grid,
    guides_before,
    guides_behind,
    guides_height,
    legend,
    legend_height,
    middle,
)
from reportgen.charts.shapes import Drawing, Line, Point, Shape, Word
from reportgen.charts.style import DIM, INK, SIZE, SMALL, Mark, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.typeface import Typeface

_GUTTER = 12.0  # points between two columns
_LABELS = 0.36  # of a column's width, the most its labels take


@dataclass(frozen=True, slots=True)
class Row:
    """One value, its label, the figures printed beside it, and its mark."""

    label: str
    figures: tuple[str, ...]
    value: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class _Columns:
    """The places of a column's parts, from its left edge; ``figures`` are those of the decimal signs."""

    decimal: str
    size: float
    pitch: float
    point: float
    width: float
    labels: float
    figures: tuple[float, ...]
    plot: float


def dot_plot(
    rows: Sequence[Row],
    top: float,
    title: str,
    style: Style,
    face: Typeface,
    *,
    keys: Sequence[Key] = (),
    guides: Guides | None = None,
    columns: int = 1,
) -> Drawing:
    """Draw the rows in their order, down each column in turn; the scale runs from 0 to ``top``."""
    guides = guides or Guides()
    parts = _columns(rows, columns, style, face)
    length = -(-len(rows) // columns)
    first = _window(parts, 0, top)
    upper = legend_height(keys, guides) + guides_height(guides, first, face)
    lower = upper + parts.pitch * length + 2
    shapes = legend(keys, guides, face)
    for column in range(columns):
        window = _window(parts, column, top)
        shapes += guides_behind(guides, window, upper, lower, face)
        shapes += grid(window, upper, lower)
        chunk = rows[column * length : (column + 1) * length]
        for index, row in enumerate(chunk):
            shapes += _row(row, window, upper + parts.pitch * (index + 0.5), parts, face)
        shapes += guides_before(guides, window, upper, lower)
        shapes += [_point(row, window, upper + parts.pitch * (i + 0.5), parts) for i, row in enumerate(chunk)]
        shapes += axis(window, lower, style)
    shapes.append(axis_title(first.left, _window(parts, columns - 1, top).right, lower, title))
    return Drawing(style.width_pt, lower + AXIS_HEIGHT, tuple(shapes), face.fonts)


def _columns(rows: Sequence[Row], columns: int, style: Style, face: Typeface) -> _Columns:
    dense = columns > 1
    size, pitch, point, gap = (SMALL, 8.6, 3.6, 5.0) if dense else (SIZE, 13.0, 5.0, 8.0)
    width = (style.width_pt - _GUTTER * (columns - 1)) / columns
    labels = min(width * _LABELS, max(face.width(row.label, size) for row in rows))
    figures, at = [], labels + gap
    for column in zip(*(row.figures for row in rows), strict=True):
        before = max(face.width(_whole(text, style.decimal), size) for text in column)
        after = max(face.width(text, size) - face.width(_whole(text, style.decimal), size) for text in column)
        figures.append(at + before)
        at += before + after + gap
    return _Columns(style.decimal, size, pitch, point, width, labels, tuple(figures), at + 2)


def _whole(figures: str, decimal: str) -> str:
    """Give what stands before the decimal sign."""
    return figures.partition(decimal)[0]


def _window(parts: _Columns, column: int, top: float) -> Window:
    left = column * (parts.width + _GUTTER)
    return Window(left + parts.plot, left + parts.width - MARGIN, top)


def _row(row: Row, window: Window, y: float, parts: _Columns, face: Typeface) -> list[Shape]:
    left, baseline, size = window.left - parts.plot, middle(y, parts.size), parts.size
    shapes: list[Shape] = [
        Line(window.left, y, window.x(row.value), y, row.mark.tint, parts.point / 5),
        Word(left, baseline, face.fit(row.label, size, parts.labels), size, DIM),
    ]
    for at, text in zip(parts.figures, row.figures, strict=True):
        x = left + at - face.width(_whole(text, parts.decimal), size)
        if text:
            shapes.append(Word(x, baseline, text, size, INK))
    return shapes


def _point(row: Row, window: Window, y: float, parts: _Columns) -> Point:
    return Point(window.x(row.value), y, row.mark.shape, row.mark.colour, parts.point)
