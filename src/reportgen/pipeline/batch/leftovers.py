"""What lies in an output folder and is no current report of a record: told after each run, and removed where asked."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.paths import real_path
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.output_folder import from_here, named
from reportgen.pipeline.batch.state import State
from reportgen.pipeline.batch.unread import UnreadFiles
from reportgen.record.other_files import OF_MANY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

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
        self._names = {named.get(planned.name, planned.name): planned.source.name for planned in chosen}
        self._of_id: dict[str, list[Planned]] = {}
        for planned in records:
            self._of_id.setdefault(planned.id, []).append(planned)
        self._versions = cache(lambda id_: frozenset(planned.version for planned in self._of_id[id_]))
        self._files = {real_path(planned.source.path) for planned in records}
        searched = {each.source.below for each in records if each.source.below}
        self._folders = set(map(real_path, searched))
        self._not_named = UnreadFiles(searched, self._files)
        self._unread = {real_path(planned.source.path) for planned in records if not planned.id}

    def outcomes(self) -> Iterator[Outcome]:
        """Yield an outcome for each report that is none of this run's, in order of name, and for what is not known."""
        state = self._shelf.state
        for pdf in sorted(state.entries.keys() | state.spoilt):
            if pdf in self._names or not self._shelf.is_there(pdf):
                continue
            if (found := self._problem(entry)) is not None:
                reason = found.hint.removesuffix(_REMOVES)
                yield Outcome(found.where.file, Status.LEFT_OVER, state.folder / pdf, (found,), (reason,))
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
        if entry is None or self._problem(entry) is None or state.fault_of(entry):
            return left
        try:
            path.unlink()
            state.drop(path.name)
        except OSError as error:
            faults = (_by_hand(each, f"it cannot be removed: {error.strerror}") for each in left.problems)
            return replace(left, problems=tuple(faults))
        return replace(left, status=Status.REMOVED, problems=())

    def forget_gone(self) -> None:
        """Forget the reports that somebody removed and that no record makes any more."""
        state = self._shelf.state
        gone = [pdf for pdf in state.entries.keys() | state.spoilt if pdf not in self._names]
        for pdf in [pdf for pdf in gone if not self._shelf.is_there(pdf)]:
            if pdf in state.spoilt or self._problem(state.entries[pdf]) is not None:
                with contextlib.suppress(OSError):
                    state.drop(pdf)

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
            self._not_named.note(files)
            return None
        if not (files and entry.source.endswith(OF_MANY)) and not self._are_covered(entry):
            return None
        if self._not_named.hold(entry.id):
            return None
        why = f"{entry.source} no longer holds it" if files else f"there is no {entry.source} any more"
        message = "this PDF is of a record that is gone"
        return Problem("record-gone", self._level, where, message, f"{why}{_REMOVES}")

    def _are_covered(self, entry: StateEntry) -> bool:
        """Tell whether a record is looked for wherever it may have come to lie: in a folder, and not in some files."""
        places = [real_path(root / entry.source).parent for root in self._shelf.roots]
        if self._folders and not any(
            map(os.path.isdir, places)
        ):  # which takes a name that no folder can have
            return True
        return any(place.is_relative_to(folder) for place in places for folder in self._folders)

    def _of_known(self, entry: StateEntry, records: Sequence[Planned], where: Where) -> Problem | None:
        if self._keeps_versions(records) and _is_earlier(entry.version, self._versions(entry.id)):
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
        now = next(
            (name for name, source in self._names.items() if source == records[0].source.name), "another"
        )
        why = f"the report of {records[0].source.name} is {now} now"
        message = "this PDF is of an earlier state of its record"
        return Problem("old-report", self._level, where, message, f"{why}{_REMOVES}")

    @staticmethod
    def _keeps_versions(records: Sequence[Planned]) -> bool:
        place = records[0].place
        return place is not None and "{version}" in place.judge.settings.name_pattern

    def _unknown(self) -> list[Path]:
        state = self._shelf.state
        known: Collection[str] = state.entries.keys() | state.spoilt | self._names.keys()
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


def _by_hand(problem: Problem, fault: str) -> Problem:
    return replace(problem, message=f"{problem.message}; {fault}", hint="remove it by hand")


def _is_earlier(version: str, others: Collection[str]) -> bool:
    """Tell whether a version comes before all others, numbers counted as such: 2 before 10, 1.9 before 1.10."""
    return all(_order(version) < _order(other) for other in others)


def _order(version: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9.]+", version)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
