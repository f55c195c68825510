"""Many reports in one go: reports a second once warm, on one processor and on all."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from comparison.contestants import many, name_of
from comparison.process import Run, run
from comparison.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Course:
    """One way to make many reports: who, in how many processes, on how many processors, and how many reports."""

    contestant: str
    workers: int
    processors: int
    reports: int


@dataclass(frozen=True, slots=True)
class Lap:
    """One run of a course, and how many reports a second it made once it was warm."""

    run: Run
    rate: float


def measure_batch(
    courses: Sequence[Course], records: Sequence[Path], cache: Path, work: Path, rounds: int
) -> dict[Course, list[Lap]]:
    """Run every course once a round, all in turn, every round with records not seen before."""
    laps: dict[Course, list[Lap]] = {course: [] for course in courses}
    most = max(course.reports for course in courses)
    for turn in range(rounds):
        for number, course in enumerate(courses):
            output = work / f"{turn}-{number}"
            chosen = records[turn * most : turn * most + course.reports]
            # A copy made before each run: the format is in it, but no chart that another course drew.
            place = shutil.copytree(cache, work / f"cache-{turn}-{number}", symlinks=True)
            command = many(course.contestant, chosen, output, course.workers)
            done = run(command, environment={"REPORTGEN_CACHE": str(place)}, processors=course.processors)
            laps[course].append(Lap(done, rate(output, course.reports, course.workers)))
    return laps


def rate(output: Path, reports: int, workers: int) -> float:
    """Return the reports a second between the first PDF of the last worker to begin and the last PDF of all.

    Raises:
        ValueError: there are not as many PDFs as reports asked for.

    """
    times = sorted(path.stat().st_mtime for path in output.glob("*.pdf"))
    if len(times) != reports:
        message = f"{output} holds {len(times)} PDFs, {reports} were asked for"
        raise ValueError(message)
    return (reports - workers) / (times[-1] - times[workers - 1])


def speed(laps: Sequence[Lap]) -> float:
    """Return the median rate."""
    return median(lap.rate for lap in laps)


def cost(course: Course, laps: Sequence[Lap]) -> float:
    """Return the median CPU seconds of a report, its part of the start included; other programs hardly change it."""
    return median(lap.run.cpu for lap in laps) / course.reports


def table(laps: dict[Course, list[Lap]]) -> Table:
    """Lay out the medians, and what our rate on one processor is as a multiple of each."""
    ours = speed(next(iter(laps.values())))
    rows = tuple(
        (
            name_of(course.contestant),
            course.workers,
            course.processors,
            course.reports,
            speed(found),
            cost(course, found),
            median(lap.run.wall for lap in found),
            max(lap.run.largest for lap in found),
            ours / speed(found),
        )
        for course, found in laps.items()
    )
    columns = (
        "tool",
        "workers",
        "processors",
        "reports",
        "reports/s",
        "CPU s/report",
        "whole run s",
        "peak MB",
        "first row is times this",
    )
    rounds = len(next(iter(laps.values())))
    note = (
        f"Medians of {rounds} rounds, all in turn. Reports a second are counted from the first PDF to the last, so "
        "without the start; the whole run is with it, and so are the CPU seconds. Where one processor is given, the "
        "process and all it starts share it: those rows are throughput per core. Peak of the largest single process."
    )
    return Table("Many reports, warm", columns, rows, note)
