"""The workers: warm processes that end with their parent, and what is done when one of them dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from reportgen.base import stopping
from reportgen.base.collecting import collect_rarely
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.systems import on_linux
from reportgen.pipeline.batch.worker import Result, Task, build_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

# The pipelines, and what they import only when they come to it; pandas, for claims in a file, is left to them.
_PRELOADED = [
    "reportgen.pipeline.build",
    "reportgen.pdf.attachments",
    "reportgen.charts.pdf",
    "reportgen.pdf.finish",
    "reportgen.sources.bibfile",
    "reportgen.sources.bibtex",
    "jinja2",
    "markdown_it",
    "platformdirs",
    "pylatex",
    "pypdfium2",
]


T = TypeVar("T")
_SAFE_PATH = "PYTHONSAFEPATH"
_AT_WORK = Event()
"""Whether this process, a worker, builds a report."""


class WarmPool(ProcessPoolExecutor):
    """Processes forked from a server that has imported the pipeline once; elsewhere than on Linux each imports it.

    Each holds one end of a pipe. When its parent lets go of the other, by `stop` or because it died, however
    it died, a worker stops what it is doing, removes its temporary files and ends.
    """

    def __init__(self, workers: int) -> None:
        context: Any = multiprocessing.get_context("forkserver" if on_linux() else "spawn")
        if on_linux():
            _start_server(context)
        self._watched, self._held = context.Pipe(duplex=False)
        begin = (self._watched, os.getcwd())  # noqa: PTH109 - as a string it needs no import to be unpickled
        super().__init__(workers, mp_context=context, initializer=_begin, initargs=begin)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: D102
        # A pool that is interrupted while it starts a process does not wait for it, and takes away what it needs.
        with _starting():
            return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: D102
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        self._held.close()
        self._watched.close()

    def end(self) -> None:
        """Let the workers go, and the server that they were forked from: it holds the memory of all it has imported.

        No process that was forked from it may be left; the next pool starts another.
        """
        self.shutdown()
        if on_linux():
            from multiprocessing import forkserver

            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way

    def stop(self) -> None:
        """End the workers in the middle of their work."""
        self._held.close()
        # A worker may end in the middle of a result. Who reads it learns so when nobody is left who could write.
        self._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001
        self.shutdown(cancel_futures=True)


def _start_server(context: Any) -> None:
    """Start what workers are forked from: here, where a system that cannot is told from a worker that died."""
    from multiprocessing import forkserver, resource_tracker

    context.set_forkserver_preload(_PRELOADED)
    # Starting the tracker lets this process hear again what was held back, so that is done twice.
    with _starting():
        resource_tracker.ensure_running()
    with _starting():
        forkserver.ensure_running()


@contextmanager
def _starting() -> Iterator[None]:
    """Let processes be started, with the signals that end a run held back.

    They are started as `python -c`, which would import from the folder that we happen to be in; and they would
    run the program that asks for them once more, to know what it defines, of which they need nothing.
    """
    before, program = os.environ.get(_SAFE_PATH), sys.modules["__main__"]
    os.environ[_SAFE_PATH] = "1"
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        with stopping.held_back():
            yield
    finally:
        sys.modules["__main__"] = program
        del os.environ[_SAFE_PATH]
        if before is not None:
            os.environ[_SAFE_PATH] = before


def _begin(watched: Connection, folder: str) -> None:
    os.chdir(folder)
    collect_rarely()
    stopping.leave_to_parent(_end)
    Thread(target=_end_with_parent, args=(watched,), daemon=True).start()


def _end(*_: object) -> None:
    """Unwind where a report is under way; between two there is nothing to remove, and nobody to tell."""
    if _AT_WORK.is_set():
        sys.exit(1)
    os._exit(1)


def _end_with_parent(watched: Connection) -> None:
    watched.poll(None)  # nothing is ever sent: it returns when the other end is closed
    os.kill(os.getpid(), signal.SIGTERM)
    Event().wait(stopping.TO_UNWIND)
    os._exit(1)


def build_in_pool(task: Task) -> Result:
    """Build one record in a worker that ends when it is told to; the pool would keep it for the next task."""
    _AT_WORK.set()
    try:
        return build_one(task)
    except SystemExit:
        os._exit(1)
    finally:
        _AT_WORK.clear()


class InProcess(Executor):
    """An executor for one worker: this process, which builds at once what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the call and give its result as a future that is done."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass(slots=True)
class Job:
    """A task that was given to a worker."""

    task: Task
    future: Future[Result]


class Workers:
    """Builds tasks with an executor, in as many processes as it has.

    ``start`` makes the executor when the first task comes; ``start_alone`` one with a single process, for
    finding out which record kills the process that builds it.
    """

    def __init__(self, start: Callable[[], Executor], start_alone: Callable[[], Executor]) -> None:
        self._start = start
        self._start_alone = start_alone
        self._executor: Executor | None = None
        self._jobs: list[Job] = []

    def submit(self, task: Task) -> Job:
        """Return a task to the next free worker."""
        try:
            future = self._submit(task)
        except BrokenExecutor:
            self._recover()
            future = self._submit(task)
        job = Job(task, future)
        self._jobs.append(job)
        return job

    def result(self, job: Job) -> Result:
        """Wait for a task's result; a worker's death is a result, too, of the task that killed it."""
        if isinstance(job.future.exception(), BrokenExecutor):
            self._recover()
        self._jobs.remove(job)
        return _result(job)

    def cancel(self) -> None:
        """Take back the tasks that no worker has begun."""
        for job in self._jobs:
            job.future.cancel()
        self._jobs = [job for job in self._jobs if not job.future.cancelled()]

    def close(self) -> None:
        """Let the workers go."""
        if self._executor is not None:
            self._executor.shutdown()

    def stop(self) -> None:
        """End the workers in the middle of their work."""
        if isinstance(self._executor, WarmPool):
            self._executor.stop()
        elif self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self, task: Task) -> Future[Result]:
        if self._executor is None:
            self._executor = self._start()
        return self._executor.submit(
            build_in_pool if isinstance(self._executor, WarmPool) else build_one, task
        )

    def _recover(self) -> None:
        """Build one at a time what the workers had when one of them died, so that only the culprit is blamed."""
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
        for job in self._jobs:
            if job.future.done() and isinstance(job.future.exception(), BrokenExecutor):
                with self._start_alone() as alone:
                    future = alone.submit(build_in_pool, job.task)
                    future.exception()
                job.future = future


def _result(job: Job) -> Result:
    try:
        return job.future.result()
    except SetupError:
        raise  # it would come with every further record, too: the run ends
    except Exception as error:  # noqa: BLE001 - whatever takes a worker away, here or on a cluster
        message = f"the process that built it died: {error}"
        hint = "memory may have run out; give it more, or build this record alone with --jobs 1"
        where = Where(str(job.task.source_path))
        return Result("", b"", (Problem("worker-died", Level.ERROR, where, message, hint),))
