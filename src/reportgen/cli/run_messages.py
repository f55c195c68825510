"""The messages of a run over several records, and its results for programs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.base.errors import Level, field_path
from reportgen.cli.console import colours, from_here, printable
from reportgen.cli.messages import print_problems, tell_of_explain
from reportgen.pipeline.batch.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from reportgen.base.errors import Problem, Where

FAILURES_NAMED = 20


@dataclass(slots=True)
class RunMessages:
    """Prints what is wrong with the records of a run, that of a shared file once; in the end, who failed.

    Problems of the levels in ``kept`` wait for the end, where those of all records that are alike make one group;
    the others are printed with their record. ``quiet`` leaves warnings out, ``silent`` all.
    ``is_output_taken`` says that the output stream holds a report.
    """

    kept: Collection[Level] = (Level.WARNING,)
    quiet: bool = False
    silent: bool = False
    is_output_taken: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    _said: set[Problem] = field(default_factory=set)
    _waiting: list[Problem] = field(default_factory=list)
    _is_annotated: bool = False

    def tell(self, outcome: Outcome, *, is_known: bool = False) -> None:
        """Print the problems of a record, or keep them; ``is_known`` is for one whose problems were told before."""
        self.outcomes.append(outcome)
        if self.silent or is_known:
            return
        wanted = (problem for problem in outcome.problems if not self.quiet or problem.level is Level.ERROR)
        news = [problem for problem in dict.fromkeys(wanted) if problem not in self._said]
        self._said.update(news)
        print_problems(problem for problem in news if problem.level not in self.kept)
        self._waiting += [problem for problem in news if problem.level in self.kept]

    def tell_kept(self) -> None:
        """Print the problems that were kept, those alike in one group."""
        print_problems(self._waiting)
        self._waiting = []

    def tell_failures(self) -> None:
        """Name the records that failed, each with its first error, as the last rows of the run."""
        if self.silent or len(self.outcomes) == 1:
            return
        tell_of_explain()
        failed = [outcome for outcome in self.outcomes if outcome.status is Status.FAILED]
        for outcome in islice(failed, FAILURES_NAMED):
            click.echo(_failure(outcome), err=True, color=colours())
        if len(failed) > FAILURES_NAMED:
            click.echo(f"and {len(failed) - FAILURES_NAMED:,} more failed", err=True)

    def annotate(self) -> None:
        """Print, once and under GitHub Actions alone, what it shows beside the lines of a change."""
        if os.environ.get("GITHUB_ACTIONS") == "true" and not self._is_annotated:
            from reportgen.pipeline.batch.exports.github import github_annotations

            self._is_annotated = True
            for line in github_annotations(self.outcomes):
                click.echo(line, err=self.silent or self.is_output_taken)


def _failure(outcome: Outcome) -> str:
    row = f"{click.style('failed', fg='red', bold=True)}: {click.style(printable(outcome.name), bold=True)}"
    if not outcome.errors:
        return row
    first = outcome.errors[0]
    line = "" if first.where.file and first.where.file in first.message else _elsewhere(first.where)
    if first.where.file in outcome.name:
        line = f"line {first.where.line}" if first.where.line else ""
    place = " ".join(filter(None, (line, printable(field_path(first.where.pointer)))))
    mark = click.style(f"error[{printable(first.code)}]", fg="red", bold=True)
    return f"{row}: {mark}{place and ' '}{place}: {printable(first.message)}"


def _elsewhere(where: Where) -> str:
    """Name the file, with its line, of an error that stands in another one than the record's."""
    return ":".join(filter(None, (from_here(Path(where.file)), str(where.line or ""))))
