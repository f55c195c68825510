"""A progress bar on a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID


class ProgressBar:
    """Show how many of a known number are done, how many a second, and the time left, while the block runs."""

    def __init__(self, verb: str, total: int, *, shown: bool = True) -> None:
        self._verb = verb
        self._total = total
        self._bar: Progress | None = None
        self._shown = shown and total > 1 and sys.stderr.isatty()
        self._done = 0

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        if self._shown:
            self._bar, self._task = _bar(self._verb, self._total)
            self._bar.start()
        return self

    def advance(self) -> None:
        """Count one more as done."""
        self._done += 1
        if self._bar is not None:
            rate = self._done / max(time.monotonic() - self._started, 1e-3)
            self._bar.update(self._task, advance=1, rate=f"{rate:.1f}/s")

    @contextmanager
    def above(self) -> Iterator[None]:
        """Take the bar away while the block prints, so that its lines stand above the bar."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(verb: str, total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    return bar, bar.add_task(verb, total=total, rate="")
