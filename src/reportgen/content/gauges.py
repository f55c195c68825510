"""The gauges of a report: a score on its scale, a ladder, counted claims, a confidence between 0 and 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.gauge import Box, Dot, Gauge, Line, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.gauge import Tone

CELL_MM = 37.0
AXIS_MM = 25.0
_BAR_Y, _BAR_MM = 3.4, 2.4
_LETTER_MM = 1.6
_LEAST_GAP_MM = 4.5
_SQUARE_MM, _PITCH_MM, _IN_A_ROW = 2.4, 2.85, 13


def score_gauge(
    score: float, band: tuple[float, float], edges: Sequence[float], reviewers: Sequence[float]
) -> Gauge:
    """Show a review score from 0 to 10, the band of its tier tinted, each reviewer a dot."""
    lowest, highest = (CELL_MM * edge / 10 for edge in band)
    top = _BAR_Y + _BAR_MM
    at = CELL_MM * score / 10
    shapes: list[Box | Line | Dot] = [
        Box(0, _BAR_Y, CELL_MM, _BAR_MM, "panel"),
        Box(lowest, _BAR_Y, highest - lowest, _BAR_MM, "band"),
        *(
            Line(CELL_MM * edge / 10, _BAR_Y, CELL_MM * edge / 10, top, "paper", 0.35)
            for edge in edges
            if 0 < edge < 10
        ),
        *(Dot(CELL_MM * each / 10, _BAR_Y + _BAR_MM / 2, 0.55, "dim") for each in reviewers),
        Line(at, _BAR_Y - 0.5, at, top + 0.9, "ink", 0.55),
        Dot(at, top + 1.1, 0.75, "ink"),
    ]
    return Gauge(CELL_MM, 8, tuple(shapes), _scale([0, *edges, 10]))


def _scale(values: Sequence[float]) -> tuple[Mark, ...]:
    """Mark a scale from 0 to 10 at its ends, and between them where numbers do not touch."""
    marks: list[Mark] = []
    ends = (_half(0), CELL_MM - _half(10))
    for value in sorted(set(values)):
        x = min(max(CELL_MM * value / 10, ends[0]), ends[1])
        is_free = not marks or x - marks[-1].x >= _LEAST_GAP_MM
        if value == 10 or (is_free and ends[1] - x >= _LEAST_GAP_MM):
            marks.append(Mark(round(x, 2), 0.3, f"{value:g}"))
    return tuple(marks)


def _half(value: float) -> float:
    return len(f"{value:g}") * _LETTER_MM / 2


def ladder_gauge(reached: Sequence[bool], current: int) -> Gauge:
    """Show the rungs of a ladder, the reached ones filled; ``current`` counts from 1."""
    pitch = CELL_MM / len(reached)
    boxes = (
        Box(index * pitch, _BAR_Y, pitch - 0.7, _BAR_MM, "accent" if is_reached else "dim", not is_reached)
        for index, is_reached in enumerate(reached)
    )
    marks = (
        Mark(index * pitch + (pitch - 0.7) / 2, 0.3, str(index + 1), index + 1 == current)
        for index in range(len(reached))
    )
    return Gauge(CELL_MM, 8, tuple(boxes), tuple(marks))


def tally_gauge(filled: int, total: int) -> Gauge:
    """Show counted things as squares, filled ones first; many as two parts of one bar."""
    rows = -(-total // _IN_A_ROW)
    if rows > 2:
        share = CELL_MM * filled / total
        bar = (
            Box(0, _BAR_Y, CELL_MM, _BAR_MM, "accent", outlined=True),
            Box(0, _BAR_Y, share, _BAR_MM, "accent"),
        )
        return Gauge(CELL_MM, 8, bar)
    lowest = _BAR_Y if rows == 1 else _BAR_Y - _PITCH_MM + 1.2
    squares = (
        Box(
            index % _IN_A_ROW * _PITCH_MM,
            lowest + (rows - 1 - index // _IN_A_ROW) * _PITCH_MM,
            _SQUARE_MM,
            _SQUARE_MM,
            "accent",
            index >= filled,
        )
        for index in range(total)
    )
    return Gauge(CELL_MM, 8, tuple(squares))


def bar_gauge(share: float, *, is_last: bool) -> Gauge:
    """Show a count as a bar; ``share`` is its part of the largest."""
    width = max(0.8, 17 * share)
    return Gauge(width, 2.2, (Box(0, 0, width, 2.2, "accent" if is_last else "band"),))


def axis_gauge(confidence: float | None, threshold: float | None, tone: Tone, *, is_open: bool) -> Gauge:
    """Show a confidence between 0 and 1, the threshold dashed."""
    shapes: list[Box | Line | Dot] = [*_axis(1.5)]
    if threshold is not None:
        at = AXIS_MM * threshold
        shapes.append(Line(at, 0, at, 3, "warn", 0.28, dashed=True))
    if confidence is not None:
        at = AXIS_MM * confidence
        shapes.append(Line(0, 1.5, at, 1.5, tone, 0.5))
        shapes.append(Dot(at, 1.5, 0.85, tone, is_open))
    return Gauge(AXIS_MM, 3, tuple(shapes))


def strip_gauge(confidences: Sequence[float]) -> Gauge:
    """Show where several confidences lie between 0 and 1."""
    places = sorted({round(AXIS_MM * each, 1) for each in confidences})
    return Gauge(AXIS_MM, 3, (*_axis(1.5), *(Line(at, 0.3, at, 2.7, "accent", 0.3) for at in places)))


def scale_gauge(sign: str) -> Gauge:
    """Name the ends and the middle of the scale of confidences."""
    marks = (Mark(0.8, 0.3, "0"), Mark(AXIS_MM / 2, 0.3, f"0{sign}5"), Mark(AXIS_MM - 0.8, 0.3, "1"))
    return Gauge(AXIS_MM, 3, (), marks)


def _axis(y: float) -> tuple[Line, ...]:
    return (
        Line(0, y, AXIS_MM, y, "hair", 0.25),
        *(Line(at, y - 0.5, at, y + 0.5, "hair", 0.25) for at in (0, AXIS_MM / 2, AXIS_MM)),
    )
