"""What became of each record of a run, and of the reports that no record of it has any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem

if TYPE_CHECKING:
    from pathlib import Path


THE_RUN = "the whole run"
"""The name of an outcome that concerns no record: why a run ended, or that it had nothing to do."""
NOT_REACHED = "not reached: "
"""What the reason begins with of a record that is skipped because the run ended before it."""
PROJECT_STOPPED = "what is wrong with its project was told with the first record"
"""Why a record is skipped whose project stopped an earlier one."""


class Status(StrEnum):
    """How a record fared; or that a PDF was left over from another run, or removed as such."""

    BUILT = "built"
    VALID = "valid"
    UNCHANGED = "unchanged"
    STALE = "stale"
    FAILED = "failed"
    SKIPPED = "skipped"
    LEFT_OVER = "left over"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One record's result; ``reasons`` say why it was, or would be, built; ``seconds`` is its own time.

    ``pdf`` is a path, or a URL where the reports go to one. Where a record failed, an error is among its ``problems``;
    ``project_code`` is the exit code where its project stops it and every other record there. Of a PDF that is left
    over or was removed, ``name`` and ``pdf`` are its path, as they are of a file that lay beside one. ``files`` are
    those in other formats that were written, or removed, with the PDF.
    """

    name: str
    status: Status
    pdf: Path | str | None = None
    problems: tuple[Problem, ...] = ()
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0
    project_code: int = 0
    files: tuple[Path | str, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Tell whether it fails the run; what is left over does so where a check makes errors of it."""
        is_wrong = self.status is Status.LEFT_OVER and bool(self.errors)
        return is_wrong or self.status in (Status.FAILED, Status.STALE)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that are errors."""
        return tuple(problem for problem in self.problems if problem.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the problems that are warnings."""
        return tuple(problem for problem in self.problems if problem.level is Level.WARNING)
