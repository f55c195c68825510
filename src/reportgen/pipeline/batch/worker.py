"""What a worker does: one record built, whatever happens, with nothing written and nothing printed."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import FileFacts
    from reportgen.pipeline.publish import Exported


@dataclass(frozen=True, slots=True)
class Task:
    """A record to build: the file it is from, its bytes, and how.

    Where ``pdf`` is given, that PDF stays, and only the files in other formats beside it are made.
    """

    source_path: Path
    raw: bytes
    settings: Settings
    strict: bool = False
    pdf: FileFacts | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task: the PDF with its file name, or the problems that kept it from being made.

    ``name`` is "" and ``pdf`` empty where it failed. ``exports`` are the report in other formats. ``cited`` is the hash
    of what the record takes from the bibliography, ``seconds`` the time the build took. ``trace`` is that of an error
    of reportgen's own, ``errno`` the number of a refusal of the system, such as a full disk.
    """

    name: str
    pdf: bytes
    problems: tuple[Problem, ...]
    cited: str = ""
    seconds: float = 0.0
    trace: str = ""
    errno: int = 0
    exports: tuple[Exported, ...] = ()


def build_one(task: Task) -> Result:
    """Build one record; every failure comes back as a result."""
    started = time.perf_counter()
    return replace(_built(task), seconds=time.perf_counter() - started)


def _built(task: Task) -> Result:
    try:
        if task.pdf is not None:
            return _beside(task, task.pdf)
        from reportgen.pipeline.build import make_report

        report = make_report(task.source_path, task.settings, raw=task.raw, strict=task.strict)
        return Result(report.name, report.pdf, report.problems, report.cited, exports=report.exports)
    except ReportgenError as error:
        return Result("", b"", error.problems)
    except Exception as error:  # noqa: BLE001 - one record's trouble, even of our making, stops no other
        where = Where(str(task.source_path))
        if refused := refusal(error, where):
            number = error.errno or 0 if isinstance(error, OSError) else 0
            return Result("", b"", refused.problems, errno=number)
        message = f"reportgen itself failed: {type(error).__name__}: {error}"
        problem = Problem("internal", Level.ERROR, where, message, "please report it with the record")
        return Result("", b"", (problem,), trace=traceback.format_exc())


def _beside(task: Task, pdf: FileFacts) -> Result:
    """Make the files beside a PDF that stays.

    Raises:
        ReportgenError: a format cannot be written.

    """
    from reportgen.pipeline.compose import compose_report
    from reportgen.pipeline.publish import export, publication_of

    made = compose_report(task.source_path, task.settings, raw=task.raw, strict=task.strict)
    exports = export(publication_of(made, task.settings, pdf=pdf), task.settings.formats)
    return Result(pdf.name, b"", made.problems, exports=exports)
