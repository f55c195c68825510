"""An executor whose workers are those of a dask cluster."""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.pipeline.batch.pool import InProcess
from reportgen.pipeline.batch.worker import Result
from reportgen.pipeline.cluster.travel import CannotTravelError, pack_project, pack_record
from reportgen.pipeline.cluster.worker import build_there, keep, require_same_tools

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.base.settings import Settings
    from reportgen.pipeline.batch.worker import Task
    from reportgen.pipeline.cluster.travel import Bundle, Parcel

CONNECT = 5.0  # seconds for reaching the scheduler
FIRST_WORKER = 30.0  # seconds for a first worker to be there
NO_WORKERS = 120.0  # seconds without any worker until a run is given up
_LOOK = 1.0  # seconds between two looks at whether there are workers


@dataclass(slots=True, eq=False)
class _Order:
    """A record that the cluster has: how to build it, and whom to tell. ``alone`` is its second chance."""

    build: Callable[[Task], Result]
    parcel: Parcel
    bundle: Any
    ours: Future[Result] = field(default_factory=Future)
    theirs: Any = None
    alone: bool = False


class Cluster(Executor):
    """The workers of a dask cluster. A lost worker's records go to others, by the scheduler's doing.

    When workers die with a record again and again, the scheduler gives up all that they held. Each of these is
    tried once more with nothing else under way, so only the record that is to blame fails.

    Raises:
        SetupError: dask is not installed, the scheduler cannot be reached, or there are no workers.

    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _connected(address)
        self.slots = _slots(self._client, address)
        """How many records the workers of now can build at once."""
        self._lock = RLock()
        self._under_way: set[_Order] = set()
        self._suspects: list[_Order] = []
        self._projects: dict[int, tuple[Settings, Any]] = {}
        self._tools_of: set[str] = set()
        self._lost: SetupError | None = None
        self._sent = 0
        self._closed = Event()
        self._watch = Thread(target=self._look_after_workers, daemon=True)
        self._watch.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002 - as all executors
        """Send a task to the cluster; what cannot travel is built here.

        Raises:
            SetupError: the cluster was lost, or a worker has other tools.

        """
        if self._lost:
            raise self._lost
        task: Task = args[0]
        try:
            order = _Order(fn, pack_record(task), self._bundle(task.settings))
        except CannotTravelError:
            return InProcess().submit(fn, task)
        with self._lock:
            self._send(order)
        order.ours.add_done_callback(lambda ours: _withdraw(order) if ours.cancelled() else None)
        return order.ours

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the cluster go; what it still builds for us is dropped unless it is waited for."""
        if self._closed.is_set():
            return
        if wait and not cancel_futures:
            with self._lock:
                ours = [order.ours for order in (*self._under_way, *self._suspects)]
            wait_for(ours)
        self._closed.set()
        with self._lock:
            futures = [order.theirs for order in self._under_way]
        if futures and not self._lost:
            self._client.cancel(futures, force=True)
        # A question that is under way when the client closes would never be answered.
        self._watch.join(CONNECT)
        self._client.close()

    def _bundle(self, settings: Settings) -> Any:
        """Return what stands on the cluster for a project; it is sent once."""
        if id(settings) not in self._projects:
            bundle: Bundle = pack_project(settings)
            if settings.engine not in self._tools_of:
                require_same_tools(self._client, settings.engine, bundle.tools)
                self._tools_of.add(settings.engine)
            stored = self._client.submit(keep, bundle, key=f"reportgen-project-{bundle.key}")
            self._projects[id(settings)] = (settings, stored)
        return self._projects[id(settings)][1]

    def _send(self, order: _Order) -> None:
        self._under_way.add(order)
        self._sent += 1
        # What was sent first is built first: dask itself keeps no order within a tenth of a second.
        order.theirs = self._client.submit(
            build_there, order.build, order.parcel, order.bundle, pure=False, priority=-self._sent
        )
        order.theirs.add_done_callback(lambda future: self._ended(order, future))

    def _ended(self, order: _Order, future: Any) -> None:
        """Pass a result on; called in a thread of dask's."""
        result: Result | SetupError | None = None
        if future.status == "finished":
            result = future.result()
        elif future.status == "error":
            result = self._failed(order, future.exception())
        elif not self._closed.is_set() and not order.ours.cancelled():
            result = self._lose(f"the connection to the cluster at {self.address} was lost")
        with self._lock:
            self._under_way.discard(order)
            if result is None and not self._closed.is_set():
                self._suspects.append(order)
            else:
                _settle(order, result)
            self._try_a_suspect()

    def _failed(self, order: _Order, error: BaseException) -> Result | None:
        """Say why a record failed there; nothing where it is to have another chance."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            if not order.alone:
                return None
            message = "each worker that built it died, also with nothing else under way"
            hint = "memory may have run out; give the workers more, or build this record here, without --dask"
        else:
            message = f"the cluster could not build it: {type(error).__name__}: {error}"
            hint = "look at the logs of the workers"
        where = Where(str(order.parcel.source_path))
        return Result("", b"", (Problem("worker-died", Level.ERROR, where, message, hint),))

    def _try_a_suspect(self) -> None:
        """Build what died beside others when nothing is under way beside it."""
        while self._suspects and not self._under_way and not self._lost:
            order = self._suspects.pop(0)
            if order.ours.cancelled():
                continue
            order.alone = True
            self._send(order)

    def _look_after_workers(self) -> None:
        """Abandon the run when the cluster has had no worker for long: without one, nothing would ever end."""
        without = 0.0
        while not self._closed.wait(_LOOK):
            try:
                workers = self._client.nthreads()
            except Exception:  # noqa: BLE001 - whatever it is, without a scheduler there is no worker either
                workers = {}
            without = 0.0 if workers else without + _LOOK
            if without >= NO_WORKERS:
                self._lose(f"the cluster at {self.address} has had no worker for {NO_WORKERS:.0f} s")
                return

    def _lose(self, message: str) -> SetupError:
        """End the run: what is under way, and all that would come, fails for the same reason."""
        with self._lock:
            if self._lost is None:
                hint = "the same command goes on from there when the cluster is back"
                self._lost = SetupError([Problem("cluster-lost", Level.ERROR, Where(), message, hint)])
                for order in (*self._under_way, *self._suspects):
                    _settle(order, self._lost)
                self._under_way.clear()
                self._suspects.clear()
            return self._lost


def _withdraw(order: _Order) -> None:
    """Tell the cluster that nobody waits for a record any more, and those who wait for all of them."""
    order.ours.set_running_or_notify_cancel()
    order.theirs.cancel()


def _settle(order: _Order, result: Result | SetupError | None) -> None:
    if order.ours.done() or not order.ours.set_running_or_notify_cancel():
        return
    if isinstance(result, Result):
        order.ours.set_result(result)
    else:
        order.ours.set_exception(result or SetupError("the run was ended"))


def _connected(address: str) -> Any:
    try:
        import dask
        import distributed
    except ImportError as error:
        message = f"building on a cluster needs {error.name}, which is not installed"
        hint = "install it with: pip install 'reportgen-claims[cluster]'"
        raise SetupError([Problem("missing-package", Level.ERROR, Where(), message, hint)]) from error
    # What dask writes to its log comes back as an error where it matters.
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        return distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"the scheduler at {address} cannot be reached: {error}"
        hint = (
            "start one with `dask scheduler` and name the address that it prints, such as tcp://10.0.0.5:8786"
        )
        raise SetupError([Problem("cluster", Level.ERROR, Where(), message, hint)]) from error


def _slots(client: Any, address: str) -> int:
    """Wait for a first worker; count the threads of all."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError as error:
        client.close()
        message = f"the cluster at {address} has no workers"
        hint = f"start some with: dask worker {address} --nthreads 1"
        raise SetupError([Problem("cluster", Level.ERROR, Where(), message, hint)]) from error
    return sum(client.nthreads().values())
