"""What a worker does: one record built, whatever happens, with nothing written and nothing printed."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """A record to build: the file it is from, its bytes, and how."""

    source_path: Path
    raw: bytes
    settings: Settings
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task: the PDF with its file name, or the problems that kept it from being made.

    ``name`` is "" and ``pdf`` empty where it failed. ``cited`` is the hash of what the record takes from the
    bibliography, ``seconds`` the time the build took. ``trace`` is that of an error of reportgen's own,
    ``errno`` the number of a refusal of the system, such as a full disk.
    """

    name: str
    pdf: bytes
    problems: tuple[Problem, ...]
    cited: str = ""
    seconds: float = 0.0
    trace: str = ""
    errno: int = 0


def build_one(task: Task) -> Result:
    """Build one record; every failure comes back as a result."""
    started = time.perf_counter()
    name, pdf, cited, trace, number = "", b"", "", "", 0
    try:
        from reportgen.pipeline.build import make_report

        report = make_report(task.source_path, task.settings, raw=task.raw, strict=task.strict)
        name, pdf, cited, problems = report.name, report.pdf, report.cited, report.problems
    except ReportgenError as error:
        problems = error.problems
    except Exception as error:  # noqa: BLE001 - one record's trouble, even of our making, stops no other
        where = Where(str(task.source_path))
        if refused := refusal(error, where):
            number = error.errno or 0 if isinstance(error, OSError) else 0
            problems = refused.problems
        else:
            trace = traceback.format_exc()
            message = f"reportgen itself failed: {type(error).__name__}: {error}"
            problems = (Problem("internal", Level.ERROR, where, message, "please report it with the record"),)
    return Result(name, pdf, problems, cited, time.perf_counter() - started, trace, number)
