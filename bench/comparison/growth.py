"""Whether a batch stays as quick and as small when it gets long, and what one costs in which nothing has changed."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from comparison.contestants import OURS, many
from comparison.process import Run, run
from comparison.table import Table
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch.freshness import Judge
from reportgen.pipeline.batch.inputs import RecordSource
from reportgen.pipeline.batch.stamps import Stamp
from reportgen.pipeline.batch.state import State
from reportgen.pipeline.outputs import report_name
from reportgen.record.head import read_head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stretch:
    """A batch of so many records run from nothing; ``early`` and ``late`` are reports/s of its first and last fifth."""

    reports: int
    run: Run
    early: float
    late: float


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Runs over so many records of which none has changed; ``built`` of them had really been built before."""

    reports: int
    built: int
    runs: tuple[Run, ...]


def measure_growth(records: Sequence[Path], output: Path, cache: Path) -> Stretch:
    """Build all the records into a folder, on all processors."""
    workers = len(os.sched_getaffinity(0))
    done = run(
        many(OURS, records, output, workers), environment={"REPORTGEN_CACHE": str(cache)}, sampled=True
    )
    times = sorted(path.stat().st_mtime for path in output.glob("*.pdf"))
    fifth = len(times) // 5
    early = (fifth - 1) / (times[fifth - 1] - times[0])
    late = (fifth - 1) / (times[-1] - times[-fifth])
    return Stretch(len(times), done, early, late)


def measure_unchanged(records: Sequence[Path], output: Path, cache: Path, runs: int) -> Unchanged:
    """Run a batch again over records of which some have been built, and the others are made to count as built.

    Raises:
        SystemExit: the batch built something.

    """
    built = _count_as_built(records, output)
    before = _stamps(output)
    done = tuple(
        run(many(OURS, records, output, 1), environment={"REPORTGEN_CACHE": str(cache)}, sampled=True)
        for _ in range(runs)
    )
    if len(before) != len(records) or _stamps(output) != before:
        sys.exit(f"of {len(records)} unchanged records some were built: {len(before)} PDFs before")
    return Unchanged(len(records), built, done)


def _stamps(output: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in output.glob("*.pdf")}


def _count_as_built(records: Sequence[Path], output: Path) -> int:
    """Return each record that was not built a PDF of one that was, and its own entry in the state.

    Returns how many had been built. The PDFs share their bytes on the disk: an unchanged batch reads none of them.
    """
    state = State(output)
    judge = Judge(find_settings(records[0].parent, output=output), state)
    model = next(iter(state.entries.values()))
    built = 0
    for record in records:
        source = RecordSource(record)
        content = source.content()
        head = read_head(record, content)
        if head is None:
            sys.exit(f"{record} is no record")
        name = report_name(head, judge.settings.name_pattern)
        if name in state.entries:
            built += 1
            continue
        copy = output / name
        os.link(output / model.pdf, copy)
        made_from = replace(judge.ingredients(source, content), cited=model.ingredients.cited)
        entry = replace(
            model,
            pdf=name,
            id=str(head.id),
            version=head.version,
            source=judge.source_of(source),
            ingredients=made_from,
        )
        state.add(entry, judge.values)
        state.stamps.put(name, Stamp(entry.sha256, copy.stat().st_mtime_ns, made_from.bibliography))
    state.close()
    return built


def growth_table(stretches: Sequence[Stretch]) -> Table:
    """Lay out rates and memory, and what a report costs as a multiple of the shortest batch's."""
    first = stretches[0].run.wall / stretches[0].reports
    rows = tuple(
        (
            stretch.reports,
            stretch.run.wall,
            stretch.run.wall / stretch.reports * 1000,
            stretch.run.wall / stretch.reports / first,
            stretch.early,
            stretch.late,
            stretch.run.largest,
            stretch.run.together,
        )
        for stretch in stretches
    )
    columns = (
        "records",
        "whole run s",
        "ms a report",
        "times the first row",
        "reports/s, first fifth",
        "last fifth",
        "largest process MB",
        "all together MB",
    )
    note = f"All processors ({len(os.sched_getaffinity(0))} workers), nothing built before, no chart cached."
    return Table("Cost per report as batches grow", columns, rows, note)


def unchanged_table(results: Sequence[Unchanged]) -> Table:
    """Lay out the time and the memory of a batch that has nothing to do."""
    rows = tuple(
        (
            result.reports,
            result.built,
            median(done.wall for done in result.runs),
            max(done.wall for done in result.runs),
            max(done.largest for done in result.runs),
            max(done.together or 0.0 for done in result.runs),
        )
        for result in results
    )
    columns = ("records", "of them built here", "median s", "most s", "largest process MB", "all together MB")
    note = (
        "Where fewer were built than there are records, the others got a copy of a built PDF and their own entry in "
        "the state, written with the functions that the batch uses. --full builds them all."
    )
    return Table("Nothing has changed", columns, rows, note)
