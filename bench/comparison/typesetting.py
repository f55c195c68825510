"""What TeX costs within a report, against TeX alone with the same format and the same source."""

from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from comparison.table import Table
from reportgen.base.settings import find_settings
from reportgen.pdf.typeset.engines import ENGINES
from reportgen.pdf.typeset.formats import dumped_format
from reportgen.pdf.typeset.sandbox import private_environment
from reportgen.pipeline import build


@dataclass
class _Watch:
    """Stands in for the stage: runs it, and keeps its arguments and its times."""

    stage: Any
    seconds: list[float] = field(default_factory=list)
    body: str = ""
    preamble: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, body: str, preamble: str, **options: Any) -> Any:
        self.body, self.preamble, self.options = body, preamble, options
        start = time.perf_counter()
        result = self.stage(body, preamble, **options)
        self.seconds.append(time.perf_counter() - start)
        return result


def measure_typesetting(record: Path, runs: int) -> tuple[list[float], list[float]]:
    """Return the seconds of the stage and of the bare engine, run in turn; the first of each is left out."""
    settings = find_settings(record.parent)
    watch = _Watch(build.typeset)
    bare = []
    build.typeset = watch
    try:
        for _ in range(runs + 1):
            build.make_report(record, settings)
            bare.append(_bare(watch))
    finally:
        build.typeset = watch.stage
    return watch.seconds[1:], bare[1:]


def _bare(watch: _Watch) -> float:
    """Run the engine as a person would at a prompt: no sandbox, no limits, its output thrown away."""
    engine = ENGINES[watch.options["engine"]]
    environment = private_environment(watch.options["date"])
    format_file = dumped_format(engine, watch.preamble, environment)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.tex").write_text(watch.body, encoding="utf-8")
        for figure, content in watch.options["figures"].items():
            (folder / f"{figure}.pdf").write_bytes(content)
        command = [engine.program, f"-fmt={format_file}", "-interaction=batchmode", "report.tex"]
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        return time.perf_counter() - start


def table(stage: list[float], bare: list[float]) -> Table:
    """Lay out both medians and their ratio."""
    rows = (
        ("TeX within a report", median(stage), min(stage), median(stage) / median(bare)),
        ("bare pdfTeX, same format and source", median(bare), min(bare), 1.0),
    )
    note = (
        f"{len(stage)} runs each, in turn, warm. The first holds all of the stage: its folder, the files written into "
        "it, the sandbox, the limits, the log read, the PDF read back."
    )
    return Table("TeX", ("what", "median s", "least s", "times bare"), rows, note)
