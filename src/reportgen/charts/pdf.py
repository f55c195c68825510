"""Write a drawing as a PDF of one page with matplotlib: the only module that imports it."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from reportgen.charts.shapes import Box, Drawing, Line, Point, Shape, Word
from reportgen.charts.typeface import Typeface
from reportgen.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from matplotlib.artist import Artist

# Type 3: in Type 42 the glyphs of ligatures count as missing for PDF/A. A user's matplotlibrc is set aside.
_PARAMETERS: dict[Any, Any] = {
    "pdf.fonttype": 3,
    "pdf.compression": 9,
    "hatch.linewidth": 0.5,
    "path.simplify": False,
}
_NO_DATES = {"CreationDate": None, "Creator": None, "Producer": None}
# With ligatures the text layer reads "veri fied"; a chart's few words do not miss them.
_FEATURES = ("-liga", "-clig", "-dlig")

# matplotlib's parameters and fonts belong to the whole process: one drawing at a time.
_LOCK = Lock()


def write_pdf(drawing: Drawing) -> bytes:
    """Draw a page of exactly the drawing's size; the same drawing gives the same bytes on any day.

    Raises:
        reportgen.errors.SetupError: matplotlib does not use the fonts that the drawing was measured with.

    """
    with _LOCK, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_PARAMETERS)
        figure = Figure(figsize=(drawing.width / 72, drawing.height / 72), dpi=72)
        figure.patch.set_visible(False)
        FigureCanvasPdf(figure)
        # From points below the top left corner to matplotlib's points above the bottom left one.
        place = Affine2D().scale(1, -1).translate(0, drawing.height)
        for order, (_, shapes) in enumerate(groupby(drawing.shapes, key=_kind)):
            for artist in _artists(list(shapes), Typeface(drawing.fonts)):
                artist.set_transform(place)
                artist.set_zorder(order)
                figure.add_artist(artist)
        out = BytesIO()
        figure.savefig(out, format="pdf", metadata=_NO_DATES)
    return out.getvalue()


def _kind(shape: Shape) -> tuple[object, ...]:
    """Tell which neighbours can be one artist: strokes and marks that look alike."""
    match shape:
        case Line():
            return (Line, shape.colour, shape.width, shape.dashed)
        case Point():
            return (Point, shape.shape, shape.colour, shape.size)
        case _:
            return (type(shape),)


def _artists(shapes: Sequence[Shape], face: Typeface) -> Iterable[Artist]:
    first = shapes[0]
    match first:
        case Line():
            ends = [((s.x0, s.y0), (s.x1, s.y1)) for s in shapes if isinstance(s, Line)]
            dashes = (0, (3, 2)) if first.dashed else "solid"
            yield LineCollection(ends, colors=first.colour, linewidths=first.width, linestyles=[dashes])
        case Point():
            yield _points([s for s in shapes if isinstance(s, Point)])
        case _:
            for shape in shapes:
                if isinstance(shape, Box):
                    yield _rectangle(shape)
                elif isinstance(shape, Word):
                    yield _text(shape, face)


def _points(points: Sequence[Point]) -> Line2D:
    first = points[0]
    circle = first.shape == "circle"
    return Line2D(
        [point.x for point in points],
        [point.y for point in points],
        linestyle="none",
        marker="o" if circle else "x",
        markersize=first.size if circle else first.size * 0.92,
        markerfacecolor=first.colour,
        markeredgecolor=first.colour,
        markeredgewidth=0 if circle else first.size * 0.27,
    )


def _rectangle(box: Box) -> Rectangle:
    return Rectangle(
        (box.x, box.y),
        box.width,
        box.height,
        facecolor=box.fill,
        edgecolor=box.edge or box.fill,
        linewidth=0.5 if box.edge else 0,
        hatch="/////" if box.edge else None,
    )


def _text(word: Word, face: Typeface) -> Text:
    families = [_family(path) for path in face.fonts_for(word.text)]
    text = Text(
        word.x,
        word.y,
        word.text,
        color=word.colour,
        horizontalalignment=word.align,
        verticalalignment="baseline",
        fontproperties=FontProperties(family=families, size=word.size),
        parse_math=False,
    )
    text.set_fontfeatures(_FEATURES)
    return text


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
