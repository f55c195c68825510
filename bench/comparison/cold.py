"""One report from cold: whole processes, a record never seen before, all tools in turn."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from peers import PEERS

from comparison.contestants import OURS, check_same_words, name_of, one
from comparison.process import Run, run
from comparison.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EMPTY = "reportgen, empty cache"


def measure_cold(records: Sequence[Path], cache: Path, work: Path) -> dict[str, list[Run]]:
    """Run every tool once a record, in turn; the first record only warms what the system keeps of files.

    ``cache`` is reportgen's: it holds the format after the first record, but no chart of a later one.
    """
    runs: dict[str, list[Run]] = {name: [] for name in (OURS, EMPTY, *PEERS)}
    for number, record in enumerate(records):
        for name, taken in runs.items():
            output = work / f"{name}-{number}"
            place = cache if name != EMPTY else work / f"empty-{number}"
            done = run(one(name, record, output), environment={"REPORTGEN_CACHE": str(place)})
            (pdf,) = output.glob("*.pdf")
            if number:
                taken.append(done)
            else:
                check_same_words(record, pdf)
    return runs


def table(runs: dict[str, list[Run]], claims: int) -> Table:
    """Lay out the medians, and what each tool's time is as a multiple of ours."""
    ours = median(done.wall for done in runs[OURS])
    rows = tuple(
        (
            name_of(name),
            median(done.wall for done in all_runs),
            min(done.wall for done in all_runs),
            max(done.wall for done in all_runs),
            median(done.cpu for done in all_runs),
            max(done.largest for done in all_runs),
            median(done.wall for done in all_runs) / ours,
        )
        for name, all_runs in runs.items()
    )
    columns = ("tool", "median s", "least s", "most s", "CPU s", "peak MB", "times ours")
    count = len(runs[OURS])
    note = f"{count} runs each, all tools in turn. Peak of the largest single process."
    return Table(f"One report of {claims} claims, from cold", columns, rows, note)
