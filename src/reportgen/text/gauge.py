"""Gauges: small drawings beside words, each of a few shapes; what they show is said in the words.

Lengths are millimetres from the lower left corner. Colours are named by what they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["ink", "accent", "dim", "hair", "panel", "band", "warn", "paper"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its lower left corner; an outlined one is white within."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    tone: Tone
    weight: float = 0.14
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle by its middle; an open one is white within."""

    x: float
    y: float
    radius: float
    tone: Tone
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A number on a scale, by its middle and its base line."""

    x: float
    y: float
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Gauge:
    """A drawing, its shapes from the lowest to the topmost."""

    width: float
    height: float
    shapes: tuple[Box | Line | Dot, ...]
    marks: tuple[Mark, ...] = ()
