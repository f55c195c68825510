"""Write a drawing as a PDF of one page with matplotlib: the only module that imports it."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends import backend_pdf
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from reportgen.base.errors import SetupError
from reportgen.charts.shapes import Box, Drawing, Line, Point, Shape, Word
from reportgen.charts.typeface import Typeface

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Type 3: in Type 42 the glyphs of ligatures count as missing for PDF/A.
_PARAMETERS: dict[Any, Any] = {
    "pdf.fonttype": 3,
    "pdf.compression": 9,
    "hatch.linewidth": 0.5,
    "path.simplify": False,
}
_NO_DATES = {"CreationDate": None, "Creator": None, "Producer": None}
_INCH = 72
_BACKEND: Any = backend_pdf  # it has no types

# matplotlib's parameters and fonts belong to the whole process: one drawing at a time.
_LOCK = Lock()


def write_pdf(drawing: Drawing) -> bytes:
    """Draw a page of exactly the drawing's size; the same drawing gives the same bytes on any day.

    Raises:
        reportgen.base.errors.SetupError: matplotlib does not use the fonts that the drawing was measured with.

    """
    with _LOCK, mpl.rc_context():
        parameters: Any = mpl.rcParams
        dict.update(parameters, _parameters())  # validated once; doing so for each chart takes long
        out = BytesIO()
        file = _BACKEND.PdfFile(out, metadata=_NO_DATES)
        width, height = drawing.width / _INCH, drawing.height / _INCH
        file.newPage(width, height)
        renderer = _BACKEND.RendererPdf(file, _INCH, height, width)
        sheet = _Sheet(renderer, drawing.height, Typeface(drawing.fonts))
        for _, shapes in groupby(drawing.shapes, key=_kind):
            sheet.paint(list(shapes))
        renderer.finalize()
        file.finalize()
        file.close()
    return out.getvalue()


@cache
def _parameters() -> dict[str, Any]:
    """Give matplotlib's own defaults with ours; a user's matplotlibrc is set aside."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_PARAMETERS)
        parameters: dict[Any, Any] = dict(mpl.rcParams.copy())
    del parameters["backend"]
    return parameters


def _kind(shape: Shape) -> tuple[object, ...]:
    """Tell which neighbours can be painted in one go: strokes and marks that look alike."""
    match shape:
        case Line():
            return (Line, shape.colour, shape.width, shape.dashed)
        case Point():
            return (Point, shape.shape, shape.colour, shape.size)
        case _:
            return (type(shape),)


class _Sheet:
    """The page under matplotlib's renderer: its artists would take as long again as what they draw."""

    def __init__(self, renderer: Any, height: float, face: Typeface) -> None:
        self._renderer = renderer
        self._height = height
        self._face = face
        # From points below the top left corner to matplotlib's points above the bottom left one.
        self._place = Affine2D.from_values(1, 0, 0, -1, 0, height)

    def paint(self, shapes: Sequence[Any]) -> None:
        """Paint shapes of one kind."""
        match shapes[0]:
            case Line():
                self._lines(shapes)
            case Point():
                self._points(shapes)
            case Box():
                for box in shapes:
                    self._box(box)
            case Word():
                for word in shapes:
                    self._word(word)

    def _context(self, colour: str, width: float = 1) -> Any:
        context = self._renderer.new_gc()
        context.set_foreground(to_rgba(colour), isRGBA=True)
        context.set_linewidth(width)
        return context

    def _lines(self, lines: Sequence[Line]) -> None:
        first = lines[0]
        context = self._context(first.colour, first.width)
        if first.dashed:
            context.set_dashes(0, (3 * first.width, 2 * first.width))
        ends = [end for line in lines for end in ((line.x0, line.y0), (line.x1, line.y1))]
        self._renderer.draw_path(
            context, Outline(ends, [Outline.MOVETO, Outline.LINETO] * len(lines)), self._place
        )

    def _points(self, points: Sequence[Point]) -> None:
        first = points[0]
        circle = first.shape == "circle"
        marker = _marker("o" if circle else "x")
        context = self._context(first.colour, 0 if circle else first.size * 0.27)
        context.set_joinstyle(marker.get_joinstyle())
        context.set_capstyle(marker.get_capstyle())
        self._renderer.draw_markers(
            context,
            marker.get_path(),
            marker.get_transform().scale(first.size if circle else first.size * 0.92),
            Outline([(point.x, point.y) for point in points]),
            self._place,
            to_rgba(first.colour) if circle else None,
        )

    def _box(self, box: Box) -> None:
        context = self._context(box.edge or box.fill, 0.5 if box.edge else 0)
        context.set_joinstyle("miter")
        if box.edge:
            context.set_hatch("/////")
            context.set_hatch_color(box.edge)
        place = Affine2D.from_values(box.width, 0, 0, -box.height, box.x, self._height - box.y)
        self._renderer.draw_path(context, Outline.unit_rectangle(), place, to_rgba(box.fill))

    def _word(self, word: Word) -> None:
        if not word.text:
            return
        font = _font(self._face.fonts_for(word.text), word.size)
        x = word.x
        if word.align != "left":
            width, _, _ = self._renderer.get_text_width_height_descent(word.text, font, ismath=False)
            x -= width if word.align == "right" else width / 2
        context = self._context(word.colour)
        self._renderer.draw_text(
            context, x, self._height - word.y, word.text, font, 0, mtext=_without_ligatures()
        )


# What follows is made while our parameters hold, and kept.


@cache
def _marker(name: str) -> Any:
    return MarkerStyle(name)


@cache
def _without_ligatures() -> Text:
    # With ligatures the text layer reads "veri fied"; a chart's few words do not miss them.
    text = Text()
    text.set_fontfeatures(("-liga", "-clig", "-dlig"))
    return text


@lru_cache(maxsize=256)
def _font(paths: tuple[Path, ...], size: float) -> FontProperties:
    return FontProperties(family=[_family(path) for path in paths], size=size)


@lru_cache(maxsize=32)
def _family(path: Path) -> str:
    """Register a font file under its own name, so that no installed font of the same family replaces it."""
    family = f"reportgen {path}"
    fontManager.ttflist.append(FontEntry(fname=str(path), name=family, weight=400, size="scalable"))
    try:
        fontManager.findfont(FontProperties(family=[family]), fallback_to_default=False)
    except ValueError as error:
        raise SetupError(f"matplotlib does not draw with {path}; unset MPL_IGNORE_SYSTEM_FONTS") from error
    return family
