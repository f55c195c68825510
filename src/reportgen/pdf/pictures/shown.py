"""A picture as a browser shows it: drawn from its page, so that nothing of the file that somebody gave is passed on."""

from __future__ import annotations

import hashlib
import io
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import pypdfium2 as pdfium

from reportgen.base.cache import key_of, recall

if TYPE_CHECKING:
    from reportgen.pdf.pictures import Picture

_A_POINT: Final = 2.5
"""Pixels for a point: sharp on most screens at the size of print."""
_LONGEST: Final = 2400


def picture_png(picture: Picture) -> bytes:
    """Draw a picture as PNG on white; the same picture gives the same bytes on any day."""
    key = key_of(["png", hashlib.sha256(picture.pdf).hexdigest(), *map(version, ("pypdfium2", "pillow"))])
    return recall("pictures", key, ".png", lambda: _drawn(picture))


def _drawn(picture: Picture) -> bytes:
    scale = min(_A_POINT, _LONGEST / max(picture.width, picture.height, 1))
    document = pdfium.PdfDocument(picture.pdf)
    try:
        bitmap = document[0].render(scale=scale)
        out = io.BytesIO()
        bitmap.to_pil().save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()
