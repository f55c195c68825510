"""The stages of a build on the clock: each with its start and its length."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Span:
    """One run of a stage: when it began and how long it took, in seconds; ``depth`` counts the stages around it."""

    stage: str
    start: float
    seconds: float
    depth: int


class _Log:
    """Who listens: a list of spans, and a function told of each stage that begins; in whichever thread it runs."""

    spans: list[Span] | None = None
    tell: Callable[[str], None] | None = None


_around = local()


def stage(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Take down how long each call of a function lasts, when `timed` asks for it."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            if (tell := _Log.tell) is not None:
                tell(name)
            if (spans := _Log.spans) is None:
                return function(*args, **kwargs)
            depth = getattr(_around, "depth", 0)
            _around.depth = depth + 1
            start = time.monotonic()
            try:
                return function(*args, **kwargs)
            finally:
                _around.depth = depth
                spans.append(Span(name, start, time.monotonic() - start, depth))

        return call

    return decorate


@contextmanager
def timed() -> Iterator[list[Span]]:
    """Yield a list that fills with the stages run inside the block, on the clock of `time.monotonic`."""
    spans: list[Span] = []
    before, _Log.spans = _Log.spans, spans
    try:
        yield spans
    finally:
        _Log.spans = before


@contextmanager
def told(tell: Callable[[str], None]) -> Iterator[None]:
    """Call a function with the name of each stage that begins inside the block."""
    before, _Log.tell = _Log.tell, tell
    try:
        yield
    finally:
        _Log.tell = before


def process_start() -> float | None:
    """Tell when this process began, on the clock of `time.monotonic`, to 10 ms; None where the system does not say."""
    try:
        fields = (
            Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
        )
        import os

        age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError):
        return None
    return time.monotonic() - age
