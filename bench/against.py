"""Compare the CPU that this checkout takes with another's, turn by turn in one run: `./run bench against FOLDER`.

FOLDER is another checkout of this project whose `./run setup` was run. Each turn times every command in both, so
that a busy machine is as busy for one as for the other; the table shows the median of CPU seconds, children
included, and their ratio. `--turns N` sets how often (5).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from records import write

HERE = Path(__file__).parents[1]


def cpu(python: Path, arguments: list[str], folder: Path, cache: Path) -> float:
    """Return the CPU seconds that a command of the program takes with all its children."""
    environment = os.environ | {"REPORTGEN_CACHE": str(cache)}
    command = [str(python), "-m", "reportgen", *arguments]
    before = os.times()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (small,) = write(folder / "one", 1, 10, seed=7)
        (large,) = write(folder / "large", 1, 2000)
        write(folder / "many", 20, 10)
        commands = {
            "compile, 10 claims, cold": ["compile", "-q", str(small)],
            "batch, 20 records, one worker": ["batch", "-q", "--force", "--jobs", "1", str(folder / "many")],
            "compile, 2,000 claims": ["compile", "-q", str(large)],
        }
        checkouts = [options.other.resolve(), HERE]
        measured: dict[str, list[list[float]]] = {label: [] for label in commands}
        for turn in range(options.turns + 1):
            for label, arguments in commands.items():
                times = [
                    cpu(checkout / ".venv/bin/python", arguments, folder, folder / f"cache-{place}")
                    for place, checkout in enumerate(checkouts)
                ]
                if turn:  # the first one fills the caches
                    measured[label].append(times)
    print(f"{'command':32}{'other s':>9}{'here s':>9}{'ratio':>8}")
    for label, turns in measured.items():
        other, here = (statistics.median(times) for times in zip(*turns, strict=True))
        print(f"{label:32}{other:9.2f}{here:9.2f}{here / other:8.2f}")


if __name__ == "__main__":
    main()
