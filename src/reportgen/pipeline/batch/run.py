"""One run over many records: judged, built by the workers where needed, put into place, told in input order."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from reportgen.base.errors import (
    DISK_REFUSALS,
    Level,
    Problem,
    ReportgenError,
    SetupError,
    Where,
)
from reportgen.base.paths import keep_log, real_path
from reportgen.base.settings import find_settings, project_root
from reportgen.base.systems import processors
from reportgen.pdf.typeset import NO_SANDBOX
from reportgen.pipeline.batch.freshness import Judge, Judgement
from reportgen.pipeline.batch.locating import at_line, recalled
from reportgen.pipeline.batch.outcome import PROJECT_STOPPED, Outcome, Status
from reportgen.pipeline.batch.output_folder import Shelf
from reportgen.pipeline.batch.pool import InProcess, Job, WarmPool, Workers
from reportgen.pipeline.batch.state import State
from reportgen.pipeline.batch.worker import Result, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.state import StateEntry

# Tasks given out per worker before the first is back: enough to keep it busy, few to hold in memory.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a batch; ``overrides`` are settings from the command line, ``jobs`` 0 means one a processor.

    ``settings`` hold for every record, whatever its project says. ``start`` makes other workers than those of
    this machine when the first task comes; ``jobs`` is then their number.
    """

    jobs: int = 0
    force: bool = False
    check: bool = False
    fail_fast: bool = False
    strict: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict)
    start: Callable[[], Executor] | None = None
    settings: Settings | None = None

    @property
    def workers(self) -> int:
        """Return the number of workers: as asked, else one for each processor this process may use."""
        return self.jobs or processors()

    @property
    def window(self) -> int:
        """Return how many records may be under way at once."""
        return 1 if self.workers == 1 and self.start is None else self.workers * _AHEAD


def executor_for(options: Options) -> Executor:
    """Make what builds the records: what was asked for, else this process for one worker, or warm processes.

    Raises:
        SetupError: the system gives no means for processes to wait for one another.

    """
    if options.start is not None:
        return options.start()
    if options.workers == 1:
        return InProcess()
    try:
        return WarmPool(options.workers)
    except (ImportError, NotImplementedError, OSError) as error:
        message = f"no worker can be started here: {error}"
        hint = "workers need a shared memory (/dev/shm) and a TMPDIR with a short name; else use --jobs 1"
        raise SetupError([Problem("no-workers", Level.ERROR, Where(), message, hint)]) from error


def run_batch(sources: Iterable[RecordSource], options: Options) -> Generator[Outcome, None, None]:
    """Yield the outcome of each record, in the order of the records, as soon as it and those before it are known.

    With ``check`` nothing is built or written: a record is up to date, stale or failed. With ``fail_fast``, and
    where the disk is full, what no worker has begun is skipped. Close the iterator to stop early.
    """
    with _Run(options) as run:
        waiting: deque[Outcome | _Pending] = deque()
        for source in sources:
            waiting.append(run.begin(source))
            while waiting and (isinstance(waiting[0], Outcome) or run.pending >= options.window):
                yield run.end(waiting.popleft())
        while waiting:
            yield run.end(waiting.popleft())


@dataclass(frozen=True, slots=True)
class _Pending:
    """A record that a worker has."""

    source: RecordSource
    place: _Place
    verdict: Judgement
    job: Job


@dataclass(frozen=True, slots=True)
class _Place:
    """What records under the same settings share."""

    judge: Judge
    shelf: Shelf


class _Run:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.pending = 0
        self._stopped = ""
        self._full = False
        self._said_of_machine: set[Problem] = set()
        self._workers = Workers(lambda: executor_for(options), lambda: WarmPool(1))
        self._root = cache(_root)
        self._places: dict[Path | None, _Place | ReportgenError] = {}
        self._shelves: dict[Path, Shelf] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._workers.close()
        else:
            self._workers.stop()
        for shelf in self._shelves.values():
            shelf.state.close()

    def begin(self, source: RecordSource) -> Outcome | _Pending:
        """Judge a record, and give it to a worker where it must be built."""
        if self._stopped:
            return self._skipped(source)
        if isinstance(self._places.get(self._root(source.path.parent)), ReportgenError):
            return Outcome(source.name, Status.SKIPPED, reasons=(PROJECT_STOPPED,))
        try:
            place = self._place(source)
            content = source.content()
            verdict = place.judge.verdict(source, content)
            if self.options.force:
                verdict = replace(verdict, reasons=verdict.reasons or ("asked for with --force",))
            if verdict.entry is not None and not verdict.reasons:
                return self._unchanged(source, place, verdict, verdict.entry)
        except ReportgenError as error:
            is_of_project = isinstance(self._places.get(self._root(source.path.parent)), ReportgenError)
            return replace(
                self._failed(source, error.problems), project_code=error.exit_code if is_of_project else 0
            )
        if self.options.check:
            pdf = place.judge.state.folder / verdict.entry.pdf if verdict.entry else None
            return Outcome(source.name, Status.STALE, pdf, reasons=verdict.reasons)
        task = Task(source.path, content, place.judge.settings, self.options.strict)
        self.pending += 1
        return _Pending(source, place, verdict, self._workers.submit(task))

    def end(self, item: Outcome | _Pending) -> Outcome:
        """Wait for a record's outcome; the report is put into its place."""
        outcome = item if isinstance(item, Outcome) else self._finished(item)
        if outcome.status is Status.FAILED and self.options.fail_fast:
            self._stop(f"{outcome.name} failed")
        return outcome

    def _stop(self, reason: str) -> None:
        """Begin nothing more."""
        self._stopped = self._stopped or reason
        self._workers.cancel()

    def _finished(self, item: _Pending) -> Outcome:
        self.pending -= 1
        if self._full or item.job.future.cancelled():
            return self._skipped(item.source)
        result, of_machine = self._without_news_of_machine(self._workers.result(item.job))
        self._stop_where_full(result.errno)
        if not result.name:
            return self._failed(item.source, _with_log(result), item, result)
        ingredients = replace(item.verdict.now, cited=result.cited)
        try:
            pdf, old = item.place.shelf.put(item.source, result, ingredients, item.place.judge.values)
        except ReportgenError as error:
            cause = error.__cause__
            self._stop_where_full(cause.errno if isinstance(cause, OSError) else None)
            return self._failed(item.source, error.problems, item, result)
        problems = (*at_line(result.problems, item.source), *of_machine, *old)
        reasons = item.verdict.reasons
        return Outcome(item.source.name, Status.BUILT, pdf, problems, reasons, result.seconds)

    def _without_news_of_machine(self, result: Result) -> tuple[Result, tuple[Problem, ...]]:
        """Split off the warning that TeX has no walls here: it is said once a run, and no report's state keeps it."""
        found = {p for p in result.problems if p.code == NO_SANDBOX and p.level is Level.WARNING}
        news = tuple(found - self._said_of_machine)
        self._said_of_machine |= found
        return replace(result, problems=tuple(p for p in result.problems if p not in found)), news

    def _unchanged(
        self, source: RecordSource, place: _Place, verdict: Judgement, entry: StateEntry
    ) -> Outcome:
        place.shelf.claim(entry.pdf, source, verdict.now.record)
        if verdict.renewed and not self.options.check:
            place.shelf.renew(entry, place.judge.values)
        problems = (*recalled(entry.problems, source), *place.shelf.old_reports(entry))
        return Outcome(source.name, Status.UNCHANGED, place.judge.state.folder / entry.pdf, problems)

    def _failed(
        self,
        source: RecordSource,
        problems: tuple[Problem, ...],
        item: _Pending | None = None,
        result: Result | None = None,
    ) -> Outcome:
        old: tuple[Problem, ...] = ()
        place = self._places.get(self._root(source.path.parent))
        if isinstance(place, _Place):
            entry = (
                item.verdict.entry if item else place.judge.state.entries.get(place.judge.state.key(source))
            )
            old = place.shelf.old_reports(entry, failed=True) if entry else ()
        reasons = item.verdict.reasons if item else ()
        said = (*at_line(problems, source), *old)
        return Outcome(source.name, Status.FAILED, None, said, reasons, result.seconds if result else 0.0)

    def _skipped(self, source: RecordSource) -> Outcome:
        return Outcome(source.name, Status.SKIPPED, reasons=(self._stopped,))

    def _stop_where_full(self, number: int | None) -> None:
        """End the run where the system refuses what every further record would need, too."""
        if number in DISK_REFUSALS:
            self._full = True
            self._stop(os.strerror(number))

    def _place(self, source: RecordSource) -> _Place:
        root = self._root(source.path.parent)
        if root not in self._places:
            self._places[root] = self._open(source.path.parent)
        place = self._places[root]
        if isinstance(place, ReportgenError):
            raise place
        return place

    def _open(self, folder: Path) -> _Place | ReportgenError:
        try:
            given, overrides = self.options.settings, self.options.overrides
            settings = given.model_copy(update=overrides) if given else find_settings(folder, **overrides)
            if settings.output not in self._shelves:
                self._shelves[settings.output] = Shelf(State(settings.output, read_only=self.options.check))
            shelf = self._shelves[settings.output]
            return _Place(Judge(settings, shelf.state, strict=self.options.strict), shelf)
        except ReportgenError as error:
            return error


def _root(folder: Path) -> Path | None:
    """Find the folder whose settings file holds for a folder."""
    return project_root(real_path(folder))


def _with_log(result: Result) -> tuple[Problem, ...]:
    """Keep the traceback of an error of our own, and say where."""
    if not result.trace:
        return result.problems
    kept = keep_log("last-internal-error.log", result.trace)
    return tuple(replace(problem, hint=f"please report it with {kept}") for problem in result.problems)
