"""What lies in an output folder and is no current report of a record: told after each run, and removed where asked."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.paths import real_path
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.output_folder import from_here, named
from reportgen.pipeline.batch.state import State
from reportgen.record.other_files import OF_MANY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from reportgen.pipeline.batch.entries import StateEntry
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.output_folder import Shelf
    from reportgen.pipeline.batch.plan import Planned

PRUNED = ("old-report", "record-gone", "other-shard")
"""The codes of what `prune` removes."""


_REMOVES = "; `reportgen batch --prune` removes it"


class Leftovers:
    """What a run finds in one output folder besides the reports of its records.

    ``without_report`` are the ids of those that have none now: an earlier one is all that there is of such a record.
    """

    def __init__(
        self, shelf: Shelf, records: Sequence[Planned], options: Options, without_report: Collection[str]
    ) -> None:
        self._shelf = shelf
        self._options = options
        self._without_report = without_report
        self._level = Level.ERROR if options.check else Level.WARNING
        self._names = {planned.name for planned in records if planned.name and planned.is_chosen}
        self._of_id: dict[str, list[Planned]] = {}
        for planned in records:
            self._of_id.setdefault(planned.id, []).append(planned)
        self._files = {real_path(planned.source.path) for planned in records}
        self._folders = {real_path(below) for below in {each.source.below for each in records} if below}
        self._unread = {real_path(planned.source.path) for planned in records if not planned.id}

    def outcomes(self) -> Iterator[Outcome]:
        """Yield an outcome for each report that is none of this run's, in order of name, and one for unknown PDFs."""
        state = self._shelf.state
        for pdf, entry in sorted(state.entries.items()):
            if pdf in self._names or not self._shelf.is_there(pdf):
                continue
            if (found := self._problem(entry)) is not None:
                reason = found.hint.removesuffix(_REMOVES)
                yield Outcome(found.where.file, Status.LEFT_OVER, state.folder / pdf, (found,), (reason,))
        unknown = self._unknown()
        if unknown:
            folder = str(from_here(state.folder))
            message = f"not made by batch, or what was known of it is lost: {named(unknown)}"
            problem = Problem("unknown-pdf", Level.WARNING, Where(folder), message)
            yield Outcome(folder, Status.LEFT_OVER, None, (problem,))

    def forget_gone(self) -> None:
        """Forget the reports that somebody removed and that no record makes any more."""
        state = self._shelf.state
        for pdf, entry in list(state.entries.items()):
            if pdf not in self._names and not self._shelf.is_there(pdf) and self._problem(entry) is not None:
                with contextlib.suppress(OSError):
                    state.drop(pdf)

    def _problem(self, entry: StateEntry) -> Problem | None:
        """Tell what is wrong with a report; None where nothing is, or it is another run's to judge."""
        records = self._of_id.get(entry.id, [])
        where = Where(str(from_here(self._shelf.state.folder / entry.pdf)))
        if records:
            return self._of_known(entry, records, where)
        files = self._shelf.files_of(entry)
        if any(real_path(path) not in self._files or real_path(path) in self._unread for path in files):
            return None
        if not (files and entry.source.endswith(OF_MANY)) and not self._are_covered(entry):
            return None
        why = f"{entry.source} no longer holds it" if files else f"there is no {entry.source} any more"
        message = "this PDF is of a record that is gone"
        return Problem("record-gone", self._level, where, message, f"{why}{_REMOVES}")

    def _are_covered(self, entry: StateEntry) -> bool:
        """Tell whether a record is looked for wherever it may have come to lie: in a folder, and not in some files."""
        places = [real_path(root / entry.source).parent for root in self._shelf.roots]
        return any(place.is_relative_to(folder) for place in places for folder in self._folders)

    def _of_known(self, entry: StateEntry, records: Sequence[Planned], where: Where) -> Problem | None:
        if entry.version not in {planned.version for planned in records} and self._keeps_versions(records):
            return None
        elsewhere = [planned for planned in records if not planned.is_chosen]
        if elsewhere:
            if self._options.shard is None or any(_is_current(entry, planned) for planned in elsewhere):
                return None
            name = elsewhere[0].source.name
            return (
                "other-shard",
                "this PDF is out of date, and its record is of another shard",
                f"that is {name}",
            )
        if entry.id in self._without_report:
            return None  # told with the record that failed
        why = f"the report of {records[0].source.name} is {records[0].name} now"
        message = "this PDF is of an earlier state of its record"
        return Problem("old-report", self._level, where, message, f"{why}{_REMOVES}")

    @staticmethod
    def _keeps_versions(records: Sequence[Planned]) -> bool:
        return all(each.place and "{version}" in each.place.judge.settings.name_pattern for each in records)

    def _unknown(self) -> list[Path]:
        state = self._shelf.state
        known: Collection[str] = state.entries.keys() | self._names
        try:
            with os.scandir(state.folder) as found:
                names = sorted(item.name for item in found if item.name.endswith(".pdf") and item.is_file())
        except OSError:  # a folder that is not there holds nothing; one that cannot be read was told before
            return []
        return [state.folder / name for name in names if name not in known and not name.startswith(".")]


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


def prune(left: Sequence[Outcome]) -> list[Outcome]:
    """Remove reports that a run left over: only those that the state says are ours, and whose bytes are still those.

    Return what became of each: removed, or left over with the reason.
    """
    states = {folder: State(folder) for folder in {Path(str(outcome.pdf)).parent for outcome in left}}
    pruned = [_pruned(outcome, states[Path(str(outcome.pdf)).parent]) for outcome in left]
    for state in states.values():
        state.close()
    return pruned


def _pruned(outcome: Outcome, state: State) -> Outcome:
    path = Path(str(outcome.pdf))
    entry = state.entries.get(path.name)
    if entry is None or (fault := state.fault_of(entry)):
        return _kept(outcome, "it is not the one that was built, so it stays" if entry is None else fault)
    try:
        path.unlink()
        state.drop(path.name)
    except OSError as error:
        return _kept(outcome, f"it cannot be removed: {error.strerror}")
    return replace(outcome, status=Status.REMOVED, problems=())


def _kept(outcome: Outcome, why: str) -> Outcome:
    found = tuple(
        replace(each, message=f"{each.message}; {why}", hint="remove it by hand") for each in outcome.problems
    )
    return replace(outcome, problems=found)
