"""Whole processes: how long they take, on which processors, and how much memory they and their children hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("launch.py")
SAMPLES_PER_SECOND = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command, children included.

    ``wall`` and ``cpu`` are seconds, ``largest`` is the peak memory of the largest single process and ``together``
    that of all at once, both in MB; the second is sampled, shared pages counted once, and None where nobody asked.
    """

    wall: float
    cpu: float
    largest: float
    together: float | None


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    processors: int | None = None,
    sampled: bool = False,
) -> Run:
    """Run a command to its end, on so many processors where a number is given.

    Raises:
        SystemExit: the command failed; what it printed is in the message.

    """
    if processors:
        allowed = sorted(os.sched_getaffinity(0))[:processors]
        command = ["taskset", "--cpu-list", ",".join(map(str, allowed)), *command]
    with tempfile.TemporaryDirectory(prefix="cost-") as folder:
        cost = Path(folder) / "cost.json"
        launched = [sys.executable, "-I", "-S", LAUNCHER, cost, *command]
        with subprocess.Popen(
            launched,
            cwd=ROOT / "bench",
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            sampler = _Sampler(process.pid) if sampled else None
            output = process.communicate()[0]
            together = sampler.stop() if sampler else None
        if process.returncode:
            shown = " ".join(map(str, command))[:300]
            sys.exit(f"{shown} ended with {process.returncode}:\n{output[-2000:]}")
        return Run(**json.loads(cost.read_text()), together=together)


class _Sampler(threading.Thread):
    """Looks at the memory of a process and all below it, again and again, and keeps the peak."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0.0
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        """Sample until told to stop; the launcher does not count."""
        while not self.over.wait(1 / SAMPLES_PER_SECOND):
            family = (pid for pid in _family(self.pid) if pid != self.pid)
            self.peak = max(self.peak, sum(map(_memory, family)))

    def stop(self) -> float:
        """End sampling and give the peak in MB."""
        self.over.set()
        self.join()
        return self.peak


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it; one that ends meanwhile has no children."""
    yield pid
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _family(child)


def _memory(pid: int) -> float:
    """Return the proportional share of memory of a process in MB; nothing where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
