"""What the bytes of a drawn chart depend on, as one key."""

from __future__ import annotations

import zlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of
from reportgen.charts.typeface import font_hash, typeface

if TYPE_CHECKING:
    from reportgen.charts.plots import Plot

_WRITERS = ("pdf.py", "plots.py", "style.py", "typeface.py", "charts.mplstyle")


def drawing_key(drawing: Plot) -> str:
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
