"""A batch whose records, or reports, or both have URLs: what it works on here, and the names it has there."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from reportgen.base.paths import cache_folder
from reportgen.base.settings import Settings, find_settings
from reportgen.pipeline.batch.locating import renamed, with_names
from reportgen.pipeline.remote.location import is_url
from reportgen.pipeline.remote.records import fetch_records
from reportgen.pipeline.remote.reports import Reports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.outcome import Outcome


class Staging:
    """What lies at URLs, fetched for a run, and what the run makes, put back.

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
            self._names.update([reports.prefix])
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

    def put(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Put each new report into its place; the outcomes name everything by its URL."""
        for outcome in outcomes:
            told = self._reports.put(outcome) if self._reports else outcome
            problems = tuple(renamed(problem, self._names) for problem in told.problems)
            yield replace(told, name=with_names(told.name, self._names), problems=problems)


def _folder(name: str) -> Path:
    # Both below one folder, so that a record's path from the reports is the same in every run.
    folder = cache_folder("remote").resolve() / name
    folder.mkdir(exist_ok=True)
    return folder
