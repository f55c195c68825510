"""What lies in an output folder and is no current report of a record: told after each run, and removed where asked."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.paths import from_here, real_path
from reportgen.pipeline.batch.entries import is_earlier
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.output_folder import some_of
from reportgen.pipeline.batch.state import entry_file
from reportgen.pipeline.batch.unread import UnreadFiles
from reportgen.record.other_files import OF_MANY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from reportgen.pipeline.batch.entries import StateEntry, StateFile
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.output_folder import Shelf
    from reportgen.pipeline.batch.plan import Planned

PRUNED = ("old-report", "record-gone", "other-shard", "other-format")
"""The codes of what `prune` removes."""


_REMOVES = "; `reportgen batch --prune` removes it"


class Leftovers:
    """What a run finds in one output folder besides the reports of its records.

    ``without_report`` are the ids of those that have none now: an earlier one is all that there is of such a record.
    ``named`` are the names that reports were built under, where they are not the planned ones.
    """

    def __init__(
        self,
        shelf: Shelf,
        records: Sequence[Planned],
        options: Options,
        without_report: Collection[str] = (),
        named: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._shelf = shelf
        self._options = options
        self._without_report = without_report
        self._level = Level.ERROR if options.check else Level.WARNING
        chosen = [planned for planned in records if planned.name and planned.is_chosen]
        self._formats = {
            named.get(planned.name, planned.name): planned.place.judge.formats
            for planned in chosen
            if planned.place
        }
        self._report_of = {planned.source.name: named.get(planned.name, planned.name) for planned in chosen}
        self._names = frozenset(self._report_of.values())
        self._pdf_of: dict[str, str] = {}
        self._records = records
        self._of_id: dict[str, list[Planned]] = {}
        for planned in records:
            self._of_id.setdefault(planned.id, []).append(planned)
        self._versions = cache(lambda id_: frozenset(planned.version for planned in self._of_id[id_]))

    @cached_property
    def _files(self) -> set[Path]:
        """Return the files that the run has read, by their real paths."""
        return {real_path(planned.source.path) for planned in self._records}

    @cached_property
    def _unread(self) -> set[Path]:
        """Return those of them that hold a record which cannot be read."""
        return {real_path(planned.source.path) for planned in self._records if not planned.id}

    @cached_property
    def _folders(self) -> set[Path]:
        """Return the folders that were searched for records, by their real paths."""
        return set(map(real_path, self._searched))

    @cached_property
    def _not_named(self) -> UnreadFiles:
        return UnreadFiles(self._searched, lambda: self._files)

    @cached_property
    def _searched(self) -> set[Path]:
        return {each.source.below for each in self._records if each.source.below}

    def outcomes(self) -> Iterator[Outcome]:
        """Yield an outcome for each report that is none of this run's, in order of name, and for what is not known."""
        state = self._shelf.state
        for pdf in sorted(state.entries.keys() | state.spoilt):
            entry = state.entries.get(pdf)
            if pdf in self._names:
                yield from self._beside(entry) if entry else ()
                continue
            if not self._lies_there(pdf):
                continue
            found = self._problem(entry) if entry else self._spoilt(pdf)
            if found is not None:
                found = self._with_files(found, entry) if entry else found
                yield self._left(found, pdf, self._faults(entry) if entry else [])
        yield from self._not_named.outcomes()
        unknown = self._unknown()
        if unknown:
            folder = str(from_here(state.folder))
            message = f"not made by batch, or what was known of it is lost: {some_of(unknown)}"
            problem = Problem("unknown-pdf", Level.WARNING, Where(folder), message)
            yield Outcome(folder, Status.LEFT_OVER, None, (problem,))

    def prune(self, left: Outcome) -> Outcome:
        """Remove a report that is left over: only one that the state says is ours, and whose bytes are still those.

        It is judged again: somebody may have brought its record back meanwhile. Return what became of it.
        """
        state, path = self._shelf.state, Path(str(left.pdf))
        entry = state.entries.get(path.name)
        try:
            if entry is None:
                return self._prune_beside(left, path)
            if self._problem(entry) is None or self._faults(entry):
                return left
            beside = [state.folder / file.name for file in entry.written if self._shelf.is_there(file.name)]
            for each in (*beside, path):
                each.unlink(missing_ok=True)
            state.drop(path.name)
        except OSError as error:
            faults = (_by_hand(each, f"it cannot be removed: {error.strerror}") for each in left.problems)
            return replace(left, problems=tuple(faults))
        return replace(left, status=Status.REMOVED, problems=(), files=tuple(beside))

    def forget_gone(self) -> None:
        """Forget what somebody removed: reports that no record makes any more, files that nobody asks for."""
        state = self._shelf.state
        for entry in [state.entries[pdf] for pdf in self._names if pdf in state.entries]:
            if gone_beside := [f for f in self._unasked(entry) if not self._shelf.is_there(f.name)]:
                with contextlib.suppress(OSError):
                    state.add(_without(entry, gone_beside))
        gone = [pdf for pdf in state.entries.keys() | state.spoilt if pdf not in self._names]
        for pdf in [pdf for pdf in gone if not self._lies_there(pdf)]:
            if pdf in state.spoilt or self._problem(state.entries[pdf]) is not None:
                with contextlib.suppress(OSError):
                    state.drop(pdf)

    def _lies_there(self, pdf: str) -> bool:
        """Tell whether a PDF or a file of ours beside it is there."""
        entry = self._shelf.state.entries.get(pdf)
        names = (pdf, *(file.name for file in entry.written)) if entry else (pdf,)
        return any(map(self._shelf.is_there, names))

    def _with_files(self, found: Problem, entry: StateEntry) -> Problem:
        """Name what lies beside a PDF that is left over: it goes with it."""
        names = [file.name for file in entry.written if self._shelf.is_there(file.name)]
        if not names:
            return found
        files = some_of(self._shelf.state.folder / name for name in names)
        return replace(found, message=f"{found.message}, with what was written beside it: {files}")

    def _faults(self, entry: StateEntry) -> list[str]:
        """Say of what is there of a report in which way it is not what was written."""
        state, is_there = self._shelf.state, self._shelf.is_there
        found = [state.fault_of(entry)] if is_there(entry.pdf) else []
        found += [state.fault_beside(file) for file in entry.written if is_there(file.name)]
        return [fault for fault in found if fault]

    def _left(self, found: Problem, name: str, faults: Sequence[str]) -> Outcome:
        """Say what is left over, and whether it is to be removed by hand."""
        reason = found.hint.removesuffix(_REMOVES)
        found = _by_hand(found, "; ".join(faults)) if faults else found
        path = self._shelf.state.folder / name
        return Outcome(found.where.file, Status.LEFT_OVER, path, (found,), (reason,))

    def _beside(self, entry: StateEntry) -> Iterator[Outcome]:
        """Yield an outcome for each file beside a report that nobody asks for any more."""
        for file in self._unasked(entry):
            if self._shelf.is_there(file.name):
                fault = self._shelf.state.fault_beside(file)
                self._pdf_of[file.name] = entry.pdf
                yield self._left(self._other_format(file), file.name, [fault] if fault else [])

    def _unasked(self, entry: StateEntry) -> list[StateFile]:
        asked = self._formats.get(entry.pdf, ())
        current = {file.format for file in entry.files if file.is_current}
        return [
            file
            for file in entry.written
            if file.format not in asked or (not file.is_current and file.format in current)
        ]

    def _other_format(self, file: StateFile) -> Problem:
        where = Where(str(from_here(self._shelf.state.folder / file.name)))
        message = "this file is in a format that is not asked for any more"
        if not file.is_current:
            message += ", and is of an earlier build than the PDF beside it"
        return Problem(
            "other-format", self._level, where, message, f"{file.format} is not asked for{_REMOVES}"
        )

    def _prune_beside(self, left: Outcome, path: Path) -> Outcome:
        """Remove a file that nobody asks for from beside its report.

        Raises:
            OSError: it cannot be removed, or the state not be written.

        """
        state = self._shelf.state
        entry = state.entries[self._pdf_of[path.name]]
        for file in self._unasked(entry):
            if file.name == path.name and not state.fault_beside(file):
                path.unlink()
                state.add(_without(entry, [file]))
                return replace(left, status=Status.REMOVED, problems=())
        return left

    def _spoilt(self, pdf: str) -> Problem:
        where = Where(str(from_here(self._shelf.state.folder / pdf)))
        message = "what is known of this PDF cannot be read, and no record makes it"
        file = from_here(entry_file(self._shelf.state.folder, pdf))
        hint = f"remove it with {file}, in which git may have left a conflict; or take both from one side"
        return Problem("spoilt-state", self._level, where, message, hint)

    def _problem(self, entry: StateEntry) -> Problem | None:
        """Tell what is wrong with a report; None where nothing is, or it is another run's to judge."""
        records = self._of_id.get(entry.id, [])
        where = Where(str(from_here(self._shelf.state.folder / entry.pdf)))
        if records:
            return self._of_known(entry, records, where)
        files = self._shelf.files_of(entry)
        if any(real_path(path) not in self._files or real_path(path) in self._unread for path in files):
            self._not_named.keep_in_mind(files)
            return None
        if not (files and entry.source.endswith(OF_MANY)) and not self._are_covered(entry):
            return None
        if self._not_named.hold(entry.id):
            return None
        why = f"{entry.source} no longer holds it" if files else f"there is no {entry.source} any more"
        message = "this PDF is of a record that is gone"
        return Problem("record-gone", self._level, where, message, f"{why}{_REMOVES}")

    def _are_covered(self, entry: StateEntry) -> bool:
        """Tell whether a record is looked for wherever it may have come to lie: in its folder, or that is gone, too."""
        places = [real_path(root / entry.source).parent for root in self._shelf.roots]
        # Unlike a Path's own, this takes a name that no folder can have for that of none.
        is_gone = not any(map(os.path.isdir, places))
        if self._folders and is_gone:
            return True
        return any(place.is_relative_to(folder) for place in places for folder in self._folders)

    def _of_known(self, entry: StateEntry, records: Sequence[Planned], where: Where) -> Problem | None:
        if records[0].keeps_versions and is_earlier(entry.version, self._versions(entry.id)):
            return None
        elsewhere = [planned for planned in records if not planned.is_chosen]
        if elsewhere:
            if self._options.shard is None or any(_is_current(entry, planned) for planned in elsewhere):
                return None
            message = "this PDF is out of date, and its record is of another shard"
            return Problem(
                "other-shard", self._level, where, message, f"it is {elsewhere[0].source.name}{_REMOVES}"
            )
        if entry.id in self._without_report:
            return None  # told with the record that failed
        name = records[0].source.name
        why = f"the report of {name} is {self._report_of.get(name, 'another')} now"
        message = "this PDF is of an earlier state of its record"
        return Problem("old-report", self._level, where, message, f"{why}{_REMOVES}")

    def _unknown(self) -> list[Path]:
        state = self._shelf.state
        known: Collection[str] = state.entries.keys() | state.spoilt | self._names
        try:
            with os.scandir(state.folder) as found:
                names = sorted(item.name for item in found if item.name.endswith(".pdf") and item.is_file())
        except OSError:  # a folder that is not there holds nothing; one that cannot be read was told before
            return []
        return [state.folder / name for name in names if name not in known and not name.startswith(".")]


def _without(entry: StateEntry, files: Collection[StateFile]) -> StateEntry:
    return replace(entry, files=tuple(file for file in entry.files if file not in files))


def _is_current(entry: StateEntry, planned: Planned) -> bool:
    """Tell whether a report is up to date, though this run does not look at its record."""
    if planned.place is None or planned.digest != entry.ingredients.record:
        return False
    judge = planned.place.judge
    try:
        now = judge.ingredients(planned.source, planned.source.content())
        return not judge.verdict(replace(planned, name=entry.pdf, now=now)).reasons
    except ReportgenError:  # the run that looks at it will say so
        return True


def may_be_pruned(outcome: Outcome) -> bool:
    """Tell whether `prune` would remove a report."""
    return outcome.status is Status.LEFT_OVER and any(each.code in PRUNED for each in outcome.problems)


def _by_hand(problem: Problem, fault: str) -> Problem:
    return replace(problem, message=f"{problem.message}; {fault}", hint="remove it by hand")
