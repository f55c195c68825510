"""Horizontal bars, each of two parts, with their figures at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.charts.frame import (
    AXIS_HEIGHT,
    LEGEND_HEIGHT,
    MARGIN,
    Guides,
    Key,
    Window,
    axis,
    axis_title,
    grid,
    legend,
    middle,
)
from reportgen.charts.shapes import Box, Drawing, Shape, Word
from reportgen.charts.style import DIM, INK, SIZE, Mark, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.charts.typeface import Typeface

_PITCH = 15.0
_THICK = 8.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many of each mark, in the order they are stacked, and what is printed at its end."""

    label: str
    parts: tuple[tuple[Mark, int], ...]
    figures: str

    @property
    def total(self) -> int:
        """Give the length of the whole bar."""
        return sum(count for _, count in self.parts)


def bar_plot(bars: Sequence[Bar], title: str, style: Style, face: Typeface, keys: Sequence[Key]) -> Drawing:
    """Draw the bars from top to bottom over an axis of counts from 0."""
    labels = min(style.width_pt * 0.4, max(face.width(bar.label, SIZE) for bar in bars))
    figures = max(face.width(bar.figures, SIZE) for bar in bars)
    window = Window(labels + 9, style.width_pt - figures - MARGIN, max(bar.total for bar in bars))
    upper = LEGEND_HEIGHT
    lower = upper + _PITCH * len(bars) + 2
    shapes = [*legend(keys, Guides(), face), *grid(window, upper, lower)]
    for index, bar in enumerate(bars):
        shapes += _bar(bar, window, upper + _PITCH * (index + 0.5), labels, face)
    shapes += [*axis(window, lower, style), axis_title(window.left, window.right, lower, title)]
    return Drawing(style.width_pt, lower + AXIS_HEIGHT, tuple(shapes), face.fonts)


def _bar(bar: Bar, window: Window, y: float, labels: float, face: Typeface) -> list[Shape]:
    shapes: list[Shape] = [Word(0, middle(y, SIZE), face.fit(bar.label, SIZE, labels), SIZE, DIM)]
    done = 0
    for mark, count in bar.parts:
        x0, x1 = window.x(done), window.x(done + count)
        if count:
            shapes.append(Box(x0, y - _THICK / 2, x1 - x0, _THICK, mark.fill, mark.edge))
        done += count
    return [*shapes, Word(window.x(done) + 5, middle(y, SIZE), bar.figures, SIZE, INK)]
