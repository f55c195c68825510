"""How the time that a call takes grows with the text it is given."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from reportgen.text.markdown_parser import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(call: Callable[[str], object], text: str) -> float:
    """Measure the processor's time for a text that was not read before."""
    tokens_of.cache_clear()
    started = time.process_time()
    call(text)
    return time.process_time() - started


def assert_linear(call: Callable[[str], object], piece: str, size: int = 8_000) -> None:
    """Four times the text may take eight times as long; what is quadratic takes sixteen times."""
    call(piece)
    small = min(seconds(call, piece * (size // len(piece))) for _ in range(2))
    large = seconds(call, piece * (4 * size // len(piece)))
    assert large < 8 * small + 0.5
