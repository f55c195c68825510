"""The files of results that ``--report`` names: gone when a command begins, written on every way out of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from reportgen.base import stopping
from reportgen.base.errors import Level, OutputError, Problem, ReportgenError, Where, refusal
from reportgen.cli import commands
from reportgen.cli.messages import print_problems, refused_output
from reportgen.cli.run_messages import RunMessages
from reportgen.pipeline.batch.outcome import NOT_REACHED, THE_RUN, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OPTION = "--report"


class ReportingCommand(commands.Command):
    """A command with `commands.report_option`: its function is given its `Results` as the object of its context."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments; what is wrong with them stands in the results, too."""
        given = tuple(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except (click.UsageError, KeyboardInterrupt):
            with Results(_named_in(given)):
                raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the results are written however it ends."""
        with Results(ctx.params.pop("reports")) as results:
            results.require_usable()
            ctx.obj = results
            return super().invoke(ctx)


def begin(arguments: Sequence[str]) -> None:
    """Remove the results of an earlier run, and only then hear a signal that came while the program was loaded."""
    named = _named_in(arguments)
    if named:
        from reportgen.pipeline.batch.exports import remove_report

        for path in named:
            with suppress(ValueError, OutputError):  # the command says so
                remove_report(path)
    try:
        stopping.let_start_through()
    except KeyboardInterrupt:
        with Results(named):
            raise


@dataclass(slots=True)
class Results:
    """The results of a command, in the block that it runs in; as an object of its context the command fills them.

    ``named`` are the files asked for. ``messages`` hold the outcomes that were told, ``expected`` the names of all
    records, once they are known: those that the block did not come to are skipped in the end. Where it broke off,
    ``print_rest`` prints what the output stream then lacks, given those outcomes. ``is_unfinished`` says that
    there is work that no record stands for, so that a stop has an entry of its own.
    """

    named: tuple[Path, ...]
    messages: RunMessages = field(default_factory=RunMessages)
    expected: Sequence[str] | None = None
    is_unfinished: bool = False
    print_rest: Callable[[Sequence[Outcome]], None] | None = None
    _files: list[Path] = field(default_factory=list)
    _refused: list[ValueError | OutputError] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Remove the results of an earlier run, before anything can fail."""
        if self.named:
            from reportgen.pipeline.batch.exports import remove_report

            for path in self.named:
                try:
                    remove_report(path)
                    self._files.append(path)
                except (ValueError, OutputError) as error:
                    self._refused.append(error)
        return self

    def require_usable(self) -> None:
        """Refuse files that no results can be written into, before the work and not after it."""
        for error in self._refused:
            if isinstance(error, ValueError):
                raise click.BadParameter(str(error), param_hint=_OPTION) from error
            raise error

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        rest = self._rest(_reason_of(error))
        self.messages.outcomes += rest
        # A second signal must not break off the writing; the first may come as late as here.
        with stopping.held_back():
            problems = self._write()
        if rest and not isinstance(error, BrokenPipeError):
            with suppress(OSError):  # why the block ended matters more
                self._say(rest)
        if problems and _reason_of(error) is None:
            raise OutputError(problems) from error
        print_problems(problems)

    def _rest(self, reason: BaseException | None) -> list[Outcome]:
        """Say of each record that was not reached why; and what ended the run, where no record says that."""
        if reason is None:
            return []
        told = {outcome.name for outcome in self.messages.outcomes}
        why = (f"{NOT_REACHED}{_words(reason)}",)
        rest = [
            Outcome(name, Status.SKIPPED, reasons=why) for name in self.expected or () if name not in told
        ]
        if self.expected is None or self.is_unfinished or not isinstance(reason, _FROM_OUTSIDE):
            rest.append(Outcome(THE_RUN, Status.FAILED, problems=_problems(reason)))
        return rest

    def _say(self, rest: Sequence[Outcome]) -> None:
        if self.print_rest is not None:
            self.print_rest(rest)
        self.messages.annotate()

    def _write(self) -> list[Problem]:
        if not self._files:
            return []
        from reportgen.pipeline.batch.exports import write_report

        problems: list[Problem] = []
        for path in self._files:
            try:
                write_report(path, self.messages.outcomes)
            except OutputError as error:
                problems += error.problems
        return problems


_FROM_OUTSIDE = (KeyboardInterrupt, click.Abort, BrokenPipeError)
"""What ends a run in its middle without anything being wrong."""


def _named_in(arguments: Sequence[str]) -> tuple[Path, ...]:
    """Find the files of results in arguments that cannot be read as a whole."""
    named = [value for option, value in pairwise(arguments) if option == _OPTION]
    joined = f"{_OPTION}="
    named += [each.removeprefix(joined) for each in arguments if each.startswith(joined)]
    return tuple(map(Path, named))


def _reason_of(error: BaseException | None) -> BaseException | None:
    """Return what broke a run off; None where it came to its end, also with records that failed."""
    return error.__cause__ if isinstance(error, click.exceptions.Exit) else error


def _problems(reason: BaseException) -> tuple[Problem, ...]:
    known = _known(reason)
    if known is not None:
        return known.problems
    if isinstance(reason, click.ClickException):
        return (Problem("usage", Level.ERROR, Where(), _words(reason), "--help lists what may be given"),)
    if isinstance(reason, _FROM_OUTSIDE):
        return (Problem("stopped", Level.ERROR, Where(), _words(reason), "run the same command again"),)
    message = f"{_words(reason)}: {type(reason).__name__}: {reason}"
    return (Problem("internal", Level.ERROR, Where(), message, "please report it"),)


def _known(reason: BaseException) -> ReportgenError | None:
    return reason if isinstance(reason, ReportgenError) else refused_output(reason) or refusal(reason)


def _words(reason: BaseException) -> str:
    if isinstance(reason, BrokenPipeError):
        return "the program that read the output ended"
    if isinstance(reason, _FROM_OUTSIDE):
        return "the run was stopped"
    if isinstance(reason, click.ClickException):
        return reason.format_message()
    if known := _known(reason):
        return known.problems[0].message
    return "reportgen itself failed"
