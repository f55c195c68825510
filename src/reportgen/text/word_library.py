"""The words of scripts without blanks, by ICU's dictionaries: of Debian's TeX, or of macOS and Windows themselves."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache

_VERSIONS = range(99, 60, -1)
_OF_THE_SYSTEM = {"darwin": "libicucore.dylib", "win32": "icu.dll"}
"""The libraries whose functions bear no version."""
_LINE, _DONE = 2, -1


@cache
def library() -> tuple[ctypes.CDLL, str] | None:
    """Load the newest ICU there is, with the end of the names of its functions, which tells its version."""
    if name := _OF_THE_SYSTEM.get(sys.platform):
        with suppress(OSError):
            return ctypes.CDLL(name), ""
    for version in _VERSIONS:
        with suppress(OSError):
            return ctypes.CDLL(f"libicuuc.so.{version}"), f"_{version}"
    return None


def dictionary_places(text: str) -> list[int] | None:
    """Return the places where a line may begin, the end of the text among them; None without the library.

    The text holds no characters beyond the first 65,536.
    """
    if not (found := library()):
        return None
    icu, ending = found
    status = ctypes.c_int(0)
    units = text.encode("utf-16-le")
    first, following = (getattr(icu, f"ubrk_{name}{ending}") for name in ("open", "next"))
    first.restype = ctypes.c_void_p
    buffer = ctypes.create_string_buffer(units, len(units) + 2)
    iterator = first(_LINE, b"th", buffer, len(units) // 2, ctypes.byref(status))
    if not iterator:
        return None
    handle = ctypes.c_void_p(iterator)
    try:
        return list(iter(lambda: following(handle), _DONE))
    finally:
        getattr(icu, f"ubrk_close{ending}")(handle)
