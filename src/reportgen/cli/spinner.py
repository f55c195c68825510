"""The stage that a report is in, shown on a terminal while its user waits."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from reportgen.base.timings import told

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 0.5
"""Seconds after which it is shown: what is done sooner needs no word."""
_TURN = 0.1
_SIGNS = "|/-\\"
_WORDS = {
    "read": "reading",
    "library": "reading the bibliography",
    "check": "checking",
    "plan charts": "planning charts",
    "compose": "composing",
    "render": "writing LaTeX",
    "format": "preparing TeX",
    "load fonts": "loading fonts",
    "tex": "typesetting",
    "finish": "finishing the PDF",
    "prove": "proving its text",
}


@contextmanager
def spinner(*, shown: bool) -> Iterator[None]:
    """Show, from half a second on, the stage that the block is in, where the error stream is a terminal."""
    if not shown or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    spinning = _Spinning()
    thread = Thread(target=spinning.turn, daemon=True)
    thread.start()
    try:
        with told(spinning.begin):
            yield
    finally:
        spinning.done.set()
        thread.join()


class _Spinning:
    """It writes to the terminal and takes no lock doing so: a process that is forked meanwhile finds none held.

    That is what rich's spinner, which locks console and stream, cannot promise.
    """

    def __init__(self) -> None:
        self.done = Event()
        self._stage = "starting"

    def begin(self, stage: str) -> None:
        """Take note of a stage that has begun, in whichever thread."""
        self._stage = _WORDS.get(stage, self._stage)

    def turn(self) -> None:
        """Write the stage again and again until it is done, then take it away."""
        turns, wait = 0, PATIENCE
        with suppress(OSError):  # the terminal is gone
            while not self.done.wait(wait):
                _write(f"\r\x1b[2K{_SIGNS[turns % len(_SIGNS)]} {self._stage}")
                turns, wait = turns + 1, _TURN
            if turns:
                _write("\r\x1b[2K")


def _write(text: str) -> None:
    os.write(sys.stderr.fileno(), text.encode("ascii"))
