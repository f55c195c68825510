"""An output folder in a run: reports are put into it, and what lies there that is no current report is told."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.paths import from_here, real_path
from reportgen.pipeline import outputs
from reportgen.pipeline.batch.entries import StateEntry, StateFile, is_earlier
from reportgen.pipeline.batch.locating import kept
from reportgen.pipeline.batch.stamps import Stamp
from reportgen.pipeline.replaced import version_replaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from reportgen.pipeline.batch.entries import Ingredients
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.plan import Planned
    from reportgen.pipeline.batch.state import State
    from reportgen.pipeline.batch.worker import Result
    from reportgen.pipeline.publish import Exported


@dataclass(frozen=True, slots=True)
class Put:
    """What was put into its place: the path of the PDF, what there is to say, and the files written beside it."""

    pdf: Path
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]


@dataclass(slots=True)
class Shelf:
    """The reports of one output folder; ``roots`` are those of the projects of this run that write there."""

    state: State
    roots: set[Path] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)
    _by_file: defaultdict[Path, list[StateEntry]] | None = None

    def put(
        self,
        planned: Planned,
        result: Result,
        ingredients: Ingredients,
        values: Mapping[str, Mapping[str, str]],
        source: str,
    ) -> Put:
        """Write a report and remember what it was made from.

        Raises:
            OutputError: the folder cannot be written.

        """
        path = self.state.folder / result.name
        replaced = version_replaced(path, result.pdf, planned.source.path)
        beside = {each.name: each.content for each in result.exports if each.name}
        outputs.place(self.state.folder, {result.name: result.pdf, **beside})
        before = self.state.entries.get(result.name)
        others = (replace(file, is_current=False) for file in (before.written if before else ()))
        entry = StateEntry(
            pdf=result.name,
            id=planned.id,
            version=planned.version,
            source=source,
            size=len(result.pdf),
            sha256=hashlib.sha256(result.pdf).hexdigest(),
            ingredients=ingredients,
            problems=kept(result.problems, planned.source),
            files=_known(result.exports, others),
        )
        self.renew(entry, values)
        stamp = Stamp(entry.sha256, path.stat().st_mtime_ns, ingredients.bibliography)
        self.state.stamps.put(entry.pdf, stamp)
        return Put(path, replaced, self._seen(entry, beside))

    def put_beside(self, entry: StateEntry, result: Result, values: Mapping[str, Mapping[str, str]]) -> Put:
        """Write the files in other formats beside a PDF that stays, and remember them.

        Raises:
            OutputError: the folder cannot be written.

        """
        beside = {each.name: each.content for each in result.exports if each.name}
        outputs.place(self.state.folder, beside)
        entry = replace(entry, files=_known(result.exports, entry.written))
        self.renew(entry, values)
        return Put(self.state.folder / entry.pdf, (), self._seen(entry, beside))

    def _seen(self, entry: StateEntry, names: Collection[str]) -> tuple[Path, ...]:
        """Note the time stamps of files that were written; return their paths."""
        for file in entry.written:
            if file.name in names:
                stamp = (self.state.folder / file.name).stat().st_mtime_ns
                self.state.stamps.put(file.name, Stamp(file.sha256, stamp))
        return tuple(self.state.folder / name for name in names)

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

    def is_there(self, name: str) -> bool:
        """Tell whether the folder holds a file."""
        # Unlike a Path's own, this takes a name that no file can have for one that none has.
        return os.path.isfile(self.state.folder / name)  # noqa: PTH113

    def files_of(self, entry: StateEntry) -> list[Path]:
        """Return the files that a report's record may lie in now: none where that is gone."""
        paths = [root / entry.source for root in sorted(self.roots)]
        return [path for path in paths if os.path.isfile(path)]  # noqa: PTH113 - as `is_there`

    def shown_before(self, planned: Planned, versions: Mapping[str, Collection[str]]) -> tuple[Problem, ...]:
        """Warn of the reports of a record that fails now: they show an earlier state of it.

        ``versions`` are those of the records of this run that can be read, by their ids. A report is told once, with
        the first that it may be of: of a line that cannot be read nobody knows which one it was.
        """
        if planned.id:
            known = versions[planned.id]
            names = {
                each.pdf for each in self.state.of_id(planned.id) if self._may_show(each, planned, known)
            }
        else:
            names = {each.pdf for each in self._of_file(planned.source.path, versions)}
        names |= {planned.name} if planned.name else set()  # what was known of it may be lost
        names = {name for name in names - self._told if self.is_there(name)}
        self._told |= names
        return tuple(_earlier_state(self.state.folder / name, planned.source) for name in sorted(names))

    def _may_show(self, entry: StateEntry, planned: Planned, versions: Collection[str]) -> bool:
        """Tell whether a report shows a record: its version, or one that no record has and no pattern keeps."""
        if entry.version in versions:
            return entry.version == planned.version
        if planned.keeps_versions and is_earlier(entry.version, versions):
            return False
        own = real_path(planned.source.path)
        return all(real_path(path) == own for path in self.files_of(entry))

    def _of_file(self, record: Path, ids: Collection[str]) -> Sequence[StateEntry]:
        """Return the reports of a file that are of no record that can be read: they may be of one that cannot."""
        if self._by_file is None:
            self._by_file = defaultdict(list)
            for entry in self.state.entries.values():
                for path in self.files_of(entry) if entry.id not in ids else []:
                    self._by_file[real_path(path)].append(entry)
        return self._by_file[real_path(record)]


def _known(exports: Iterable[Exported], others: Iterable[StateFile]) -> tuple[StateFile, ...]:
    """Return what the state says of files: those that were made, and the other ones that are known."""
    made = [
        StateFile(each.format, each.name, len(each.content), hashlib.sha256(each.content).hexdigest())
        if each.name
        else StateFile(each.format)
        for each in exports
    ]
    names = {file.name for file in made}
    left = [file for file in others if file.name not in names]
    return tuple(sorted([*made, *left], key=lambda file: (file.format, file.name)))


def _earlier_state(path: Path, source: RecordSource) -> Problem:
    where = Where(str(source.path), source.line)
    message = f"{from_here(path)} is the last report of this record, which cannot be built now"
    return Problem("old-report", Level.WARNING, where, message, "do not hand it out")


def some_of(paths: Iterable[Path], most: int = 3) -> str:
    """Name some files, and count the others."""
    names = [str(from_here(path)) for path in paths]
    others = len(names) - most
    return f"{', '.join(names[:most])} and {others} more" if others > 0 else ", ".join(names)
