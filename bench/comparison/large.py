"""One record with thousands of claims."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from comparison.contestants import check_same_words, name_of, one
from comparison.process import Run, run
from comparison.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def measure_large(
    record: Path, contestants: Sequence[str], cache: Path, work: Path, runs: int
) -> dict[str, list[Run]]:
    """Run each tool so many times over the record, in turn, and make sure that it printed every claim."""
    found: dict[str, list[Run]] = {name: [] for name in contestants}
    for turn in range(runs):
        for name in contestants:
            output = work / f"{name}-{turn}"
            done = run(one(name, record, output), environment={"REPORTGEN_CACHE": str(cache)}, sampled=True)
            found[name].append(done)
            (pdf,) = output.glob("*.pdf")
            check_same_words(record, pdf)
    return found


def table(runs: dict[str, list[Run]], claims: int) -> Table:
    """Lay out time and memory."""
    ours = median(done.wall for done in next(iter(runs.values())))
    rows = tuple(
        (
            name_of(name),
            median(done.wall for done in all_runs),
            max(done.largest for done in all_runs),
            max(done.together or 0.0 for done in all_runs),
            median(done.wall for done in all_runs) / ours,
        )
        for name, all_runs in runs.items()
    )
    columns = ("tool", "median s", "largest process MB", "all together MB", "times ours")
    count = len(next(iter(runs.values())))
    note = f"Runs: {count}. One process from cold; after the first run of ours its chart is in the cache."
    return Table(f"One report of {claims:,} claims", columns, rows, note)
