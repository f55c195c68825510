"""What ``reportgen batch`` prints: a line for each record there is something to tell of, and a summary."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import click

from reportgen.cli.console import counted, from_here, print_json, printable
from reportgen.cli.run_messages import RunMessages
from reportgen.pipeline.batch.outcome import THE_RUN, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

A_RECORD_FAILED = 1
_WORDS = {Status.STALE: "out of date"}


@dataclass(slots=True)
class Telling:
    """Tells of each record as its outcome becomes known, and of all of them in the end.

    ``explain`` gives the reasons of every record, ``verbose`` a line for those up to date, too; ``quiet``
    leaves warnings out. What is printed is printed inside the block that ``above`` gives.
    """

    output_format: Literal["text", "json"] = "text"
    explain: bool = False
    verbose: bool = False
    quiet: bool = False
    above: Callable[[], AbstractContextManager[None]] = nullcontext
    messages: RunMessages = field(init=False)

    def __post_init__(self) -> None:
        self.messages = RunMessages(quiet=self.quiet, silent=self.output_format == "json")

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """Return what became of the records so far."""
        return self.messages.outcomes

    @property
    def done(self) -> int:
        """Return how many records need nothing more."""
        return sum(outcome.status in (Status.BUILT, Status.UNCHANGED) for outcome in self.outcomes)

    @property
    def failed(self) -> bool:
        """Tell whether any outcome fails the run."""
        return any(outcome.is_bad for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """Return what a run that failed ends with: the code of a project where that alone was wrong, else 1."""
        bad = [outcome for outcome in self.outcomes if outcome.is_bad]
        return bad[0].project_code if all(each.project_code for each in bad) else A_RECORD_FAILED

    def nothing_to_do(self, reason: str) -> None:
        """Say that the run has no record; its results hold that, since servers take none for a fault."""
        said = f"nothing to do: {reason}"
        self.messages.outcomes.append(Outcome(THE_RUN, Status.SKIPPED, reasons=(said,)))
        if self.output_format == "text":
            click.echo(printable(said), err=True)

    def tell(self, outcome: Outcome) -> None:
        """Print what there is to say of a record at once: its errors, and a line."""
        if not self._is_told(outcome):
            self.messages.tell(outcome, is_known=outcome.status is not Status.LEFT_OVER)
            return
        with self.above():
            self.messages.tell(outcome, is_known=outcome.status is Status.UNCHANGED and not self.verbose)
            if self.output_format == "text":
                click.echo(self._line(outcome))

    def _is_told(self, outcome: Outcome) -> bool:
        silent = (
            Status.SKIPPED,
            Status.UNCHANGED,
            Status.LEFT_OVER,
        )  # of what is left over the problem says it all
        return self.explain or self.verbose or outcome.status not in silent

    def _line(self, outcome: Outcome) -> str:
        place = from_here(outcome.pdf) if outcome.pdf else outcome.name
        words = _WORDS.get(outcome.status, str(outcome.status))
        if outcome.status is Status.BUILT:
            words = counted(outcome.problems)
        reasons = "; ".join(outcome.reasons)
        if self.explain and outcome.status is Status.UNCHANGED:
            reasons = "nothing changed"
        if not reasons or not (self.explain or outcome.status in (Status.STALE, Status.SKIPPED)):
            return f"{printable(place)}  {words}"
        return f"{printable(place)}  {words}: {printable(reasons)}"

    def end(self, seconds: float) -> None:
        """Print the whole: warnings, a table and who failed, or JSON; on GitHub, also what it shows beside a change."""
        if self.output_format == "json":
            self.print_json()
        else:
            self.messages.tell_kept()
            self._print_summary(seconds)
        self.messages.annotate()
        self.messages.tell_failures()

    def print_json(self) -> None:
        """Print all outcomes as JSON."""
        from reportgen.pipeline.batch.exports.json_results import results_of

        print_json(results_of(self.outcomes))

    def _print_summary(self, seconds: float) -> None:
        outcomes = [outcome for outcome in self.outcomes if outcome.name != THE_RUN]
        if not outcomes and self.outcomes:
            return
        count = Counter(outcome.status for outcome in outcomes)
        rows = {_WORDS.get(status, str(status)): str(count[status]) for status in Status if count[status]}
        if errors := sum(len(outcome.errors) for outcome in outcomes):
            rows["errors"] = str(errors)
        rows["warnings"] = self._warnings(outcomes)
        rows["time"] = f"{seconds:.1f} s"
        if count[Status.BUILT]:
            rows["rate"] = f"{count[Status.BUILT] / max(seconds, 1e-3):.1f} built/s"
        if not sys.stderr.isatty():
            click.echo(", ".join(f"{name} {value}" for name, value in rows.items()), err=True)
            return
        from rich.console import Console
        from rich.table import Column, Table

        table = Table(Column(), Column(justify="right"), show_header=False)
        for name, value in rows.items():
            table.add_row(name, value)
        Console(stderr=True).print(table)

    def _warnings(self, outcomes: Sequence[Outcome]) -> str:
        """Count the warnings, and say where those are that were read in an earlier run."""
        unsaid = sum(len(outcome.warnings) for outcome in outcomes if outcome.status is Status.UNCHANGED)
        count = str(sum(len(outcome.warnings) for outcome in outcomes))
        if not unsaid or self.verbose or self.quiet:
            return count
        return f"{count} ({unsaid} of reports that are up to date: -v shows them)"
