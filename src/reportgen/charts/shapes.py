"""A drawing as data: a few kinds of shapes, in points, from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: str
    width: float = 0.5
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A mark centred on a place; ``size`` is its diameter."""

    x: float
    y: float
    shape: Literal["circle", "cross"]
    colour: str
    size: float


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle from its top left corner; with an ``edge`` colour it is outlined and hatched."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One line of text; ``y`` is its baseline and ``x`` what ``align`` says of its width."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    align: Align = "left"


Shape = Line | Point | Box | Word


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in the order they are painted, on a sheet of known size in points, and the fonts for words."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    fonts: tuple[Path, ...]
