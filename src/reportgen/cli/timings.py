"""``reportgen compile --timings``: where the time of each report went."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reportgen.base.timings import process_start, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.timings import Span


@contextmanager
def taken_down(rows: list[dict[str, Any]]) -> Iterator[None]:
    """Take down the stages of the block as rows: stage, start and milliseconds; what no stage accounts for too.

    The first block of a process starts with the process, so that it accounts for imports.
    """
    began = (None if rows else process_start()) or time.monotonic()
    with timed() as spans:
        yield
    end = time.monotonic()
    rows.clear()
    rows.extend(_row(span.stage, span.start - began, span.seconds, span.depth) for span in _in_order(spans))
    rows.append(_row("start, imports and the rest", 0.0, end - began - _covered(spans), 0))
    rows.append(_row("in all", 0.0, end - began, 0))


def _covered(spans: list[Span]) -> float:
    """Return the time that any stage ran, in seconds; a chart is drawn while TeX runs."""
    covered, until = 0.0, 0.0
    for span in _in_order(spans):
        ended = span.start + span.seconds
        covered += max(0.0, ended - max(span.start, until))
        until = max(until, ended)
    return covered


def _in_order(spans: list[Span]) -> list[Span]:
    """Sort by start, each stage before those inside it."""
    return sorted(spans, key=lambda span: (span.start, span.depth))


def _row(stage: str, start: float, seconds: float, depth: int) -> dict[str, Any]:
    return {
        "stage": stage,
        "depth": depth,
        "start_ms": round(start * 1000, 1),
        "ms": round(seconds * 1000, 1),
    }


def timings_table(rows: list[dict[str, Any]]) -> str:
    """Lay the rows out for people; an indented stage is part of the one above it."""
    names = ["  " * row["depth"] + row["stage"] for row in rows]
    width = max(map(len, names))
    lines = [f"{'stage':<{width}}  {'from':>9}  {'takes':>9}"]
    for name, row in zip(names, rows, strict=True):
        lines.append(f"{name:<{width}}  {row['start_ms']:>6.1f} ms  {row['ms']:>6.1f} ms")
    return "\n".join(lines)
