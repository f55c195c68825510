"""Removing the reports that no record makes any more: asked of the user, or agreed to beforehand."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from reportgen.cli.console import plural, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.pipeline.batch.outcome import Outcome
    from reportgen.pipeline.batch.run import Batch


@dataclass(frozen=True, slots=True)
class Pruning:
    """Whether reports that no record makes any more are removed, and whether the user agreed to that beforehand."""

    wanted: bool
    agreed: bool

    def require_answer(self, check: bool) -> None:
        """Refuse what cannot be done, or asked, before anything is built."""
        if self.wanted and check:
            raise click.UsageError("--check changes nothing, so it goes without --prune")
        if self.wanted and not self.agreed and not sys.stdin.isatty():
            raise click.UsageError(
                "--prune asks before it removes anything, and nobody is there to answer: add --yes"
            )

    def apply(self, left: list[Outcome], batch: Batch, told: Callable[[str], str]) -> list[Outcome]:
        """Remove what may be removed of the reports that a batch left over, where that is wanted.

        ``told`` gives the name by which the user knows a report.
        """
        from reportgen.pipeline.batch.leftovers import may_be_pruned

        ours = [outcome for outcome in left if may_be_pruned(outcome)]
        if not (self.wanted and ours and (self.agreed or _agreed(ours, told))):
            return left
        return [*batch.prune(ours), *(outcome for outcome in left if not may_be_pruned(outcome))]


def _agreed(outcomes: list[Outcome], told: Callable[[str], str]) -> bool:
    for outcome in outcomes:
        reasons = told("; ".join(outcome.reasons))
        click.echo(f"left over: {printable(told(outcome.name))}: {printable(reasons)}", err=True)
    kind = "PDF" if all(str(outcome.pdf).endswith(".pdf") for outcome in outcomes) else "file"
    return click.confirm(f"Remove {plural(len(outcomes), kind)}?", err=True)
