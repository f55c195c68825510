"""Running one step of a deposit over many records, and telling what came of each."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003  # a field of a dataclass
from typing import TYPE_CHECKING, Any

import click

from reportgen.base.errors import ReportgenError
from reportgen.cli.console import counted, print_json, print_problems, printable
from reportgen.cli.progress import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from reportgen.base.settings import Settings
    from reportgen.delivery.zenodo.deposit import Case, StepOutcome
    from reportgen.delivery.zenodo.repository import Repository

    Step = Callable[["Work"], StepOutcome]

NO_TOKEN = "token-missing"  # noqa: S105 - the code of a problem
_STOPS_ALL = {NO_TOKEN, "token-refused", "token-malformed"}


@dataclass(frozen=True, slots=True)
class Options:
    """The options common to the commands; ``offline`` steps do without a token."""

    output: Path | None = None
    sandbox: bool = False
    url: str | None = None
    output_format: str = "text"
    offline: bool = False
    trust_templates: bool = False
    require_sandbox: bool = False
    allow_unsandboxed: bool = False

    @property
    def overrides(self) -> dict[str, Any]:
        """Give what of the options goes before the settings."""
        output = self.output.absolute() if self.output else None
        names = ("trust_templates", "require_sandbox", "allow_unsandboxed")
        return {"output": output, **{name: getattr(self, name) for name in names}}


@dataclass(slots=True)
class _Run:
    """What the records of one command share: connections, and the PDFs already written."""

    options: Options
    stack: ExitStack
    repositories: dict[str, Repository | None] = field(default_factory=dict)
    taken: dict[Path, Path] = field(default_factory=dict)

    def repository(self, settings: Settings, base: str) -> Repository | None:
        """Give the connection to a repository, made when it is first asked for; None without a token, offline."""
        if base not in self.repositories:
            self.repositories[base] = self._connected(settings)
        return self.repositories[base]

    def _connected(self, settings: Settings) -> Repository | None:
        from reportgen.base.errors import RepositoryError
        from reportgen.delivery.zenodo.access import find_access
        from reportgen.delivery.zenodo.repository import Repository

        try:
            access = find_access(settings, url=self.options.url, sandbox=self.options.sandbox)
        except RepositoryError as error:
            if self.options.offline and error.problems[0].code == NO_TOKEN:
                return None
            raise
        return self.stack.enter_context(Repository(access))


@dataclass(frozen=True, slots=True)
class Work:
    """One record of a command, and what its step needs."""

    path: Path
    settings: Settings
    base: str
    repository: Repository | None
    taken: dict[Path, Path]

    @property
    def asked(self) -> Repository:
        """Give the repository, for a step that cannot do without."""
        assert self.repository is not None  # noqa: S101 - for mypy: only offline steps lack it
        return self.repository

    @property
    def moment(self) -> str:
        """Give the time of day as the lock file keeps it."""
        return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

    def opened(self) -> AbstractContextManager[Case]:
        """Hold the record for a step that writes."""
        from reportgen.delivery.zenodo.deposit import opened

        return opened(self.path, self.settings, self.base)

    def looked_at(self) -> Case:
        """Give the record for a step that only reads."""
        from reportgen.delivery.zenodo.deposit import looked_at

        return looked_at(self.path, self.settings, self.base)


def run_step(records: tuple[Path, ...], step: Step, options: Options) -> None:
    """Do a step for each record and print what came of it; the first failure's class is the exit code."""
    results: list[dict[str, Any]] = []
    failure = 0
    with (
        ExitStack() as stack,
        ProgressBar("depositing", len(records), shown=options.output_format == "text") as bar,
    ):
        run = _Run(options, stack)
        for path in records:
            outcome, error = _attempted(path, step, run)
            results.append(_result(path, outcome, error))
            if options.output_format == "text":
                with bar.above():
                    _tell(outcome, error)
            bar.advance()
            if error is not None:
                failure = failure or error.exit_code
                if error.problems and error.problems[0].code in _STOPS_ALL:
                    break
    if options.output_format == "json":
        print_json(results)
    if failure:
        raise click.exceptions.Exit(failure)


def _attempted(path: Path, step: Step, run: _Run) -> tuple[StepOutcome | None, ReportgenError | None]:
    from reportgen.base.settings import find_settings
    from reportgen.delivery.zenodo.access import base_url

    try:
        settings = find_settings(path.parent, **run.options.overrides)
        base = base_url(settings.zenodo.url, url=run.options.url, sandbox=run.options.sandbox)
        outcome = step(Work(path, settings, base, run.repository(settings, base), run.taken))
    except ReportgenError as error:
        return None, error
    if outcome.pdf is not None:
        run.taken[outcome.pdf] = path
    return outcome, None


def _tell(outcome: StepOutcome | None, error: ReportgenError | None) -> None:
    if error is not None:
        print_problems(error.problems)
    if outcome is None:
        return
    print_problems(outcome.problems)
    doi = f"{outcome.doi} (sandbox, not citable)" if outcome.doi and outcome.sandbox else outcome.doi
    parts = (str(outcome.record), str(outcome.stage or ""), doi, outcome.url)
    warnings = counted(outcome.problems) if outcome.problems else ""
    click.echo("  ".join(printable(part) for part in (*parts, warnings) if part))
    for line in outcome.done:
        click.echo(f"  {printable(line)}")
    if outcome.metadata:
        print_json(outcome.metadata)


def _result(path: Path, outcome: StepOutcome | None, error: ReportgenError | None) -> dict[str, Any]:
    problems = error.problems if error is not None else outcome.problems if outcome else ()
    result: dict[str, Any] = {
        "record": str(path),
        "ok": error is None,
        "problems": [problem.as_dict() for problem in problems],
    }
    if outcome is not None:
        result |= {
            "stage": str(outcome.stage) if outcome.stage else None,
            "doi": outcome.doi,
            "sandbox": outcome.sandbox,
            "url": outcome.url,
            "pdf": str(outcome.pdf) if outcome.pdf else None,
            "done": list(outcome.done),
        }
        result |= {"metadata": outcome.metadata} if outcome.metadata else {}
    return result
