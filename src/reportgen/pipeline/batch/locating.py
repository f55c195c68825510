"""Places of problems: as lines of a file of many records, and as the state keeps them, from the record's folder."""

from __future__ import annotations

import os
import posixpath
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reportgen.base.errors import Problem
    from reportgen.pipeline.batch.inputs import RecordSource

Problems = tuple["Problem", ...]


def at_line(problems: Iterable[Problem], source: RecordSource) -> Problems:
    """Count the lines of a record of many from the start of their file."""
    if source.line is None:
        return tuple(problems)
    before = source.line - 1
    return tuple(
        replace(problem, where=replace(problem.where, line=(problem.where.line or 1) + before))
        if problem.where.file == str(source.path)
        else problem
        for problem in problems
    )


def kept(problems: Iterable[Problem], source: RecordSource) -> Problems:
    """Name files from the record's folder, so that the state holds wherever both are moved to."""
    folder = source.path.parent.absolute()

    def from_folder(file: str) -> str:
        if "://" in file:
            return file
        try:
            return os.path.relpath(file, folder).replace(os.sep, "/")
        except ValueError:  # of another drive of Windows
            return str(Path(file).absolute())

    return _with_files(problems, from_folder)


def recalled(problems: Iterable[Problem], source: RecordSource) -> Problems:
    """Name files as they are named today, and count lines anew: the undoing of `kept`."""
    return at_line(_with_files(problems, lambda file: _as_named(file, source.path.parent)), source)


def moved(problems: Iterable[Problem], before: str, now: str) -> Problems:
    """Name files, which the state named from a record's folder, anew: the record lies in another file now.

    Both places of the record are paths from the root of its project.
    """
    if before == now:
        return tuple(problems)
    old, new = posixpath.dirname(before), posixpath.dirname(now)

    def from_new_folder(file: str) -> str:
        if file == posixpath.basename(before):
            return posixpath.basename(now)
        if "://" in file or posixpath.isabs(file) or old == new:
            return file
        return posixpath.relpath(posixpath.join(old, file), new or ".")

    return _with_files(problems, from_new_folder)


def _as_named(file: str, folder: Path) -> str:
    return file if "://" in file else os.path.normpath(folder / file)


def _with_files(problems: Iterable[Problem], name: Callable[[str], str]) -> Problems:
    return tuple(
        replace(problem, where=replace(problem.where, file=name(problem.where.file)))
        if problem.where.file
        else problem
        for problem in problems
    )


def renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """Put other names of places into all that a problem says."""
    where = replace(problem.where, file=with_names(problem.where.file, names))
    message, hint = with_names(problem.message, names), with_names(problem.hint, names)
    return replace(problem, where=where, message=message, hint=hint)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Replace each name in a text by the one it is to have."""
    for name, other in names.items():
        text = text.replace(name, other)
    return text
