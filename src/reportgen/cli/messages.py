"""Problems as people read them: those alike together, with what to do, and the line that one alone is about."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.base.errors import REFUSALS, Level, OutputError, Problem, Where
from reportgen.base.paths import keep_log
from reportgen.cli.console import colours, from_here, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHOWN_OF_A_GROUP = 3
MOST_GROUPS = 50
"""How many groups are printed: their rows still fit into what a terminal remembers."""

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow"}
_RUN = "messages of the run"
_PRINTING = ("click.utils", "reportgen.cli")
"""The modules that write into the output stream: an error of the stream itself names no file."""


@dataclass(frozen=True, slots=True)
class Group:
    """Problems with one level, code and remedy, in the order they came in; there is at least one."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """Return the first of them, whose level, code and hint are those of all."""
        return self.problems[0]

    @property
    def shown(self) -> tuple[Problem, ...]:
        """Return the first three: of those that differ in their words, else of all."""
        differing = {problem.message: problem for problem in reversed(self.problems)}
        if len(differing) == 1:
            return self.problems[:SHOWN_OF_A_GROUP]
        first = dict.fromkeys(problem.message for problem in self.problems)
        return tuple(differing[message] for message in islice(first, SHOWN_OF_A_GROUP))

    @property
    def message(self) -> str | None:
        """Return the words of all of them, or None where they differ."""
        said = self.first.message
        return said if all(problem.message == said for problem in self.problems) else None


def group_problems(problems: Iterable[Problem]) -> tuple[Group, ...]:
    """Put problems of one level, code and remedy together: errors first, else in the order of the first of each."""
    alike: dict[tuple[Level, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.level, problem.code, problem.hint), []).append(problem)
    groups = [Group(tuple(members)) for members in alike.values()]
    return tuple(sorted(groups, key=lambda group: group.first.level is not Level.ERROR))


@dataclass(slots=True)
class _Run:
    """What a run of a command has printed; ``each`` is its ``--all``, None for a command that has no such option."""

    each: bool | None = None
    first: Problem | None = field(default=None)
    is_explained: bool = False


def _run() -> _Run:
    context = click.get_current_context(silent=True)
    if context is None:
        return _Run()
    if _RUN not in context.meta:
        context.meta[_RUN] = _Run()
        context.find_root().call_on_close(tell_of_explain)
    run: _Run = context.meta[_RUN]
    return run


def print_each(wanted: bool) -> None:
    """Remember whether each problem is asked for, with ``--all``."""
    _run().each = wanted


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems on the error stream, those alike once: what and where in the first rows, then what to do."""
    run = _run()
    groups = group_problems(problems)
    if not groups:
        return
    first = groups[0].first
    if run.first is None or (first.level, run.first.level) == (Level.ERROR, Level.WARNING):
        run.first = first
    for group in groups if run.each else groups[:MOST_GROUPS]:
        for row in _rows(group, run):
            _echo(row)
    if len(groups) > MOST_GROUPS and not run.each:
        left = sum(len(group.problems) for group in groups[MOST_GROUPS:])
        _echo(_more(left, "of other kinds", run))
    if click.get_current_context(silent=True) is None:
        _explain(run)


def _rows(group: Group, run: _Run) -> Iterator[str]:
    if len(group.problems) == 1 or run.each:
        for problem in group.problems:
            yield f"{_place(problem.where, ': ')}{_mark(group)}: {printable(problem.message)}"
        if len(group.problems) == 1 and sys.stderr.isatty():
            from reportgen.cli.source_lines import source_rows

            yield from source_rows(group.first.where)
    else:
        yield from _grouped_rows(group, run)
    if hint := group.first.hint:
        yield f"  {click.style('help', fg='cyan', bold=True)}: {printable(hint)}"


def _grouped_rows(group: Group, run: _Run) -> Iterator[str]:
    count, message = len(group.problems), group.message
    yield f"{_mark(group)}: {printable(message) + f' ({count:,} times)' if message else f'{count:,} times'}"
    shown = group.shown
    for problem in shown:
        said = "" if message else printable(problem.message)
        row = _place(problem.where, ": " if said else "") + said
        if row:
            yield f"  {row}"
    if count > len(shown):
        yield f"  {_more(count - len(shown), '', run)}"


def _more(count: int, kind: str, run: _Run) -> str:
    how = "" if run.each is None else " (--all prints each)"
    return " ".join(filter(None, (f"and {count:,} more", kind))) + how


def _place(where: Where, end: str) -> str:
    """Write the file, its line and column in one colour, so that it can be picked; then the field."""
    file = from_here(Path(where.file)) if Path(where.file).is_absolute() else where.file
    position = printable(str(Where(file, where.line, where.column)))
    field_name = printable(str(Where(pointer=where.pointer)))
    place = " ".join(filter(None, (position and click.style(position, bold=True), field_name)))
    return f"{place}{end}" if place else ""


def _mark(group: Group) -> str:
    first = group.first
    return click.style(f"{first.level}[{printable(first.code)}]", fg=_COLOURS[first.level], bold=True)


def tell_of_explain() -> None:
    """Say once in a run, to somebody at a terminal, what tells more of the first problem."""
    context = click.get_current_context(silent=True)
    run = context.meta.get(_RUN) if context else None
    if run is not None:
        _explain(run)


def _explain(run: _Run) -> None:
    if run.first is None or run.is_explained or not sys.stderr.isatty():
        return
    run.is_explained = True
    _echo(f"reportgen explain {printable(run.first.code)} tells more")


def _echo(row: str) -> None:
    click.echo(row, err=True, color=colours())


def refused_output(error: BaseException) -> OutputError | None:
    """Say that the standard output cannot be written, where that is what an error is about."""
    if not isinstance(error, OSError) or error.errno not in REFUSALS:
        return None
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or frames[-1].f_globals.get("__name__") not in _PRINTING:
        return None
    message = f"the standard output cannot be written: {error.strerror}"
    hint = "make room on the disk that it goes to, and run again"
    return OutputError([Problem("system", Level.ERROR, Where(), message, hint)])


def internal_error(error: BaseException) -> None:
    """Say that reportgen itself is at fault, and keep the traceback for the report of it."""
    kept = keep_log("last-internal-error.log", "".join(traceback.format_exception(error)))
    message = f"reportgen itself failed: {type(error).__name__}: {error}"
    print_problems([Problem("internal", Level.ERROR, Where(), message, f"please report it with {kept}")])
