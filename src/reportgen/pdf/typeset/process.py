"""One run of a program that may not end by itself: its time, what it prints, and its end."""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.programs import PROGRAMS
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                return ProcessResult(-signal.SIGKILL, "", timed_out=True)
            if isinstance(error, _PrintsTooMuchError):
                return ProcessResult(-signal.SIGKILL, "it printed more than that")
            raise
    return ProcessResult(process.returncode, output.decode("utf-8", "replace"))


class _PrintsTooMuchError(Exception):
    pass


def _read(handle: int, deadline: float, most: int) -> bytes:
    """Read to the end, keeping the last of it."""
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    kept, count = b"", 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired("", 0)
        # The system takes no time of more than some days.
        if not ready.poll(min(left, _LONGEST_WAIT) * 1000):
            continue
        read = os.read(handle, _KEPT_BYTES)
        if not read:
            return kept
        kept = (kept + read)[-_KEPT_BYTES:]
        count += len(read)
        if count > most:
            raise _PrintsTooMuchError


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
    own = resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
    return most if own == resource.RLIM_INFINITY else min(most, own)


def tied(command: Sequence[str]) -> list[str]:
    """Let a command that runs without walls end with this process, and gain no privileges, where the system can."""
    if PROGRAMS["setpriv"].path is None:
        return list(command)
    return ["setpriv", "--pdeathsig", "KILL", "--no-new-privs", "--", *command]
