"""What the bytes of a drawn chart depend on, as one key."""

from __future__ import annotations

import hashlib
import zlib
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.charts.shapes import Drawing

_WRITERS = ("pdf.py", "typeface.py")


def drawing_key(drawing: Drawing) -> str:
    """Hash a drawing, its fonts, and the code and libraries that write it.

    A drawing is nothing but numbers, words and paths, and its ``repr`` says each of them exactly.
    """
    return key_of([repr(drawing), *(font_hash(path) for path in drawing.fonts), *_writers()])


def font_hash(path: Path) -> bytes:
    """Hash a font file, once for each state of it."""
    status = path.stat()
    return _hash_of(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _hash_of(path: Path, _time: int, _size: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def _writers() -> tuple[str | bytes, ...]:
    """Name what draws: our own source rather than our version, so that a change of it shows at once."""
    sources = [(files("reportgen.charts") / name).read_bytes() for name in _WRITERS]
    return (*sources, version("matplotlib"), version("fonttools"), zlib.ZLIB_RUNTIME_VERSION)
