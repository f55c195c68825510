r"""Gauges as operators of PDF: ``\Gauge{width}{height}{operators}{numbers}``, the same in both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.latex.escaping import Latex
from reportgen.text.gauge import Box, Dot, Gauge, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.style import Style
    from reportgen.text.gauge import Tone

_POINTS = 72 / 25.4
_ROUND = 0.5523
"""How far the handles of a quarter of a circle stand from its ends."""
_DASHES = "[1.4 1.4] 0 d"
_FOUR_QUARTERS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))

TONES: Mapping[Tone, str] = {
    "ink": "",
    "accent": "",
    "dim": "#4A5462",
    "hair": "#C9D0D9",
    "panel": "#E9EDF2",
    "band": "#BCD3EA",
    "warn": "#9A3A00",
    "paper": "#FFFFFF",
}
"""The colours of a page; ink and accent are the house's."""


def tone_colour(tone: Tone, style: Style) -> str:
    """Return a colour as six hexadecimal digits behind a ``#``."""
    return {"ink": style.ink, "accent": style.accent}.get(tone, TONES[tone])


def tone_numbers(tone: Tone, style: Style) -> str:
    """Return a colour as red, green and blue from 0 to 1."""
    colour = tone_colour(tone, style)
    return " ".join(f"{int(colour[start : start + 2], 16) / 255:.3f}" for start in (1, 3, 5))


def draw_gauge(gauge: Gauge) -> Latex:
    r"""Write a gauge; colours are ``\Tone...``, three numbers each, of the preamble."""
    operators = " ".join(map(_shape, gauge.shapes))
    marks = "".join(
        f"\\GaugeMark{{{mark.x:.2f}mm}}{{{mark.y:.2f}mm}}{{{_strong(mark.text) if mark.strong else mark.text}}}"
        for mark in gauge.marks
    )
    return Latex(f"\\Gauge{{{gauge.width:.2f}mm}}{{{gauge.height:.2f}mm}}{{{operators}}}{{{marks}}}")


def _strong(text: str) -> str:
    return f"\\textbf{{{text}}}"


def _shape(shape: Box | Line | Dot) -> str:
    tone = f"\\Tone{shape.tone} "
    match shape:
        case Line(weight=weight):
            dash = f"{_DASHES} " if shape.dashed else ""
            ends = f"{_numbers(shape.x, shape.y)} m {_numbers(shape.to_x, shape.to_y)} l S"
            return f"q {_numbers(weight)} w {dash}{tone}RG {ends} Q"
        case Box(outlined=True):
            inner = _numbers(shape.x + 0.07, shape.y + 0.07, shape.width - 0.14, shape.height - 0.14)
            return f"q {_numbers(0.14)} w \\Tonepaper rg {tone}RG {inner} re B Q"
        case Box(tone="band"):
            # The tint is too light to be seen by all: its edge carries what it means.
            inner = _numbers(shape.x + 0.07, shape.y + 0.07, shape.width - 0.14, shape.height - 0.14)
            return f"q {_numbers(0.14)} w {tone}rg \\Toneaccent RG {inner} re B Q"
        case Box():
            return f"q {tone}rg {_numbers(shape.x, shape.y, shape.width, shape.height)} re f Q"
        case Dot():
            paint = f"{_numbers(0.3)} w \\Tonepaper rg {tone}RG" if shape.is_open else f"{tone}rg"
            return f"q {paint} {_circle(shape)} {'B' if shape.is_open else 'f'} Q"


def _circle(dot: Dot) -> str:
    start = f"{_numbers(dot.x + dot.radius, dot.y)} m"
    curves = (
        _numbers(
            *(
                part
                for right, up in (
                    (from_x + _ROUND * to_x, from_y + _ROUND * to_y),
                    (to_x + _ROUND * from_x, to_y + _ROUND * from_y),
                    (to_x, to_y),
                )
                for part in (dot.x + dot.radius * right, dot.y + dot.radius * up)
            )
        )
        + " c"
        for from_x, from_y, to_x, to_y in _FOUR_QUARTERS
    )
    return " ".join((start, *curves, "h"))


def _numbers(*millimetres: float) -> str:
    return " ".join(f"{each * _POINTS:.2f}" for each in millimetres)
