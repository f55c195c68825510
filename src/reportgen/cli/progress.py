"""A progress bar on a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress


class ProgressBar:
    """Show how many of a known number are done, how many a second, and the time left, while the block runs."""

    def __init__(self, verb: str, total: int, *, shown: bool = True) -> None:
        self._bar = _bar(verb, total) if shown and total > 1 and sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def advance(self) -> None:
        """Count one more as done."""
        if self._bar is not None:
            (task,) = self._bar.tasks
            rate = (task.completed + 1) / max(task.elapsed or 0.0, 1e-3)
            self._bar.update(task.id, advance=1, rate=f"{rate:.1f}/s")

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


def _bar(verb: str, total: int) -> Progress:
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
    bar.add_task(verb, total=total, rate="")
    return bar
