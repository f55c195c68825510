"""Pictures and charts, each a PDF of one page, as PNG: for formats that cannot hold a page."""

from __future__ import annotations

import hashlib
import io
from importlib.metadata import version
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of, recall

if TYPE_CHECKING:
    from PIL.Image import Image

_DOTS_PER_INCH = 220
"""What word processors keep of a picture, and twice what a screen shows."""
_MOST_PIXELS = 2400
_POINTS_PER_INCH = 72


def draw_pixels(page: bytes) -> bytes:
    """Return a PDF of one page as PNG on white; the same page gives the same bytes on any day."""
    key = key_of(
        [hashlib.sha256(page).hexdigest(), str(_DOTS_PER_INCH), *map(version, ("pypdfium2", "pillow"))]
    )
    return recall("pictures", key, ".png", lambda: _drawn(page))


def _drawn(page: bytes) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(page)
    try:
        longest = max(document[0].get_size())
        scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _MOST_PIXELS / longest)
        image: Image = document[0].render(scale=scale).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True, dpi=(scale * _POINTS_PER_INCH, scale * _POINTS_PER_INCH))
        return out.getvalue()
    finally:
        document.close()
