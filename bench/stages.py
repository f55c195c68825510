"""Where a report's time goes, stage by stage: `./run bench stages`.

Medians of three kinds of runs: a process of its own for a record never seen, a report of the same size in a process
already warm, and a large report in the same process. A stage inside another is indented and part of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from comparison.contestants import REPORTGEN
from comparison.table import Table
from records import write_project

from reportgen.base.settings import find_settings
from reportgen.base.timings import Span, timed
from reportgen.pipeline.build import make_report

CLAIMS, MANY_CLAIMS = 12, 2000
RUNS, LARGE_RUNS = 9, 3

Stages = dict[str, float]
"""Milliseconds by stage, each stage named with an indent for every stage around it."""


def cold(record: Path) -> Stages:
    """Compile a record in a process of its own."""
    command = [
        REPORTGEN,
        "compile",
        "--timings",
        "--format",
        "json",
        "--output",
        record.parent / "out",
        record,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (result,) = json.loads(done.stdout)
    return _added(("  " * row["depth"] + row["stage"], row["ms"]) for row in result["timings"])


def warm(record: Path) -> Stages:
    """Make a report in this process."""
    settings = find_settings(record.parent)
    with timed() as spans:
        make_report(record, settings)
    ordered = sorted(spans, key=lambda span: (span.start, span.depth))
    stages = _added(("  " * span.depth + span.stage, span.seconds * 1000) for span in ordered)
    return {**stages, "in all": _length(spans)}


def _length(spans: list[Span]) -> float:
    end = max(span.start + span.seconds for span in spans)
    return (end - min(span.start for span in spans)) * 1000


def _added(times: object) -> Stages:
    stages: Stages = defaultdict(float)
    for name, milliseconds in times:
        stages[name] += milliseconds
    return stages


def profile(runs: list[Stages]) -> Stages:
    """Return the median of each stage."""
    names = {name: None for run in runs for name in run}
    return {name: median(run.get(name, 0.0) for run in runs) for name in names}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        os.environ["REPORTGEN_CACHE"] = f"{work}/cache"
        records = write_project(Path(work) / "small", 2 * RUNS + 2, CLAIMS)
        large = write_project(Path(work) / "large", LARGE_RUNS, MANY_CLAIMS)
        # The first of each kind is left out: it makes the format, and loads what later ones find loaded.
        columns = [
            profile([cold(record) for record in records[: RUNS + 1]][1:]),
            profile([warm(record) for record in records[RUNS + 1 :]][1:]),
            profile([warm(record) for record in large]),
        ]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = tuple((name, *(column.get(name) for column in columns)) for name in names)
    titles = ("stage", f"{CLAIMS} claims, cold ms", "warm ms", f"{MANY_CLAIMS:,} claims, warm ms")
    note = (
        f"Medians of {RUNS}, {RUNS} and {LARGE_RUNS} runs, no chart cached. Stages may run beside each other."
    )
    print(Table("Where the time goes", titles, rows, note).text())


if __name__ == "__main__":
    sys.exit(main())
