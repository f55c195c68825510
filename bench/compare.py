"""Measure reportgen against Typst, PyLaTeX with latexmk and biber, pandoc and WeasyPrint: `./run bench`.

Everything in one run on one machine, from the same seeded records: a report of twelve claims with one chart and
five to ten references. What the other tools make, and what they leave out, stands in `bench/peers/__init__.py`.
Run it alone on a quiet machine. It takes about twelve minutes; --quick two or three, with runs too few to quote;
--full, which builds 10,000 reports, an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from comparison import batch, cold, growth, large, machine, typesetting
from comparison.contestants import OURS
from comparison.table import Table
from peers import PEERS
from records import write_project

CLAIMS = 12
MANY_CLAIMS = 2000
RECORDS = 10_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much to measure.

    ``cold`` is the number of cold runs, ``rounds`` that of rounds of batches, ``warm`` the reports of a quick
    tool's batch (slower ones get a part of it), ``built`` the sizes of the batches built.
    """

    cold: int
    rounds: int
    warm: int
    built: tuple[int, ...]
    peers_on_large: bool


SIZES = {
    "quick": Size(cold=2, rounds=1, warm=16, built=(20, 40), peers_on_large=False),
    "default": Size(cold=7, rounds=3, warm=60, built=(100, 1000), peers_on_large=True),
    "full": Size(cold=15, rounds=5, warm=100, built=(100, 1000, RECORDS), peers_on_large=True),
}
SHARE = {"pylatex": 0.1, "pandoc": 0.2, "weasyprint": 0.3}
"""The part of ``warm`` that a slow tool gets, so that all take about as long."""


def courses(size: Size) -> list[batch.Course]:
    """List the ways to make many reports; the first is ours on one processor."""
    alone = [
        batch.Course(name, 1, 1, max(4, round(size.warm * SHARE.get(name, 1)))) for name in (OURS, *PEERS)
    ]
    both = [
        batch.Course(name, workers, 2, size.warm * workers) for name in (OURS, "typst") for workers in (1, 2)
    ]
    return alone + (both if len(os.sched_getaffinity(0)) > 1 else [])


@dataclass(frozen=True, slots=True)
class Finding:
    """What one question gave: its tables, and of each bound the name, the figure measured and the bound itself."""

    tables: tuple[Table, ...]
    bounds: tuple[tuple[str, float, str], ...] = ()


def measure(size: Size, work: Path) -> list[Table]:
    """Measure everything; the bounds come first."""
    facts = machine.facts()
    cache = work / "cache"
    os.environ["REPORTGEN_CACHE"] = str(cache)
    records = write_project(work / "project", RECORDS + size.cold + 1, CLAIMS)
    # The cold runs come first and have records of their own: then the cache holds the format and no other's chart.
    findings = [
        of_cold(records[RECORDS:], cache, work),
        of_warm(size, records, cache, work),
        of_long(size, records[:RECORDS], cache, work),
        of_tex(size, records[0]),
        of_large(size, cache, work),
    ]
    bounds = tuple(bound for finding in findings for bound in finding.bounds)
    tables = [table for finding in findings for table in finding.tables]
    return [Table("Bounds", ("what", "measured", "bound"), bounds), facts, *tables]


def of_cold(records: list[Path], cache: Path, work: Path) -> Finding:
    """Ask what one report costs from cold."""
    _say("one report, cold")
    runs = cold.measure_cold(records, cache, work / "cold")
    times = {name: median(done.wall for done in found) for name, found in runs.items()}
    bounds = (
        ("cold, Typst's time by ours", times["typst"] / times[OURS], "at least 1"),
        ("cold, plain Typst's time by ours", times["typst-default"] / times[OURS], "at least 1"),
        ("cold, PyLaTeX's time by ours", times["pylatex"] / times[OURS], "at least 3"),
    )
    return Finding((cold.table(runs, CLAIMS),), bounds)


def of_warm(size: Size, records: list[Path], cache: Path, work: Path) -> Finding:
    """Ask how many reports a second a warm batch makes."""
    _say("many reports, warm")
    laps = batch.measure_batch(courses(size), records, cache, work / "warm", size.rounds)
    speeds = {
        (course.contestant, course.workers, course.processors): batch.speed(found)
        for course, found in laps.items()
    }
    ours = speeds[OURS, 1, 1]
    bounds = [
        ("warm on one processor, our rate by Typst's", ours / speeds["typst", 1, 1], "at least 1"),
        (
            "warm on one processor, our rate by plain Typst's",
            ours / speeds["typst-default", 1, 1],
            "at least 1",
        ),
        ("warm on one processor, our rate by PyLaTeX's", ours / speeds["pylatex", 1, 1], "at least 20"),
    ]
    costs = {
        course.contestant: batch.cost(course, found)
        for course, found in laps.items()
        if course.processors == 1
    }
    bounds.append(("CPU seconds of a report, Typst's by ours", costs["typst"] / costs[OURS], "at least 1"))
    if (OURS, 2, 2) in speeds:
        two = speeds[OURS, 2, 2]
        bounds.append(("two workers by one, one processor each", two / ours, "at least 1.8"))
        bounds.append(
            ("two workers by one, both with two processors", two / speeds[OURS, 1, 2], "at least 1.8")
        )
    return Finding((batch.table(laps),), tuple(bounds))


def of_long(size: Size, records: list[Path], cache: Path, work: Path) -> Finding:
    """Ask whether long batches stay quick and small, and what it costs that nothing has changed."""
    stretches, unchanged = [], []
    for count in size.built:
        _say(f"{count:,} reports")
        without_charts = shutil.copytree(cache, work / f"cache-{count}", symlinks=True)
        stretches.append(growth.measure_growth(records[:count], work / f"built-{count}", without_charts))
    for count in sorted({*size.built[1:], RECORDS}):
        _say(f"{count:,} unchanged records")
        output = work / f"built-{min(count, size.built[-1])}"
        unchanged.append(growth.measure_unchanged(records[:count], output, cache, 3))
    first, last = stretches[0], stretches[-1]
    cost = (last.run.wall / last.reports) / (first.run.wall / first.reports)
    bounds = (
        (f"cost of a report in {last.reports:,} by in {first.reports:,}", cost, "about 1"),
        (f"{RECORDS:,} unchanged, seconds", median(done.wall for done in unchanged[-1].runs), "under 5"),
        (f"{RECORDS:,} unchanged, MB", max(done.largest for done in unchanged[-1].runs), "under 400"),
    )
    return Finding((growth.growth_table(stretches), growth.unchanged_table(unchanged)), bounds)


def of_tex(size: Size, record: Path) -> Finding:
    """Ask what TeX costs beyond itself."""
    _say("TeX")
    stage, bare = typesetting.measure_typesetting(record, 3 * size.cold)
    bounds = (("TeX within a report, times bare pdfTeX", median(stage) / median(bare), "at most 1.5"),)
    return Finding((typesetting.table(stage, bare),), bounds)


def of_large(size: Size, cache: Path, work: Path) -> Finding:
    """Ask what one record with thousands of claims costs."""
    _say(f"{MANY_CLAIMS:,} claims")
    (record,) = write_project(work / "large", 1, MANY_CLAIMS)
    contestants = (OURS, *(PEERS if size.peers_on_large else ()))
    runs = large.measure_large(record, contestants, cache, work / "many", 1)
    return Finding((large.table(runs, MANY_CLAIMS),))


def _say(what: str) -> None:
    print(f"measuring {what} ...", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure reportgen against other tools.")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--quick", action="store_const", const="quick", dest="size", help="two or three minutes"
    )
    chosen.add_argument("--full", action="store_const", const="full", dest="size", help="an hour")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables as JSON, unrounded")
    parser.set_defaults(size="default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        tables = measure(SIZES[options.size], Path(name))
    for table in tables:
        print("", table.markdown() if options.markdown else table.text(), sep="\n")
    if options.json:
        options.json.write_text(json.dumps([table.value() for table in tables], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
