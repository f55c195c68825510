"""How the time that a call takes grows with the text it is given."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hypothesis import settings

from reportgen.text.markdown_parser import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST = 500
LONG_ENOUGH = 0.1  # seconds; what is quadratic then takes 1.6 for four times the text


def seconds(call: Callable[[str], object], text: str) -> float:
    """Measure the processor's time for a text that was not read before."""
    tokens_of.cache_clear()
    started = time.process_time()
    call(text)
    return time.process_time() - started


def assert_linear(call: Callable[[str], object], piece: str, size: int = 8_000) -> None:
    """Four times the text may take eight times as long; what is quadratic takes sixteen times.

    Without `--all`, what takes long enough to tell with less of the text is asked with less.
    """
    call(piece)
    tried = size if settings.get_current_profile_name() == "thorough" else min(size, LEAST)
    small = seconds(call, piece * (tried // len(piece)))
    while tried < size and small < LONG_ENOUGH:
        tried = min(2 * tried, size)
        small = seconds(call, piece * (tried // len(piece)))
    bound = 8 * small + 0.5
    text = piece * (4 * tried // len(piece))
    # The machine is shared, which only ever makes a call slower.
    assert seconds(call, text) < bound or seconds(call, text) < bound
