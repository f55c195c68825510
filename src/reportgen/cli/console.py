"""What the command line prints: problems as lines for people or as JSON for programs, and progress."""

from __future__ import annotations

import json
import re
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from reportgen.base.characters import STEERING
from reportgen.base.errors import Level, Problem, Where
from reportgen.base.paths import keep_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.progress import Progress

# Records are written by others: none of their characters may steer the terminal or turn a line round, and none
# of their words be a command to the machine of a CI service, which begins with :: or, anywhere, with ##[.
_STEERING = re.compile(rf"[{STEERING}]|#(?=#\[)|(?<!\S):(?=:)")
_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow"}


def print_problems(problems: Iterable[Problem]) -> None:
    """Print each problem on the error stream: place, level and code, message, next step."""
    for problem in problems:
        where = printable(str(problem.where))
        place = f"{where}: " if where else ""
        level = click.style(
            f"{problem.level}[{printable(problem.code)}]", fg=_STYLES[problem.level], bold=True
        )
        hint = click.style(f" ({printable(problem.hint)})", dim=True) if problem.hint else ""
        click.echo(f"{place}{level}: {printable(problem.message)}{hint}", err=True)


def printable(text: str) -> str:
    """Write characters that would steer a terminal as their numbers."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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


def internal_error(error: BaseException) -> None:
    """Say that reportgen itself is at fault, and keep the traceback for the report of it."""
    kept = keep_log("last-internal-error.log", "".join(traceback.format_exception(error)))
    message = f"reportgen itself failed: {type(error).__name__}: {error}"
    print_problems([Problem("internal", Level.ERROR, Where(), message, f"please report it with {kept}")])


def from_here(path: Path | str) -> str:
    """Name a file as people see it from the folder they are in; a URL as it is. Nothing in it steers a terminal."""
    if isinstance(path, str) or not path.is_relative_to(Path.cwd()):
        return printable(str(path))
    return printable(str(path.relative_to(Path.cwd())))


def counted(problems: Sequence[Problem]) -> str:
    """Say how many warnings there are: ``3 warnings``."""
    return plural(sum(problem.level is Level.WARNING for problem in problems), "warning")


def plural(count: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


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
