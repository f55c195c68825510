"""Reports for a place with a URL: a shadow of it here tells what is there, and each report is put into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Self

from reportgen.base.errors import OutputError
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.state import STATE_FILE, State
from reportgen.pipeline.remote.location import Location

_KEPT_EVERY = 500  # reports, so that a run that is killed loses no more of what it knows


class Reports:
    """An output folder of ours that stands for one with a URL while a run works.

    It holds the state from there, and for each PDF there an empty file of its size whose time stamp stands for
    its version: one that was altered there has another, as an altered file has here.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.location = Location.of(url.rstrip("/"))
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.prefix = (f"{self.folder}/", f"{self.location.scheme}{self.location.path}/")
        self._new: set[str] = set()
        self._known = b""

    def __enter__(self) -> Self:
        """Fetch the state, and list the reports.

        Raises:
            RecordError: the place cannot be read.

        """
        for file in self.location.found(deep=False):
            name = file.path.rpartition("/")[2]
            if name.endswith(".pdf"):
                self._stand_in(name, file.size, file.stamp)
        ((_, content),) = self.location.contents([self._there(STATE_FILE)])
        self._known = content or b""
        (self.folder / STATE_FILE).write_bytes(self._known)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._keep_state()
        finally:
            shutil.rmtree(self.folder)

    def put(self, outcome: Outcome) -> Outcome:
        """Put a new report into its place; the outcome names it there."""
        if outcome.pdf is None:
            return outcome
        name = Path(outcome.pdf).name
        if outcome.status is Status.BUILT:
            here = self.folder / name
            try:
                self.location.put(self._there(name), here.read_bytes())
            except OutputError as error:
                here.unlink()
                problems = (*outcome.problems, *error.problems)
                return replace(outcome, status=Status.FAILED, pdf=None, problems=problems)
            self._stand_in(name, here.stat().st_size, here.stat().st_mtime_ns)
            self._new.add(name)
            if len(self._new) >= _KEPT_EVERY:
                self._keep_state()
        return replace(outcome, pdf=f"{self.prefix[1]}{name}")

    def _there(self, name: str) -> str:
        return f"{self.location.path}/{name}"

    def _stand_in(self, name: str, size: int, stamp: int) -> None:
        path = self.folder / name
        path.write_bytes(b"")
        os.truncate(path, size)
        os.utime(path, ns=(stamp, stamp))

    def _keep_state(self) -> None:
        """Write what is known of the reports after them, with the versions they have there."""
        if self._new:
            files = {file.path.rpartition("/")[2]: file for file in self.location.found(deep=False)}
            state = State(self.folder)
            for entry in [entry for entry in state.entries.values() if entry.pdf in self._new & files.keys()]:
                state.add(replace(entry, mtime_ns=files[entry.pdf].stamp))
            state.close()
            self._new.clear()
        file = self.folder / STATE_FILE
        content = file.read_bytes() if file.exists() else b""
        if content != self._known:
            self.location.put(self._there(STATE_FILE), content)
            self._known = content
