"""What the command line prints besides problems: text that steers no terminal, JSON, counts, progress."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from reportgen.base.characters import STEERING
from reportgen.base.errors import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress

    from reportgen.base.errors import Problem

# Records are written by others: none of their characters may steer the terminal or turn a line round, and none
# of their words be a command to the machine of a CI service, which begins with :: or, anywhere, with ##[
# or ##vso[.
_STEERING = re.compile(rf"[{STEERING}]|#(?=#(?i:vso)?\[)|(?<!\S):(?=:)")


def colours() -> bool | None:
    """Tell whether to print in colours: as NO_COLOR or FORCE_COLOR say, else None, for terminals only."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def printable(text: str) -> str:
    """Write characters that would steer a terminal as their numbers."""
    return _STEERING.sub(_number, text)


def printable_pieces(text: str) -> list[str]:
    """Return the same text, in a piece for each of its characters."""
    steering = {found.start(): _number(found) for found in _STEERING.finditer(text)}
    return [steering.get(index, character) for index, character in enumerate(text)]


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def print_json(value: Any) -> None:
    """Print a value as JSON on the output stream."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # What steers a terminal can only stand in a string, where JSON has the same escape for it.
    click.echo("\n".join(map(printable, text.split("\n"))))


def end(results: list[dict[str, Any]], output_format: str, failure: int) -> None:
    """Print the results as JSON where that was asked for, and end with the code of a failure."""
    if output_format == "json":
        print_json(results)
    if failure:
        raise click.exceptions.Exit(failure)


def from_here(path: Path | str) -> str:
    """Name a file as people see it from the folder they are in; a URL as it is. Nothing in it steers a terminal."""
    if isinstance(path, str) or not path.is_relative_to(Path.cwd()):
        return printable(str(path))
    return printable(str(path.relative_to(Path.cwd())))


def counted(problems: Sequence[Problem]) -> str:
    """Say how many errors, where there are any, and how many warnings: ``1 error, 5 warnings``."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = plural(len(problems) - errors, "warning")
    return f"{plural(errors, 'error')}, {warnings}" if errors else warnings


def plural(count: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class ProgressBar:
    """Show on a terminal how many of a known number are done, how many a second, and the time left."""

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
