"""Pictures that somebody else made, each as a PDF of one page that may stand in any report.

A picture is read in a process with bounds on memory and time, and only what PDF/A allows and what draws is kept of
it: no program, no file, no colour for print.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from reportgen import DISTRIBUTION
from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.cache import key_of, recall
from reportgen.charts.place import empty_page
from reportgen.pdf.pictures.page import from_pdf
from reportgen.pdf.pictures.raster import LONGEST_SIDE, TooLargeError, from_jpeg, from_png
from reportgen.pdf.pictures.svg import from_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTES, SECONDS = 1500, 40
_HINTS = {
    ".png": "as PNG, by the program that it was made with",
    ".jpg": "as JPEG, by the program that it was made with",
    ".jpeg": "as JPEG, by the program that it was made with",
    ".pdf": "one page, RGB colours, embedded fonts that have all its letters, or outlines; nothing but the drawing",
    ".svg": "as PDF; or as SVG of shapes and lines alone, text as outlines, nothing from outside",
}
_SMALLER = f"at most {LONGEST_SIDE} pixels a side, for paper shows no more"
_RASTERS = frozenset([".png", ".jpg", ".jpeg"])
_LIBRARIES = (DISTRIBUTION, "fpdf2", "pikepdf", "pillow")
_READERS: Mapping[str, Callable[[bytes], bytes]] = {
    ".png": from_png,
    ".jpg": from_jpeg,
    ".jpeg": from_jpeg,
    ".pdf": from_pdf,
    ".svg": from_svg,
}


class PictureError(ValueError):
    """A file that cannot be printed as a picture; ``hint`` says how it is to be saved."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by a name of its own, as a PDF of one page, and its size in points."""

    name: str
    pdf: bytes
    width: float
    height: float

    @property
    def place(self) -> bytes:
        """Return an empty page of its size, for TeX."""
        return empty_page(self.name, self.width, self.height)


@cache
def _code() -> str:
    """Hash this package: another version of it may draw another page."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).hexdigest()


def read_picture(name: str, kind: str, content: bytes) -> Picture:
    """Make a file, of the kind that its ending says, into a picture.

    Raises:
        PictureError: it is damaged, or holds what no report may; or reading it takes too much.

    """
    key = key_of([kind, _code(), hashlib.sha256(content).hexdigest(), *map(version, _LIBRARIES)])

    def read() -> bytes:
        return call_bounded(_READERS[kind], content, megabytes=MEGABYTES, seconds=SECONDS)

    try:
        page = recall("pictures", key, ".pdf", read)
    except (ValueError, BoundError) as error:
        takes_too_much = isinstance(error, (TooLargeError, BoundError)) and kind in _RASTERS
        hint = _SMALLER if takes_too_much else _HINTS[kind]
        raise PictureError(str(error), f"save it anew: {hint}") from error
    with pikepdf.open(io.BytesIO(page)) as pdf:
        _, _, width, height = map(float, pdf.pages[0].mediabox)
    return Picture(name, page, width, height)
