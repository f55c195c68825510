"""A finished chart: what is drawn, and the same said in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from reportgen.base.cache import recall
from reportgen.base.early_process import Function
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.charts.key import drawing_key
from reportgen.charts.place import empty_page
from reportgen.charts.style import Style
from reportgen.charts.typeface import ELLIPSIS, drawable, plain, typeface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.charts.plots import Plot

DRAW = Function("reportgen.charts.pdf", "write_pdf")
_SPOKEN = 120  # characters of one label in an alternative text


@dataclass(frozen=True)
class Chart:
    """One figure of the report.

    Attributes: ``name`` is its role and the stem of its file name (``fig-confidence``); ``caption`` and
    ``alt`` are plain text, not LaTeX; ``substituted`` are the labels no font could print, which stand in the
    drawing cut short or as their number.

    """

    name: str
    drawing: Plot = field(repr=False)
    caption: str
    alt: str
    substituted: tuple[str, ...] = ()

    @property
    def width_pt(self) -> float:
        """Return the width in PDF points, known before anything is drawn."""
        return self.drawing.style.width_pt

    @property
    def height_pt(self) -> float:
        """Return the height in PDF points, known before anything is drawn."""
        return self.drawing.height

    @property
    def place(self) -> bytes:
        """Return an empty page of the chart's size, for TeX to set while the chart is drawn."""
        return empty_page(self.name, self.width_pt, self.height_pt)

    @cached_property
    def pdf(self) -> bytes:
        """Return the chart as a PDF of one page; where it is not in the cache it is drawn, with matplotlib."""
        return recall("charts", drawing_key(self.drawing), ".pdf", lambda: DRAW(self.drawing))


def chart(
    name: str,
    drawing: Plot,
    *,
    caption: Iterable[str],
    alt: Iterable[str],
    substituted: Sequence[str],
) -> Chart:
    """Join the sentences, and make sure that the fonts can print every word of the drawing.

    Raises:
        reportgen.base.errors.SetupError: the wording of the locale holds a character that no font here has.

    """
    words = repr(replace(drawing, style=Style()))  # without the paths of the fonts
    if missing := typeface(drawing.style.fonts).lacks(words):
        message = f"no font for charts has the characters {' '.join(missing)} of the locale's wording"
        hint = "give charts a font that has them"
        raise SetupError([Problem("chart-font", Level.ERROR, Where(), message, hint)])
    return Chart(name, drawing, _joined(caption), _joined(alt), tuple(substituted))


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


@dataclass(frozen=True, slots=True)
class Labels:
    """Untrusted labels made safe: as drawn, as they stand in a sentence, and those that no font can print."""

    drawn: tuple[str, ...]
    spoken: tuple[str, ...]
    substituted: tuple[str, ...]


def labels(texts: Sequence[str], stand_in: Callable[[int], str], style: Style) -> Labels:
    """Cut each label before the first character that cannot be drawn; where nothing is left, number it.

    Numbers count from 1. A sentence keeps what the drawing cannot print: TeX sets it, in other fonts.
    """
    face = typeface(style.fonts)
    drawn, said, substituted = [], [], []
    for number, text in enumerate(texts, 1):
        label, numbered = drawable(text), f"[{stand_in(number)}]"
        safe = face.printable_start(label)
        if not label or safe != label:
            substituted.append(text)
            safe = f"{safe}{ELLIPSIS}" if any(map(str.isalnum, safe)) else numbered
        drawn.append(safe)
        said.append(_shortened(plain(text)) if label else numbered)
    return Labels(tuple(drawn), tuple(said), tuple(substituted))


def _shortened(text: str) -> str:
    return text if len(text) <= _SPOKEN else text[: _SPOKEN - 1].rstrip() + ELLIPSIS
