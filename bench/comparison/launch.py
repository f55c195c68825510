"""Run a command and write down what it cost: ``python launch.py RESULT COMMAND...``.

A process of its own, because a child counts the memory of the process that started it as its own peak: this one is
small. It also takes in what outlives its parent, such as a server of workers, so that nothing goes uncounted.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def main(result: str, *command: str) -> int:
    """Run; the result is wall and CPU time in seconds and the peak of the largest process in MB."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        return 125
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ)
    status = os.waitpid(pid, 0)[1]
    wall = time.perf_counter() - start
    try:
        while True:
            os.wait()
    except ChildProcessError:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "largest": usage.ru_maxrss / 1024}
    with open(result, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would make this process larger
        json.dump(cost, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
