"""One build of a site: every page that something changed for, then the lists, the search, and what is gone."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from reportgen.base.cache import key_of
from reportgen.base.errors import Level, OutputError, Problem, SetupError, Where
from reportgen.base.locks import hold_alone, open_folder
from reportgen.base.paths import from_here, keep_log, real_path
from reportgen.exports import FileFacts
from reportgen.pipeline.batch.locating import at_line
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.pool import WarmPool
from reportgen.pipeline.batch.run import Batch, executor_for
from reportgen.site.files import Seen, names_in, remove_files, remove_unfinished
from reportgen.site.history import histories
from reportgen.site.layout import PAGE, is_version_address, version_address
from reportgen.site.ledger import Entry, Ledger
from reportgen.site.page_files import PageTask, make_page
from reportgen.site.shared import SharedPlaces, site_code

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from reportgen.base.settings import Settings
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.plan import Planned
    from reportgen.site.history import History
    from reportgen.site.page_files import PageResult

BESIDE: Final = ("bibtex", "ris", "csl-json", "contracts")
"""The formats that lie beside every page, single ones and groups: those that take a moment. Others are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """How a site is built: its folder, its own address where it is known, and further formats beside each page.

    ``overrides`` are settings from the command line, ``jobs`` 0 means one worker for each processor.
    """

    folder: Path
    base_url: str = ""
    formats: tuple[str, ...] = ()
    jobs: int = 0
    strict: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """Return the formats that lie beside each page, each once."""
        return tuple(dict.fromkeys((*BESIDE, *self.formats)))


@dataclass(frozen=True, slots=True)
class _Page:
    """A record's page: where it lies, what it is made from, and the PDF, None where none shows the record as it is."""

    planned: Planned
    settings: Settings
    address: str
    history: History
    pdf: Path | None
    facts: FileFacts | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Pending:
    """A page that a worker makes, and the key of what it is made from."""

    page: _Page
    key: str
    future: Future[PageResult]


class SiteBuild:
    """A build of a site, in the block that it runs in: no other build writes into its folder meanwhile.

    Raises:
        OutputError: the folder cannot be written, holds records, or another build is at work in it.

    """

    def __init__(self, sources: Sequence[RecordSource], options: SiteOptions) -> None:
        self._sources = sources
        self._options = options
        _require_no_records(options.folder, sources)
        self._lock = _held(options.folder)
        self._ledger = Ledger(options.folder)
        self._seen = Seen(options.folder)
        self._executor: Executor | None = None
        self._made: set[str] = set()
        self._settings: Settings | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if isinstance(self._executor, WarmPool) and kind is not None:
            self._executor.stop()
        else:
            self._let_workers_go()
        self._ledger.release()
        os.close(self._lock)

    def outcomes(self) -> Generator[Outcome, None, None]:
        """Yield what becomes of each record's page, in the order of the records.

        Close the iterator to stop early: what is finished stays, and the next build goes on from there.
        """
        if self._ledger.was_stopped:
            remove_unfinished(self._options.folder)
        waiting: deque[Outcome | _Pending] = deque()
        for page in self._pages():
            waiting.append(page if isinstance(page, Outcome) else self._begun(page))
            while waiting and (isinstance(waiting[0], Outcome) or len(waiting) > self._batch.window):
                yield self._ended(waiting.popleft())
        while waiting:
            yield self._ended(waiting.popleft())

    def finish(self) -> tuple[Problem, ...]:
        """Write what all reports share, remove what is gone, and tell what could not be made.

        Raises:
            OutputError: a file that is not the site's lies in the way.
            OSError: a file cannot be written.

        """
        if self._settings is None:
            return ()
        self._let_workers_go()
        folder, entries = self._options.folder, self._ledger.entries
        shared = SharedPlaces(folder, self._ledger, self._seen, self._settings, self._options.base_url)
        problems = shared.put([entries[address] for address in sorted(self._made)])
        for address in [each for each in entries if is_version_address(each) and each not in self._made]:
            # Of a page that was never finished it is not known which files it had.
            remove_files(folder, address, entries[address].files or names_in(folder / address))
            self._ledger.drop(address)
        self._ledger.close()
        self._seen.save()
        return problems

    def _pages(self) -> list[_Page | Outcome]:
        """Return the page of each record, or why it has none: as `batch --check` judges records and their PDFs."""
        with Batch(self._sources, self._batch) as batch, closing(batch.outcomes()) as outcomes:
            judged = list(zip(batch.chosen, islice(outcomes, len(batch.chosen)), strict=True))
        self._settings = next((each.place.judge.settings for each in batch.chosen if each.place), None)
        good = [planned for planned, outcome in judged if outcome.status in (Status.UNCHANGED, Status.STALE)]
        known, taken = histories(good), dict[str, str]()
        return [
            outcome
            if outcome.status not in (Status.UNCHANGED, Status.STALE)
            else _page(planned, outcome, known, taken)
            for planned, outcome in judged
        ]

    def _begun(self, page: _Page) -> Outcome | _Pending:
        """Give a page to a worker where anything that it is made from changed."""
        name, key = page.planned.source.name, self._key(page)
        entry = self._ledger.entries.get(page.address)
        if entry is not None and entry.key == key and self._seen.is_whole(entry):
            self._made.add(page.address)
            return Outcome(name, Status.UNCHANGED, self._options.folder / page.address / PAGE, page.problems)
        task = PageTask(
            source_path=page.planned.source.path,
            raw=page.planned.source.content(),
            settings=page.settings,
            strict=self._options.strict,
            pdf=page.pdf,
            facts=page.facts,
            site=self._options.folder,
            site_title=page.settings.publisher.name if page.settings.names_publisher else "",
            address=page.address,
            base_url=self._options.base_url,
            formats=self._options.written,
            history=page.history,
        )
        self._ledger.begin(page.address)
        if self._executor is None:
            self._executor = executor_for(self._batch)
        return _Pending(page, key, self._executor.submit(make_page, task))

    def _ended(self, item: Outcome | _Pending) -> Outcome:
        """Wait for a page, and remember it.

        Raises:
            SetupError: a worker died.

        """
        if isinstance(item, Outcome):
            return item
        page, source = item.page, item.page.planned.source
        try:
            result = item.future.result()
        except BrokenExecutor as error:
            raise SetupError([_died(source.name, error)]) from error
        problems = at_line(_with_log(result), source)
        if result.summary is None:
            return Outcome(source.name, Status.FAILED, None, problems)
        old = self._ledger.entries[page.address]
        entry = Entry(page.address, item.key, result.files, result.summary)
        self._ledger.put(entry)
        remove_files(self._options.folder, page.address, old.files.keys() - result.files.keys())
        self._seen.remember(entry)
        self._made.add(page.address)
        path = self._options.folder / page.address / PAGE
        return Outcome(
            source.name, Status.BUILT, path, (*page.problems, *(problems if page.pdf is None else ()))
        )

    @property
    def _batch(self) -> Options:
        """Return the options of the batch that judges the records, and whose workers make the pages."""
        options = self._options
        return Options(jobs=options.jobs, check=True, strict=options.strict, overrides=options.overrides)

    def _key(self, page: _Page) -> str:
        """Hash all that a page is made from."""
        options, planned = self._options, page.planned
        settings = page.settings.model_dump_json(include={"publisher", "policy", "style"})
        made_from = (repr(planned.now), repr(page.facts), repr(page.history), page.address, settings)
        return key_of([site_code(), options.base_url, *options.written, *made_from])

    def _let_workers_go(self) -> None:
        if isinstance(self._executor, WarmPool):
            self._executor.end()
        elif self._executor is not None:
            self._executor.shutdown()
        self._executor = None


def _page(
    planned: Planned, outcome: Outcome, known: Mapping[str, History], taken: dict[str, str]
) -> _Page | Outcome:
    """Return the page of a record; without a PDF that is up to date it says so."""
    assert planned.place is not None  # noqa: S101 - for the type
    address, name = version_address(planned.id, planned.version), planned.source.name
    if taken.setdefault(address, name) != name:
        return Outcome(name, Status.FAILED, None, (_same_address(planned, taken[address], address),))
    is_current = outcome.status is Status.UNCHANGED
    pdf = Path(str(outcome.pdf)) if is_current and outcome.pdf else None
    entry = planned.place.shelf.state.entries.get(pdf.name) if pdf else None
    facts = FileFacts(entry.pdf, entry.size, entry.sha256) if entry else None
    problems = () if facts else (_without_pdf(planned, outcome.reasons),)
    return _Page(
        planned,
        planned.place.judge.settings,
        address,
        known[address],
        pdf if facts else None,
        facts,
        problems,
    )


def _without_pdf(planned: Planned, reasons: Sequence[str]) -> Problem:
    message = f"its page has no PDF, since there is none that is up to date: {'; '.join(reasons)}"
    hint = "build it with `reportgen batch`, and run the same command again"
    where = Where(str(planned.source.path), planned.source.line)
    return Problem("site-without-pdf", Level.WARNING, where, message, hint)


def _same_address(planned: Planned, other: str, address: str) -> Problem:
    message = f"version {planned.version} would have the address of {other} in the site, {address}"
    hint = "give the versions names that differ in letters or digits"
    return Problem(
        "name-taken", Level.ERROR, Where(str(planned.source.path), planned.source.line), message, hint
    )


def _died(name: str, error: BaseException) -> Problem:
    message = f"a process that makes pages died, with {name} or a record beside it: {error}"
    hint = (
        "memory may have run out; give it more, or run the same command with --jobs 1: it goes on from here"
    )
    return Problem("worker-died", Level.ERROR, Where(), message, hint)


def _with_log(result: PageResult) -> tuple[Problem, ...]:
    """Keep the traceback of an error of our own, and say where."""
    if not result.trace:
        return result.problems
    kept = keep_log("last-internal-error.log", result.trace)
    return tuple(replace(problem, hint=f"please report it with {kept}") for problem in result.problems)


def _require_no_records(folder: Path, sources: Sequence[RecordSource]) -> None:
    """Refuse a folder with records in it: no command would look for them in a site."""
    real, folders = real_path(folder), {each.path.parent: each for each in sources}
    if inside := next((each for at, each in folders.items() if real_path(at).is_relative_to(real)), None):
        message = (
            f"{from_here(inside.path)} lies in {from_here(folder)}, and in a site no record is found any more"
        )
        hint = "name a folder of the site's own with -o"
        raise OutputError([Problem("output", Level.ERROR, Where(str(inside.path)), message, hint)])


def _held(folder: Path) -> int:
    """Hold the folder of a site for the length of a build."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open_folder(folder)
    except OSError as error:
        message = f"cannot write {from_here(folder)}: {error.strerror}"
        raise OutputError(
            [Problem("output", Level.ERROR, Where(), message, "name another folder with -o")]
        ) from error
    try:
        hold_alone(lock, wait=False)
    except BlockingIOError as error:
        os.close(lock)
        message = f"another build is writing into {from_here(folder)}"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, "wait for it to end")]) from error
    except OSError:  # this file system has no locks
        pass
    return lock
