"""Gauges as SVG within a page: a list of claims has thousands, so they are written in few and short elements."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.html.render import escape
from reportgen.text.gauge import Box, Dot, Line
from reportgen.text.templates import Written

if TYPE_CHECKING:
    from reportgen.text.gauge import Gauge, Mark

_PIXELS = 96 / 25.4  # of CSS, to a millimetre


def draw_gauge(gauge: Gauge) -> Written:
    """Write a gauge in millimetres; its colours are classes."""
    width, height = gauge.width, gauge.height
    shapes = "".join(_drawn(list(same)) for _, same in groupby(gauge.shapes, key=_look))
    marks = "".join(_mark(mark, height) for mark in gauge.marks)
    return Written(
        f'<svg class="gauge" aria-hidden="true" viewBox="0 0 {width:.4g} {height:.4g}" width="{width * _PIXELS:.4g}"'
        f' height="{height * _PIXELS:.4g}"><g transform="matrix(1 0 0 -1 0 {height:.4g})">{shapes}</g>{marks}</svg>'
    )


def _look(shape: Box | Line | Dot) -> tuple[object, ...]:
    """Return what shapes have in common that are written as one."""
    if isinstance(shape, Line):
        return Line, shape.tone, shape.weight, shape.dashed
    is_open = shape.outlined if isinstance(shape, Box) else shape.is_open
    return type(shape), shape.tone, is_open


def _drawn(shapes: list[Box | Line | Dot]) -> str:
    first = shapes[0]
    if isinstance(first, Line):
        dashes = ' stroke-dasharray=".5 .5"' if first.dashed else ""
        return (
            f'<path class="line {first.tone}" stroke-width="{first.weight:.4g}"{dashes} d="{_path(shapes)}"/>'
        )
    is_open = first.outlined if isinstance(first, Box) else first.is_open
    return f'<path class="{first.tone}{" open" if is_open else ""}" d="{_path(shapes)}"/>'


def _path(shapes: list[Box | Line | Dot]) -> str:
    return "".join(map(_outline, shapes))


def _outline(shape: Box | Line | Dot) -> str:
    if isinstance(shape, Line):
        return f"M{shape.x:.4g} {shape.y:.4g}L{shape.to_x:.4g} {shape.to_y:.4g}"
    if isinstance(shape, Box):
        return f"M{shape.x:.4g} {shape.y:.4g}h{shape.width:.4g}v{shape.height:.4g}h{-shape.width:.4g}z"
    radius = shape.radius
    arc = f"a{radius:.4g} {radius:.4g} 0 1 0"
    return f"M{shape.x - radius:.4g} {shape.y:.4g}{arc} {2 * radius:.4g} 0{arc} {-2 * radius:.4g} 0z"


def _mark(mark: Mark, height: float) -> str:
    weight = ' font-weight="bold"' if mark.strong else ""
    return f'<text x="{mark.x:.4g}" y="{height - mark.y:.4g}"{weight}>{escape(mark.text)}</text>'
