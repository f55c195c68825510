"""An output folder in a run: reports are put into it, none over another record's, and old ones are pointed at."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.paths import real_path
from reportgen.pipeline import outputs
from reportgen.pipeline.batch.locating import kept
from reportgen.pipeline.batch.many import read_span, spans
from reportgen.pipeline.batch.state import State, StateEntry
from reportgen.pipeline.replaced import version_replaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.state import Ingredients
    from reportgen.pipeline.batch.worker import Result


class Shelf:
    """The reports of one output folder, and which record of this run each of them belongs to."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._taken: dict[str, str] = {}
        self._records_in = cache(_records_in)

    def claim(self, pdf: str, source: RecordSource, record: str) -> None:
        """Keep the name of a report for the record that it was made from; ``record`` is the record's hash.

        Raises:
            OutputError: another record has it, in this run or since an earlier one.

        """
        key = self.state.key(source)
        taken = self._taken.get(pdf, key)
        owner = self._owner_before(pdf, source, record) if taken == key else self._path_of(taken)
        if owner is not None:
            raise outputs.name_taken(source.path, f"{self.state.folder / pdf} is the report of {owner}")
        self._taken[pdf] = key

    def put(
        self,
        source: RecordSource,
        result: Result,
        ingredients: Ingredients,
        values: Mapping[str, Mapping[str, str]],
    ) -> tuple[Path, tuple[Problem, ...]]:
        """Write a report and remember what it was made from; give its path and what there is to say of it.

        Raises:
            OutputError: the name is another record's, or the folder cannot be written.

        """
        self.claim(result.name, source, ingredients.record)
        key = self.state.key(source)
        before = self.state.find(source, ingredients.record)
        older = () if before is None else tuple(sorted({*before.older, before.pdf} - {result.name}))
        path = self.state.folder / result.name
        replaced = version_replaced(path, result.pdf, source.path)
        outputs.place(self.state.folder, {result.name: result.pdf})
        entry = StateEntry(
            source=key,
            pdf=result.name,
            size=len(result.pdf),
            mtime_ns=path.stat().st_mtime_ns,
            sha256=hashlib.sha256(result.pdf).hexdigest(),
            ingredients=ingredients,
            problems=kept(result.problems, source),
            older=() if source.line else tuple(name for name in older if self._is_left(name, key)),
        )
        self.renew(entry, values)
        return path, (*replaced, *self.old_reports(entry))

    def renew(self, entry: StateEntry, values: Mapping[str, Mapping[str, str]]) -> None:
        """Remember more of a report.

        Raises:
            OutputError: the folder cannot be written.

        """
        try:
            self.state.add(entry, values)
        except OSError as error:
            message = f"cannot write what is known of the reports in {self.state.folder}: {error.strerror}"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, "make room")]) from error

    def old_reports(self, entry: StateEntry, *, failed: bool = False) -> tuple[Problem, ...]:
        """Warn of reports that show an earlier state of a record, its last one included where it ``failed``."""
        names = (*entry.older, *([entry.pdf] if failed else []))
        return tuple(self._old_report(name, entry) for name in names if self._is_left(name, entry.source))

    def _old_report(self, name: str, entry: StateEntry) -> Problem:
        path = self.state.folder / name
        message = f"{path} is of an earlier state of this record"
        hint = (
            "its new report has another name; delete the old one"
            if name != entry.pdf
            else "do not hand it out"
        )
        return Problem("old-report", Level.WARNING, Where(self._path_of(entry.source)), message, hint)

    def _is_left(self, name: str, key: str) -> bool:
        """Tell whether a file is there and no other record's."""
        owners = {self._taken.get(name), self.state.owner(name)} - {None, key}
        return not owners and self._is_there(name)

    def _owner_before(self, pdf: str, source: RecordSource, record: str) -> str | None:
        """Return the record of an earlier run that a report belongs to, where both are still there."""
        owner = self.state.owner(pdf)
        if owner is None or not self._is_there(pdf):
            return None
        name = re.sub(r":\d+$", "", owner)
        if not self._is_there(name):
            return None
        path = self.state.folder / name
        if source.line is None or real_path(path) != real_path(source.path):
            return self._path_of(owner) if owner != self.state.key(source) else None
        # Records move from line to line of their file, so there they are known by what they hold.
        held = self.state.entries[owner].ingredients.record
        return (
            f"another record of {source.path}" if held != record and held in self._records_in(path) else None
        )

    def _is_there(self, name: str) -> bool:
        # Unlike a Path's own, this takes a name that no file can have for one that none has.
        return os.path.isfile(self.state.folder / name)  # noqa: PTH113

    def _path_of(self, key: str) -> str:
        """Return a record's path as people see it, from where they are."""
        path = real_path(self.state.folder / key)
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _records_in(path: Path) -> set[str]:
    return {hashlib.sha256(read_span(path, span)).hexdigest() for _, span in spans(path)}
