"""Time whole commands: the large report, the validation of many records, the help text.

Prints a table with the median of wall time and the largest peak memory of any one process. Run it alone on a
quiet machine: `./run bench`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from records import write

REPORTGEN = [sys.executable, "-m", "reportgen"]


def measure(command: list[str], runs: int, folder: Path) -> tuple[float, float]:
    """Return the median wall time in seconds and the largest peak memory in MB of a command's runs."""
    walls, peaks = [], []
    for run in range(runs + 1):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        if run:  # the first one warms the caches
            walls.append(time.perf_counter() - start)
            peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(walls), max(peaks)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (large,) = write(folder / "large", 1, 2000)
        (small,) = write(folder / "one", 1, 10, seed=7)
        many = write(folder / "many", 1000, 10)
        rows = [
            ("reportgen --help", [*REPORTGEN, "--help"], 5, 0.2, None),
            (
                "validate, 1,000 records of 10 claims",
                [*REPORTGEN, "validate", "-q", *map(str, many)],
                3,
                5.0,
                None,
            ),
            ("compile, 10 claims, cold", [*REPORTGEN, "compile", "-q", str(small)], 5, None, None),
            ("compile, 2,000 claims, cold", [*REPORTGEN, "compile", "-q", str(large)], 3, 10.0, 500.0),
        ]
        print(f"{'command':40}{'wall s':>8}{'limit':>8}{'peak MB':>9}{'limit':>8}")
        for label, command, runs, wall_limit, peak_limit in rows:
            wall, peak = measure(command, runs, folder)
            limits = (f"{limit:g}" if limit else "" for limit in (wall_limit, peak_limit))
            wall_shown, peak_shown = limits
            print(f"{label:40}{wall:8.2f}{wall_shown:>8}{peak:9.0f}{peak_shown:>8}")


if __name__ == "__main__":
    main()
