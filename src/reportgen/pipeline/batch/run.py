"""One run over many records: judged, built by the workers where needed, put into place, told in input order."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reportgen.analysis.validation import cite_record, judge, library_of
from reportgen.base.errors import (
    DISK_REFUSALS,
    Level,
    Problem,
    RecordError,
    ReportgenError,
    SetupError,
    Where,
)
from reportgen.base.paths import keep_log
from reportgen.exports import FileFacts
from reportgen.pdf.typeset import NO_SANDBOX
from reportgen.pipeline.batch.leftovers import Leftovers
from reportgen.pipeline.batch.locating import at_line, recalled
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.plan import Planned, plan_batch
from reportgen.pipeline.batch.pool import InProcess, Job, WarmPool, Workers
from reportgen.pipeline.batch.projects import Place, Places
from reportgen.pipeline.batch.worker import Result, Task
from reportgen.pipeline.outputs import name_taken
from reportgen.record import read_record

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from concurrent.futures import Executor

    from reportgen.pipeline.batch.entries import Ingredients, StateEntry
    from reportgen.pipeline.batch.freshness import Judgement
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.output_folder import Put


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
    """Yield the outcome of each record that is looked at, in the order of the records, then what is left over.

    An outcome comes as soon as it and those before it are known. With ``check`` nothing is built or written: a record
    is up to date, stale or failed. With ``fail_fast``, and where the disk is full, what no worker has begun is skipped.
    Close the iterator to stop early.
    """
    with Batch(sources, options) as batch:
        yield from batch.outcomes()


@dataclass(frozen=True, slots=True)
class _Pending:
    """A record that a worker has."""

    planned: Planned
    place: Place
    verdict: Judgement
    job: Job


class Batch:
    """A run that is planned: ``chosen`` are the records it looks at, of the ``found`` ones."""

    def __init__(self, sources: Iterable[RecordSource], options: Options) -> None:
        self._options = options
        self._pending = 0
        self._stopped = ""
        self._full = False
        self._said_of_machine: set[Problem] = set()
        self._without_report: set[str] = set()
        self._named: dict[str, str] = {}
        self._leftovers: dict[Path, Leftovers] = {}
        self._workers = Workers(lambda: executor_for(options), lambda: WarmPool(1))
        self._places = Places(options)
        self.found: Sequence[Planned] = plan_batch(sources, self._places, options)
        self._versions: defaultdict[str, set[str]] = defaultdict(set)
        for planned in self.found:
            if planned.id:
                self._versions[planned.id].add(planned.version)
        self.chosen = [planned for planned in self.found if planned.is_chosen]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._workers.close()
        else:
            self._workers.stop()
        self._places.close()

    def outcomes(self) -> Generator[Outcome, None, None]:
        """Yield what becomes of each record, then of what else lies in the output folders: see `run_batch`."""
        waiting: deque[tuple[Planned, Outcome | _Pending]] = deque()
        for planned in self.chosen:
            waiting.append((planned, self._begin(planned)))
            while waiting and (isinstance(waiting[0][1], Outcome) or self._pending >= self._options.window):
                yield self._end(*waiting.popleft())
        while waiting:
            yield self._end(*waiting.popleft())
        for folder, shelf in self._places.shelves.items():
            records = [each for each in self.found if each.place and each.place.shelf.state.folder == folder]
            left = Leftovers(shelf, records, self._options, self._without_report, self._named)
            self._leftovers[folder] = left
            yield from left.outcomes()
            if not self._options.check:
                left.forget_gone()
                if self._options.shard is not None:
                    with suppress(OSError):  # nothing had to be written there
                        shelf.state.begin()

    def prune(self, left: Iterable[Outcome]) -> list[Outcome]:
        """Remove reports that the run left over, where they are ours and unchanged; return what became of each."""
        return [self._leftovers[Path(str(each.pdf)).parent].prune(each) for each in left]

    def _begin(self, planned: Planned) -> Outcome | _Pending:
        """Judge a record, and give it to a worker where it must be built."""
        if self._stopped or planned.skipped:
            return _skipped(planned, planned.skipped or self._stopped)
        if planned.problems or planned.place is None:
            return self._failed(planned, planned.problems)
        place = planned.place
        try:
            verdict = self._judged(planned, place)
            if verdict.entry is not None and not verdict.reasons:
                return self._unchanged(planned, place, verdict, verdict.entry)
            if self._options.check:
                return self._stale(planned, place, verdict)
            content = planned.source.content()
            now = place.judge.ingredients(planned.source, content)
        except ReportgenError as error:
            return self._failed(planned, at_line(error.problems, planned.source))
        pdf = _facts(verdict.entry) if verdict.entry and verdict.keeps_pdf else None
        task = Task(planned.source.path, content, place.judge.settings, self._options.strict, pdf)
        self._pending += 1
        return _Pending(planned, place, replace(verdict, now=now), self._workers.submit(task))

    def _judged(self, planned: Planned, place: Place) -> Judgement:
        verdict = place.judge.verdict(planned)
        if self._options.force:
            reasons = verdict.reasons or ("asked for with --force",)
            return replace(verdict, reasons=reasons, keeps_pdf=False)
        return verdict

    def _stale(self, planned: Planned, place: Place, verdict: Judgement) -> Outcome:
        """Tell a report that is out of date from one that cannot be built.

        Raises:
            ReportgenError: it cannot.

        """
        if verdict.entry is None or _may_be_wrong(verdict.entry.ingredients, verdict.now):
            settings, strict = place.judge.settings, self._options.strict
            loaded = read_record(planned.source.path, raw=planned.source.content())
            problems = judge(
                loaded, cite_record(loaded.record, library_of(settings)), settings, strict=strict
            )
            if any(problem.level is Level.ERROR for problem in problems):
                raise RecordError(problems)
        pdf = place.shelf.state.folder / verdict.entry.pdf if verdict.entry else None
        return Outcome(planned.source.name, Status.STALE, pdf, reasons=verdict.reasons)

    def _end(self, planned: Planned, item: Outcome | _Pending) -> Outcome:
        """Wait for a record's outcome; the report is put into its place."""
        outcome = item if isinstance(item, Outcome) else self._finished(item)
        if outcome.status in (Status.FAILED, Status.SKIPPED):
            self._without_report.add(planned.id)
        if outcome.status is Status.FAILED and self._options.fail_fast:
            self._stop(f"{outcome.name} failed")
        return outcome

    def _stop(self, reason: str) -> None:
        """Begin nothing more."""
        self._stopped = self._stopped or reason
        self._workers.cancel()

    def _finished(self, item: _Pending) -> Outcome:
        self._pending -= 1
        planned = item.planned
        if self._full or item.job.future.cancelled():
            return _skipped(planned, self._stopped)
        result, of_machine = self._without_news_of_machine(self._workers.result(item.job))
        self._stop_where_full(result.errno)
        if not result.name:
            problems = at_line(_with_log(result), planned.source)
            return self._failed(planned, problems, item.verdict.reasons, result.seconds)
        try:
            put = self._put(item, result)
        except ReportgenError as error:
            cause = error.__cause__
            self._stop_where_full(cause.errno if isinstance(cause, OSError) else None)
            problems = at_line(error.problems, planned.source)
            return self._failed(planned, problems, item.verdict.reasons, result.seconds)
        problems = (*put.problems, *of_machine)
        reasons = item.verdict.reasons
        return Outcome(
            planned.source.name, Status.BUILT, put.pdf, problems, reasons, result.seconds, files=put.files
        )

    def _put(self, item: _Pending, result: Result) -> Put:
        """Put what a worker made into its place.

        Raises:
            OutputError: the name is another record's, or the folder cannot be written.

        """
        planned, at, shelf = item.planned, item.place.judge, item.place.shelf
        if item.verdict.entry and item.verdict.keeps_pdf:
            put = shelf.put_beside(item.verdict.entry, result, at.values)
            return replace(put, problems=recalled(item.verdict.entry.problems, planned.source))
        ingredients = replace(item.verdict.now, cited=result.cited)
        self._require_free(result.name, planned)
        put = shelf.put(planned, result, ingredients, at.values, at.source_of(planned.source))
        return replace(put, problems=(*at_line(result.problems, planned.source), *put.problems))

    def _require_free(self, name: str, planned: Planned) -> None:
        """Refuse a name that was not planned and is another record's; a state that is wrong may have misled the plan.

        Raises:
            OutputError: it is.

        """
        if name == planned.name:
            return
        if owner := next((each for each in self.chosen if each.name == name), None):
            raise name_taken(planned.source.path, f"{name} is the report of {owner.source.name}")
        if planned.name:
            self._named[planned.name] = name

    def _without_news_of_machine(self, result: Result) -> tuple[Result, tuple[Problem, ...]]:
        """Split off the warning that TeX has no walls here: it is said once a run, and no report's state keeps it."""
        found = {p for p in result.problems if p.code == NO_SANDBOX and p.level is Level.WARNING}
        news = tuple(found - self._said_of_machine)
        self._said_of_machine |= found
        return replace(result, problems=tuple(p for p in result.problems if p not in found)), news

    def _unchanged(self, planned: Planned, place: Place, verdict: Judgement, entry: StateEntry) -> Outcome:
        if verdict.renewed and not self._options.check:
            place.shelf.renew(entry, place.judge.values)
        problems = recalled(entry.problems, planned.source)
        return Outcome(planned.source.name, Status.UNCHANGED, place.shelf.state.folder / entry.pdf, problems)

    def _failed(
        self,
        planned: Planned,
        problems: tuple[Problem, ...],
        reasons: tuple[str, ...] = (),
        seconds: float = 0.0,
    ) -> Outcome:
        old = planned.place.shelf.shown_before(planned, self._versions) if planned.place else ()
        code = planned.project_code
        return Outcome(planned.source.name, Status.FAILED, None, (*problems, *old), reasons, seconds, code)

    def _stop_where_full(self, number: int | None) -> None:
        """End the run where the system refuses what every further record would need, too."""
        if number in DISK_REFUSALS:
            self._full = True
            self._stop(os.strerror(number))


def _facts(entry: StateEntry) -> FileFacts:
    return FileFacts(entry.pdf, entry.size, entry.sha256)


def _may_be_wrong(built: Ingredients, now: Ingredients) -> bool:
    """Tell whether what a report is made from changed so that its record may be wrong now; tools make none wrong."""
    return replace(built, tools="", templates="", bibliography="") != replace(
        now, tools="", templates="", bibliography=""
    )


def _skipped(planned: Planned, reason: str) -> Outcome:
    return Outcome(planned.source.name, Status.SKIPPED, reasons=(reason,))


def _with_log(result: Result) -> tuple[Problem, ...]:
    """Keep the traceback of an error of our own, and say where."""
    if not result.trace:
        return result.problems
    kept = keep_log("last-internal-error.log", result.trace)
    return tuple(replace(problem, hint=f"please report it with {kept}") for problem in result.problems)
