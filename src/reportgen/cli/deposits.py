"""Running one step of a deposit over many records, and telling what came of each."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from reportgen.base.errors import ReportgenError, RepositoryError
from reportgen.cli.console import ProgressBar, counted, end, print_json, printable
from reportgen.cli.messages import print_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.delivery.zenodo.deposit import Case, StepOutcome
    from reportgen.delivery.zenodo.repository import Repository

    Step = Callable[["Work"], StepOutcome]

NO_TOKEN = "token-missing"  # noqa: S105 - the code of a problem
_STOPS_ALL = {NO_TOKEN, "token-refused", "token-malformed"}


@dataclass(frozen=True, slots=True)
class Work:
    """One record of a command, and what its step needs; ``taken`` are the PDFs already written, by record."""

    case: Case
    repository: Repository | None
    taken: dict[Path, Path]

    @property
    def asked(self) -> Repository:
        """Return the repository, for a step that cannot do without."""
        assert self.repository is not None  # noqa: S101 - for mypy: only offline steps lack it
        return self.repository

    @property
    def moment(self) -> str:
        """Return the time of day as the lock file keeps it."""
        return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class _Run:
    """Options, connections and PDFs already written, shared by the records of one command."""

    stack: ExitStack
    url: str | None
    sandbox: bool
    offline: bool
    overrides: Mapping[str, Any]
    formats: tuple[str, ...] | None
    repositories: dict[str, Repository | None] = field(default_factory=dict)
    taken: dict[Path, Path] = field(default_factory=dict)

    def attempt(self, path: Path, step: Step) -> StepOutcome:
        """Do a step for a record; one that is offline only reads it, any other holds it."""
        from reportgen.base.settings import find_settings
        from reportgen.delivery.zenodo.access import base_url
        from reportgen.delivery.zenodo.deposit import looked_at, opened

        settings = find_settings(path.parent, **self.overrides)
        if self.formats is not None:
            zenodo = settings.zenodo.model_copy(update={"formats": self.formats})
            settings = settings.model_copy(update={"zenodo": zenodo})
        base = base_url(settings.zenodo.url, url=self.url, sandbox=self.sandbox)
        if base not in self.repositories:
            self.repositories[base] = self._connected(settings)
        place = (path, settings, base)
        with nullcontext(looked_at(*place)) if self.offline else opened(*place) as case:
            outcome = step(Work(case, self.repositories[base], self.taken))
        if outcome.pdf is not None:
            self.taken[outcome.pdf] = path
        return outcome

    def _connected(self, settings: Settings) -> Repository | None:
        """Connect to a repository; None without a token, offline."""
        from reportgen.delivery.zenodo.access import find_access
        from reportgen.delivery.zenodo.repository import Repository

        try:
            access = find_access(settings, url=self.url, sandbox=self.sandbox)
        except RepositoryError as error:
            if self.offline and error.problems[0].code == NO_TOKEN:
                return None
            raise
        return self.stack.enter_context(Repository(access))


def run_step(
    records: tuple[Path, ...],
    step: Step,
    *,
    url: str | None,
    sandbox: bool,
    output_format: str,
    output: Path | None = None,
    offline: bool = False,
    formats: tuple[str, ...] | None = None,
    **safety: bool,
) -> None:
    """Do a step for each record and print what came of it; the first failure's class is the exit code.

    ``offline`` steps do without a token. ``formats`` are to be deposited in place of those of the settings.
    """
    results: list[dict[str, Any]] = []
    failure = 0
    overrides = {"output": output.absolute() if output else None, **safety}
    with (
        ExitStack() as stack,
        ProgressBar("depositing", len(records), shown=output_format == "text") as bar,
    ):
        run = _Run(stack, url, sandbox, offline, overrides, formats)
        for path in records:
            outcome: StepOutcome | ReportgenError
            try:
                outcome = run.attempt(path, step)
            except ReportgenError as error:
                outcome = error
            results.append(_result(path, outcome))
            if output_format == "text":
                with bar.above():
                    _tell(outcome)
            bar.advance()
            if isinstance(outcome, ReportgenError):
                failure = failure or outcome.exit_code
                if outcome.problems and outcome.problems[0].code in _STOPS_ALL:
                    break
    end(results, output_format, failure)


def _tell(outcome: StepOutcome | ReportgenError) -> None:
    print_problems(outcome.problems)
    if isinstance(outcome, ReportgenError):
        return
    doi = f"{outcome.doi} (sandbox, not citable)" if outcome.doi and outcome.sandbox else outcome.doi
    parts = (str(outcome.record), str(outcome.stage or ""), doi, outcome.url)
    warnings = counted(outcome.problems) if outcome.problems else ""
    click.echo("  ".join(printable(part) for part in (*parts, warnings) if part))
    for line in outcome.done:
        click.echo(f"  {printable(line)}")
    if outcome.metadata:
        print_json(outcome.metadata)


def _result(path: Path, outcome: StepOutcome | ReportgenError) -> dict[str, Any]:
    problems = [problem.as_dict() for problem in outcome.problems]
    if isinstance(outcome, ReportgenError):
        return {"record": str(path), "ok": False, "problems": problems}
    return {
        "record": str(path),
        "ok": True,
        "problems": problems,
        "stage": str(outcome.stage) if outcome.stage else None,
        "doi": outcome.doi,
        "sandbox": outcome.sandbox,
        "url": outcome.url,
        "pdf": str(outcome.pdf) if outcome.pdf else None,
        "done": list(outcome.done),
        **({"metadata": outcome.metadata} if outcome.metadata else {}),
    }
