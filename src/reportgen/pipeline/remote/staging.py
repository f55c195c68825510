"""A batch whose records, or reports, or both have URLs: what it works on here, and the names it has there."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from reportgen.base.errors import OutputError
from reportgen.base.paths import cache_folder, from_here
from reportgen.base.settings import Settings, find_settings
from reportgen.pipeline.batch.locating import renamed, with_names
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.stamps import Stamps
from reportgen.pipeline.remote.location import Location, is_url
from reportgen.pipeline.remote.records import fetch_records
from reportgen.pipeline.remote.state_object import STATE_OBJECT, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.pipeline.batch.inputs import RecordSource


_KEPT_EVERY = 500  # reports, so that a run that is killed loses no more of what it knows


class Reports:
    """An output folder of ours that stands for one with a URL while a run works.

    It holds the state from there, and for each PDF there, and each file of ours beside one, an empty file of its size
    whose time stamp stands for its version: one that was altered there has another, as an altered file has here.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.location = Location.of(url.rstrip("/"))
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.prefix = (f"{self.folder}/", f"{self.location.scheme}{self.location.path}/")
        self._new: set[str] = set()
        self._standing_in: dict[str, int] = {}
        self._known = b""
        self._stamps: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Fetch the state, and list the reports.

        Raises:
            RecordError: the place cannot be read.

        """
        files = {file.path.rpartition("/")[2]: file for file in self.location.found(deep=False)}
        ((_, content),) = self.location.contents([self._there(STATE_OBJECT)])
        self._known = content or b""
        self._stamps = unpack(self._known, self.folder)
        for name, file in files.items():
            if name.endswith(".pdf") or name in self._stamps:
                self._stand_in(name, file.size, file.stamp)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._keep_state()
        finally:
            shutil.rmtree(self.folder)
            Stamps(self.folder).forget()

    def put(self, outcome: Outcome) -> Outcome:
        """Put a new report into its place, or remove one that was removed here; the outcome names it there."""
        if outcome.pdf is None:
            return outcome
        names = [Path(path).name for path in (outcome.pdf, *outcome.files)]
        if outcome.status is Status.REMOVED:
            try:
                for name in names:
                    if name in self._standing_in:
                        self.location.remove(self._there(name))
            except OutputError as error:
                outcome = replace(outcome, status=Status.LEFT_OVER, problems=error.problems)
        if outcome.status is Status.BUILT:
            new = [name for name in names if self._is_new(name)]
            try:
                self._put(new)
            except OutputError as error:
                for name in new:
                    (self.folder / name).unlink(missing_ok=True)
                problems = (*outcome.problems, *error.problems)
                return replace(outcome, status=Status.FAILED, pdf=None, problems=problems, files=())
            self._new.update(new)
            if len(self._new) >= _KEPT_EVERY:
                self._keep_state()
        pdf, *files = (f"{self.prefix[1]}{name}" for name in names)
        return replace(outcome, pdf=pdf, files=tuple(files))

    def _is_new(self, name: str) -> bool:
        """Tell whether a file was written here: a PDF may stay where only what lies beside it was made."""
        return (self.folder / name).stat().st_mtime_ns != self._standing_in.get(name)

    def _put(self, names: Sequence[str]) -> None:
        for name in names:
            here = self.folder / name
            self.location.put(self._there(name), here.read_bytes())
            self._stand_in(name, here.stat().st_size, here.stat().st_mtime_ns)

    def _there(self, name: str) -> str:
        return f"{self.location.path}/{name}"

    def _stand_in(self, name: str, size: int, stamp: int) -> None:
        path = self.folder / name
        path.write_bytes(b"")
        os.truncate(path, size)
        os.utime(path, ns=(stamp, stamp))
        self._standing_in[name] = path.stat().st_mtime_ns

    def _keep_state(self) -> None:
        """Write what is known of the reports after them, with the versions they have there."""
        if self._new:
            files = {file.path.rpartition("/")[2]: file for file in self.location.found(deep=False)}
            self._stamps |= {name: files[name].stamp for name in self._new & files.keys()}
            self._new.clear()
        content = pack(self.folder, self._stamps)
        if content != self._known:
            self.location.put(self._there(STATE_OBJECT), content)
            self._known = content


class Staging:
    """Files at URLs, fetched for a run, and the reports it makes, put back.

    ``overrides`` are settings for the run: where to write, and those of the folder we are in where the records
    have none of their own. ``sources`` are the records that have URLs: all of a run, or none.
    """

    def __init__(self, places: tuple[str, ...], output: str | None, given: Mapping[str, Any]) -> None:
        self.places, self._output, self._given = places, output, given
        self._names: dict[str, str] = {}
        self._stack = ExitStack()
        self._reports: Reports | None = None
        self.sources: list[RecordSource] = []
        self.overrides: Mapping[str, Any] = {}

    def __enter__(self) -> Self:
        """Fetch the records, and what is known of the reports.

        Raises:
            RecordError: there are no records, or a place cannot be read.
            SetupError: a package for a kind of place is not installed.

        """
        places = [place for place in self.places if is_url(place)]
        if places:
            self._fetch(places)
        if self._output is not None:
            reports = Reports(self._output, _folder("out"))
            self._reports = self._stack.enter_context(reports)
            there = reports.prefix[1]
            for here in (reports.folder, from_here(reports.folder)):
                self._names.update({f"{here}/": there, str(here): there.rstrip("/")})
            self.overrides = {**self.overrides, "output": reports.folder}
        return self

    def _fetch(self, places: list[str]) -> None:
        own_project = False
        for place in places:
            sources, mirror, found = fetch_records(place, _folder("in"))
            self.sources += sources
            self._names.update([mirror.prefix])
            own_project |= found
        self.sources = list({(source.path, source.line): source for source in self.sources}.values())
        here = find_settings(Path.cwd(), **self._given)
        self.overrides = {"output": here.output}
        if not own_project:
            self.overrides = {name: getattr(here, name) for name in Settings.model_fields} | self.overrides

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def put(self, outcome: Outcome) -> Outcome:
        """Put a new report into its place; the outcome names everything by its URL."""
        told = self._reports.put(outcome) if self._reports else outcome
        problems = tuple(renamed(problem, self._names) for problem in told.problems)
        return replace(told, name=self.told(told.name), problems=problems)

    def told(self, name: str) -> str:
        """Return the name that a record, or a report, has where it came from."""
        return with_names(name, self._names)


def _folder(name: str) -> Path:
    # Both below one folder, so that a record's path from the reports is the same in every run.
    folder = cache_folder("remote").resolve() / name
    folder.mkdir(exist_ok=True)
    return folder
