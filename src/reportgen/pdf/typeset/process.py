"""One run of a program that may not end by itself: its time, what it prints, and its end."""

from __future__ import annotations

import os
import select
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.programs import PROGRAMS
from reportgen.base.stopping import KILLED, kill_group
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from reportgen.base.settings import Limits

MEGABYTE = 1024 * 1024
_KEPT_BYTES = 65_536
"""How much of what a program printed is kept: the end of it."""
_LONGEST_WAIT = 3600  # seconds
_MOST_FILES = 256
_MOST_PROCESSES = 32


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """The end of a program: its status, the last of what it printed, and whether its time ran out."""

    returncode: int
    output: str
    timed_out: bool = False


@stage("tex")
def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    limits: Limits,
    *,
    handles: Sequence[int] = (),
) -> ProcessResult:
    """Run a program in its own process group, which is killed when its time is over or it prints too much.

    ``handles`` are open files that it inherits.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=handles,
    )
    assert process.stdout is not None  # noqa: S101 - for the type checker
    with process.stdout as printed:
        try:
            deadline = time.monotonic() + limits.seconds
            output = _read(printed.fileno(), deadline, limits.output_mb * MEGABYTE)
            process.wait(max(deadline - time.monotonic(), 0))
        except BaseException as error:
            kill_group(process)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                return ProcessResult(KILLED, "", timed_out=True)
            if isinstance(error, _PrintsTooMuchError):
                return ProcessResult(KILLED, "it printed more than that")
            raise
    return ProcessResult(process.returncode, output.decode("utf-8", "replace"))


class _PrintsTooMuchError(Exception):
    pass


def _read(handle: int, deadline: float, most: int) -> bytes:
    """Read to the end, keeping the last of it."""
    next_part = _polled(handle) if hasattr(select, "poll") else _read_beside(handle)
    kept, count = b"", 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired("", 0)
        # The system takes no time of more than some days.
        read = next_part(min(left, _LONGEST_WAIT))
        if read is None:
            continue
        if not read:
            return kept
        kept = (kept + read)[-_KEPT_BYTES:]
        count += len(read)
        if count > most:
            raise _PrintsTooMuchError


def _polled(handle: int) -> Callable[[float], bytes | None]:
    """Return what reads the next part of a pipe, or gives None where there is none within some seconds."""
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    return lambda seconds: os.read(handle, _KEPT_BYTES) if ready.poll(seconds * 1000) else None


def _read_beside(handle: int) -> Callable[[float], bytes | None]:
    """Do the same with a thread that reads, where the system cannot be asked whether a pipe holds anything."""
    from queue import Empty, SimpleQueue
    from threading import Thread

    parts: SimpleQueue[bytes] = SimpleQueue()
    # The other may be closed, and its number another file's, before the thread has ended.
    own = os.dup(handle)

    def read() -> None:
        with os.fdopen(own, "rb", buffering=0) as pipe:
            part = b"-"
            while part:
                part = pipe.read(_KEPT_BYTES)
                parts.put(part)

    def next_part(seconds: float) -> bytes | None:
        try:
            return parts.get(timeout=seconds)
        except Empty:
            return None

    Thread(target=read, daemon=True).start()
    return next_part


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """Put bounds on memory, time and the size of files around a command, where the system can."""
    if PROGRAMS["prlimit"].path is None:
        return list(command)
    bounds = {
        "as": limits.memory_mb * MEGABYTE,
        "fsize": limits.output_mb * MEGABYTE,
        "cpu": limits.seconds + 1,
        "nofile": _MOST_FILES,
        "nproc": _MOST_PROCESSES,
        "core": 0,
    }
    return ["prlimit", *(f"--{name}={_lowered(name, most)}" for name, most in bounds.items()), "--", *command]


def _lowered(name: str, most: int) -> int:
    """Keep to the limit that this process itself is under: none can be raised."""
    import resource  # where prlimit is, this is

    own = resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
    return most if own == resource.RLIM_INFINITY else min(most, own)


def tied(command: Sequence[str]) -> list[str]:
    """Let a command that runs without walls end with this process, and gain no privileges, where the system can."""
    if PROGRAMS["setpriv"].path is None:
        return list(command)
    return ["setpriv", "--pdeathsig", "KILL", "--no-new-privs", "--", *command]
