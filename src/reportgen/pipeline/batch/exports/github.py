"""Workflow commands of GitHub Actions: problems beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem
from reportgen.pipeline.batch.exports.interface import distinct_problems, legible, text_of
from reportgen.pipeline.batch.exports.repository import path_in, repository_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reportgen.pipeline.batch.outcome import Outcome

ANNOTATIONS_SHOWN = 10
"""How many annotations of one level GitHub shows for one step of a job."""


def github_annotations(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield workflow commands that show the problems beside the lines of a change: errors first.

    GitHub shows ten of each level; a notice counts the rest. Paths are those in the repository, as
    GitHub reads them.
    """
    root = repository_root()
    problems = distinct_problems(outcomes)
    left = {level: [problem for problem in problems if problem.level is level] for level in Level}
    for level in Level:
        for problem in left[level][:ANNOTATIONS_SHOWN]:
            yield _annotation(problem, root)
    more = [
        f"{len(left[level]) - ANNOTATIONS_SHOWN} more with level {level}"
        for level in Level
        if len(left[level]) > ANNOTATIONS_SHOWN
    ]
    if more:
        yield f"::notice title=reportgen::{' and '.join(more)}; the log of this step has them all"


def _annotation(problem: Problem, root: Path) -> str:
    where = problem.where
    properties = {
        "title": problem.code,
        "file": path_in(root, where.file) if where.file else None,
        "line": where.line,
        "col": where.column,
    }
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{problem.level} {given}::{_data(text_of(problem))}"


def _data(text: str) -> str:
    return legible(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
