"""Output folders put together into one: the reports that several machines built, and what is known of each."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import sha256_of
from reportgen.base.paths import from_here, real_path
from reportgen.pipeline.batch.entries import entry_bytes
from reportgen.pipeline.batch.linking import link_or_copy
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.output_folder import some_of
from reportgen.pipeline.batch.state import STATE_FOLDER, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reportgen.pipeline.batch.entries import StateEntry, StateFile

MOST_PAIRS = 3
_ALTERED = "altered since it was built"


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: how many ``folders`` it read, and the outcome of each report of theirs.

    ``others`` are the PDFs of the output folder that none of them has.
    """

    folders: int
    reports: tuple[Outcome, ...]
    others: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class _Report:
    """A report in one of the folders, whose state is ``part``."""

    part: State
    entry: StateEntry
    path: Path

    @property
    def files(self) -> list[tuple[Path, StateEntry | StateFile]]:
        """Return the PDF and the files beside it, each with what is known of it."""
        beside = [(self.part.folder / file.name, file) for file in self.entry.written]
        return [(self.path, self.entry), *beside]


def merge_folders(folders: Iterable[Path], output: Path) -> Merged:
    """Put the reports of several output folders into one, with what is known of each.

    The folders are compared before anything is written. Reports that the output folder knows are replaced by those of
    the same name, its other ones stay. A merge that was killed is completed by the same merge again.

    Raises:
        OutputError: two folders have different versions of a report; a folder holds what was not built there, or its
            state is lost; a PDF of the output folder that is not known there would be replaced; it cannot be written.

    """
    parts = [State(folder, read_only=True) for folder in {real_path(each): each for each in folders}.values()]
    reports = [
        _Report(part, entry, part.folder / entry.pdf) for part in parts for entry in part.entries.values()
    ]
    chosen = _one_of_each_name(reports)
    with closing(State(output)) as out:
        problems = [*_lost(parts), *_two_versions(reports), *_spoilt(reports), *_in_the_way(out, chosen)]
        if problems:
            raise OutputError(problems)
        _write(out, chosen)
    shown = from_here(output)
    merged = tuple(Outcome(str(shown / pdf), Status.UNCHANGED, output / pdf) for pdf in chosen)
    return Merged(len(parts), merged, tuple(_others(output, chosen)))


def _one_of_each_name(reports: Iterable[_Report]) -> dict[str, _Report]:
    """Take one of the reports of each name, in order of name; which one does not depend on the order of the folders.

    Of reports that have other files beside them the one with most is taken: what is missing there is told by the next
    run, which writes it.
    """
    found: defaultdict[str, list[_Report]] = defaultdict(list)
    for report in reports:
        found[report.entry.pdf].append(report)
    return {pdf: same[0] if len(same) == 1 else min(same, key=_rank) for pdf, same in sorted(found.items())}


def _rank(report: _Report) -> tuple[int, bytes]:
    current = sum(file.is_current for file in report.entry.files)
    return -current, entry_bytes(report.entry)


def _lost(parts: Sequence[State]) -> Iterator[Problem]:
    """Say which folders do not know what lies in them: of those PDFs nobody could tell whether they are current."""
    hint = f"keep {STATE_FOLDER}/ with the PDFs wherever a folder is copied or uploaded; else build it again"
    if without := [part.folder for part in parts if not (part.folder / STATE_FOLDER).is_dir()]:
        yield _error("lost-state", f"there is no {STATE_FOLDER}/ in {some_of(without)}", hint)
    known = [part for part in parts if part.folder not in without]
    unknown = [part.folder / pdf for part in known for pdf in _pdfs(part.folder) if pdf not in part.entries]
    if unknown:
        message = f"the state beside them does not know these PDFs: {some_of(unknown)}"
        yield _error("lost-state", message, f"{hint}, or remove what is no report")


def _two_versions(reports: Iterable[_Report]) -> Iterator[Problem]:
    """Refuse reports of one name, or of one version of a record, that are not the same report."""
    of_name: dict[str, _Report] = {}
    of_record: dict[tuple[str, str], _Report] = {}
    pairs = {}
    for report in reports:
        entry = report.entry
        for first in (
            of_name.setdefault(entry.pdf, report),
            of_record.setdefault((entry.id, entry.version), report),
        ):
            if _identity(first.entry) != _identity(entry):
                pairs[first.path, report.path] = f"{from_here(first.path)} and {from_here(report.path)}"
    if pairs:
        shown = list(pairs.values())
        more = f"; and {len(shown) - MOST_PAIRS:,} more" if len(shown) > MOST_PAIRS else ""
        message = f"these are two versions of one report: {'; '.join(shown[:MOST_PAIRS])}{more}"
        hint = "build the folders again from the same records, with --prune, which removes what is old there"
        yield _error("two-versions", message, hint)


def _identity(entry: StateEntry) -> tuple[str, ...]:
    return entry.pdf, entry.sha256, entry.id, entry.version, entry.ingredients.record


def _spoilt(reports: Iterable[_Report]) -> Iterator[Problem]:
    """Refuse PDFs that are not what was built, those of one fault in one message."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for report in reports:
        for path, file in report.files:
            if fault := _fault(path, file):
                found[fault].append(path)
    for fault, paths in found.items():
        yield _error(
            "spoilt-report", f"{fault}: {some_of(paths)}", "build the folder again with `reportgen batch`"
        )


def _in_the_way(out: State, chosen: Mapping[str, _Report]) -> Iterator[Problem]:
    """Refuse to replace what the output folder does not know; a killed merge has put the very same file there."""
    known = {name for entry in out.entries.values() for name in (entry.pdf, *(f.name for f in entry.written))}
    found = [
        path
        for report in chosen.values()
        for there, file in report.files
        if there.name not in known and os.path.lexists(path := out.folder / there.name) and _fault(path, file)
    ]
    if found:
        message = f"the output folder does not know what it has under the names of reports: {some_of(found)}"
        yield _error("unknown-in-the-way", message, "move it away, or name another folder with -o")


def _fault(path: Path, built: StateEntry | StateFile) -> str:
    """Say what is wrong with a PDF, or a file beside one; "" where it is the one that was built."""
    try:
        digest = sha256_of(path, root=path.parent, most_bytes=built.size)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return _ALTERED if error.errno == errno.EFBIG else f"cannot be read ({error.strerror})"
    return "" if digest == built.sha256 else _ALTERED


def _write(out: State, chosen: Mapping[str, _Report]) -> None:
    """Put each report into place, then what is known of it: a merge killed between the two goes on from there."""
    try:
        out.begin()
        for report in chosen.values():
            for there, _ in report.files:
                path = out.folder / there.name
                if there != path:
                    link_or_copy(there, path)
            out.take_over(report.entry, report.part)
    except OSError as error:
        # The second name is that of the report, the first one that under which it was to be finished.
        path = from_here(Path(error.filename2 or error.filename or out.folder))
        message = f"cannot write {path}: {error.strerror}"
        hint = "make room, or name another folder with -o; the same command goes on from here"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error


def _others(output: Path, chosen: Mapping[str, _Report]) -> Iterator[Outcome]:
    for pdf in _pdfs(output):
        if pdf not in chosen:
            name = str(from_here(output / pdf))
            message = "none of the merged folders has this PDF; it stays"
            hint = "`reportgen batch RECORDS -o FOLDER --prune` removes it where no record makes it any more"
            problem = Problem("not-merged", Level.WARNING, Where(name), message, hint)
            yield Outcome(name, Status.LEFT_OVER, output / pdf, (problem,))


def _pdfs(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return sorted(item.name for item in found if item.name.endswith(".pdf") and item.name[0] != ".")
    except OSError:  # what is not there holds nothing; a state that cannot be read was told before
        return []


def _error(code: str, message: str, hint: str) -> Problem:
    return Problem(code, Level.ERROR, Where(), message, hint)
