"""A finished chart: what is drawn, and the same said in words."""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of, recall
from reportgen.base.early_process import Function
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.charts.place import empty_page
from reportgen.charts.style import MILLIMETRE, Style
from reportgen.charts.typeface import ELLIPSIS, drawable, font_hash, plain, typeface

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.charts.plots import Drawing
    from reportgen.charts.typeface import Typeface
    from reportgen.charts.wording import ChartWording

Table = tuple[tuple[str | float | None, ...], ...]
"""Rows of values, the first of them names of columns."""

DRAW = Function("reportgen.charts.pdf", "write_pdf")
_WRITERS = tuple(
    sorted(
        file.name for file in files("reportgen.charts").iterdir() if file.name.endswith((".py", ".mplstyle"))
    )
)
_SPOKEN = 120  # characters of one label in an alternative text


@dataclass(frozen=True)
class Chart:
    """One figure of the report.

    Attributes: ``name`` is its role and the stem of its file name (``fig-confidence``); ``caption`` and
    ``alt``, which adds to it, are plain text, not LaTeX; ``table`` are the values drawn, below a row of names;
    ``complete`` says that the drawing prints each of them, so that a table beside it would only repeat it.

    """

    name: str
    drawing: Drawing = field(repr=False)
    caption: str
    alt: str
    table: Table = field(repr=False, default=())
    complete: bool = False

    @property
    def width(self) -> float:
        """Return how many millimetres wide it is printed: at this width its type has the size it was drawn in."""
        return round(self.drawing.style.width_pt / MILLIMETRE, 2)

    @property
    def place(self) -> bytes:
        """Return an empty page of the chart's size, for TeX to set while the chart is drawn."""
        return empty_page(self.name, self.drawing.style.width_pt, self.drawing.height)

    @property
    def csv(self) -> bytes:
        """Return the values drawn as CSV, UTF-8, one line each; what is not known is empty."""
        out = StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(self.table)
        return out.getvalue().encode("utf-8")

    @cached_property
    def pdf(self) -> bytes:
        """Return the chart as a PDF of one page; where it is not in the cache it is drawn, with matplotlib."""
        return recall("charts", drawing_key(self.drawing), ".pdf", lambda: DRAW(self.drawing))

    @property
    def svg(self) -> bytes:
        """Return the chart as SVG, drawn anew: that is as quick as looking for it in the cache."""
        from reportgen.charts.svg import write_svg

        return write_svg(self.drawing)


def drawing_key(drawing: Drawing) -> str:
    """Hash a plot, its fonts, and the code and libraries that draw it.

    A plot is nothing but numbers, words and paths, and its ``repr`` says each of them exactly.
    """
    fonts = typeface(drawing.style.fonts).fonts
    return key_of([repr(drawing), *(font_hash(path) for path in fonts), *_writers()])


@cache
def _writers() -> tuple[str | bytes, ...]:
    """Name what draws: our own source rather than our version, so that a change of it shows at once."""
    sources = [(files("reportgen.charts") / name).read_bytes() for name in _WRITERS]
    return (*sources, version("matplotlib"), version("fonttools"), zlib.ZLIB_RUNTIME_VERSION)


@dataclass(frozen=True, slots=True)
class Label:
    """An untrusted label made safe: as drawn and as it stands in a sentence; no font prints one that is cut."""

    drawn: str
    spoken: str
    is_cut: bool


def chart(
    name: str,
    drawing: Drawing,
    wording: ChartWording,
    *,
    drawn: Iterable[Label],
    caption: Iterable[str],
    kind: str,
    alt: Iterable[str],
    table: Table,
    complete: bool = False,
) -> Chart:
    """Join the sentences, and make sure that the fonts can print every word of the drawing.

    The alternative text says what ``kind`` of drawing it is, then ``alt``, then where the values are; what the
    caption says it does not repeat. The caption counts the labels that are ``drawn`` cut short or as their number.

    Raises:
        reportgen.base.errors.SetupError: the wording of the locale holds a character that no font here has.

    """
    words = repr(replace(drawing, style=Style()))  # without the paths of the fonts
    if missing := typeface(drawing.style.fonts).lacks(words):
        message = f"no font for charts has the characters {' '.join(missing)} of the locale's wording"
        hint = "give charts a font that has them"
        raise SetupError([Problem("chart-font", Level.ERROR, Where(), message, hint)])
    said = [*caption]
    if cut := sum(label.is_cut for label in drawn):
        said.append(wording.count("substituted", cut))
    heard = [wording(kind), *alt, wording("alt_values", file=f"report-{name}.csv")]
    return Chart(name, drawing, " ".join(said), " ".join(heard), table, complete)


def labels(texts: Iterable[str], stand_in: str, wording: ChartWording, style: Style) -> list[Label]:
    """Cut each label before the first character that cannot be drawn; where nothing is left, number it.

    Numbers count from 1. A sentence keeps what the drawing cannot print: TeX sets it, in other fonts.
    """
    face = typeface(style.fonts)
    return [_label(text, f"[{wording(stand_in, n=number)}]", face) for number, text in enumerate(texts, 1)]


def _label(text: str, numbered: str, face: Typeface) -> Label:
    label = drawable(text)
    safe = face.printable_start(label)
    is_cut = not label or safe != label
    if is_cut:
        safe = f"{safe}{ELLIPSIS}" if any(map(str.isalnum, safe)) else numbered
    return Label(safe, _shortened(plain(text)) if label else numbered, is_cut)


def _shortened(text: str) -> str:
    return text if len(text) <= _SPOKEN else text[: _SPOKEN - 1].rstrip() + ELLIPSIS
