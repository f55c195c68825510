"""A function called in a process of its own, with bounds on memory and time: for what strangers made."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reportgen.base.stopping import KILLED, OUT_OF_TIME, TO_UNWIND, held_back, leave_to_parent
from reportgen.base.systems import on_linux, start_method, system_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

T = TypeVar("T")

_PATIENCE = 5
"""A busy machine is no fault of what is read: this many times as long as it may compute, it may take."""


class BoundError(Exception):
    """A call needed more than it may, or its process ended without an answer; the words say which."""


def call_bounded(function: Callable[..., T], *arguments: Any, megabytes: int, seconds: int) -> T:
    """Call a function beside this process and give what it returns; what it raises is raised here.

    ``megabytes`` is what it may take beyond what this process has; ``seconds`` is the processor's time, after which it
    and what it started are killed, as they are after `_PATIENCE` times as long on the clock.

    Raises:
        BoundError: it took more, or crashed.

    """
    context: Any = multiprocessing.get_context(start_method())
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, megabytes, seconds, function, arguments))
    with held_back():
        process.start()
    theirs.close()
    try:
        if not ours.poll(_PATIENCE * seconds):
            raise BoundError(f"it takes more than {_PATIENCE * seconds} s")
        is_raised, answer = ours.recv()
    except EOFError:
        process.join()
        raise BoundError(_end(process.exitcode, megabytes, seconds)) from None
    finally:
        ours.close()
        process.terminate()  # it unwinds: what it started is stopped, what it left is removed
        process.join(TO_UNWIND)
        process.kill()
        process.join()
    if is_raised:
        raise answer
    return answer  # type: ignore[no-any-return]


def _serve(
    theirs: Connection, megabytes: int, seconds: int, function: Callable[..., Any], arguments: Any
) -> None:
    leave_to_parent(lambda *_: sys.exit(1))
    _bind(megabytes, seconds)
    try:
        answer = (False, function(*arguments))
    except MemoryError:
        answer = (True, BoundError(f"it needs more than {megabytes} MB of memory"))
    except Exception as error:  # noqa: BLE001 - raised where the call was made
        answer = (True, _fit_to_travel(error))
    theirs.send(answer)


def _fit_to_travel(error: Exception) -> Exception:
    """Return an error that can be read at the other end: without those behind it, which a library may send along."""
    error.__cause__ = error.__context__ = None
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what was dumped just now
    except Exception:  # noqa: BLE001 - an error may be made so that it cannot be made again
        return BoundError(f"{type(error).__name__}: {error}")
    return error


def bounds_fault() -> str:
    """Tell which bounds this system does not keep; nothing where it keeps all."""
    if on_linux():
        return ""
    kept = "time on the clock" if resource is None else "time"
    return f"{system_name()} bounds no program's memory for us; {kept} is bounded"


def _bind(megabytes: int, seconds: int) -> None:
    """Bound what this process may take, as far as the system can: Windows bounds nothing, macOS no memory."""
    if resource is None:
        return
    _lower(resource.RLIMIT_CPU, seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with nullcontext() if on_linux() else suppress(ValueError, OSError):
        _lower(resource.RLIMIT_AS, _size() + megabytes * 1_000_000)


def _lower(kind: int, bound: int) -> None:
    """Set a bound of this process, where the shell that started it has not set a lower one."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def _size() -> int:
    """Return the bytes of address space that this process has."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 1_000_000_000
    return pages * resource.getpagesize()


def _end(code: int | None, megabytes: int, seconds: int) -> str:
    if code == OUT_OF_TIME:
        return f"it takes more than {seconds} s"
    if code == KILLED:
        return f"the system stopped it, most likely for want of memory ({megabytes} MB are its bound)"
    return f"the program that reads it ended with status {code}"
