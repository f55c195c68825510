"""A dask cluster on this machine's loopback: a scheduler and worker processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import cluster_hooks
from cluster_hooks import GATES

LONGEST = 60  # seconds that anything here may take on a machine however loaded
SUPPORT = Path(cluster_hooks.__file__).parent


@dataclass(frozen=True)
class Running:
    address: str
    gates: Path
    scheduler: subprocess.Popen
    workers: tuple[subprocess.Popen, ...]


@contextmanager
def started(folder, *workers):
    """Start a scheduler, and a process for each tuple of options for `dask worker`."""
    gates = folder / "gates"
    gates.mkdir(parents=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(SUPPORT), os.environ.get("PYTHONPATH")))),
        GATES: str(gates),
        # A record is given up when its first worker dies, so that a test kills few of them.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }

    def start(program, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options, "--no-dashboard"]
        return subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=folder
        )

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    said = (re.search(r"Scheduler at:\s+(tcp://\S+)", line) for line in scheduler.stderr)
    address = next(found[1] for found in said if found)
    local = ("--local-directory", str(folder), "--nthreads", "1", "--preload", "cluster_hooks")
    processes = [start("worker", address, *local, *options) for options in workers]
    for process in (scheduler, *processes):
        Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield Running(address, gates, scheduler, tuple(processes))
    finally:
        for process in (*processes, scheduler):
            process.terminate()
            process.wait(LONGEST)
            process.stderr.close()
