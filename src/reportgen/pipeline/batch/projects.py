"""What the records of a run share: the settings of their project, its output folder, and what is hashed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.base.settings import find_settings, project_root
from reportgen.pipeline.batch.freshness import Judge
from reportgen.pipeline.batch.output_folder import Shelf
from reportgen.pipeline.batch.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.options import Options


@dataclass(frozen=True, slots=True)
class Place:
    """What records under the same settings share."""

    judge: Judge
    shelf: Shelf


class Places:
    """The places of a run, each opened with its first record; one that cannot be opened stops all of its records."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._root = cache(project_root)
        self._opened: dict[Path | None, Place | ReportgenError] = {}
        self.shelves: dict[Path, Shelf] = {}

    def of(self, source: RecordSource) -> Place | ReportgenError:
        """Return the place of a record, or what is wrong with it."""
        root = self._root(source.path.parent)
        if root not in self._opened:
            self._opened[root] = self._open(source.path.parent)
        place = self._opened[root]
        if source.root and isinstance(place, Place):
            place.shelf.roots.add(source.root)
        return place

    def close(self) -> None:
        """End the work on the output folders."""
        for shelf in self.shelves.values():
            shelf.state.close()

    def _open(self, folder: Path) -> Place | ReportgenError:
        try:
            given, overrides = self._options.settings, self._options.overrides
            settings = given.model_copy(update=overrides) if given else find_settings(folder, **overrides)
            if settings.output not in self.shelves:
                self.shelves[settings.output] = Shelf(State(settings.output, read_only=self._options.check))
            shelf = self.shelves[settings.output]
            shelf.roots.add(settings.root)
            return Place(Judge(settings, shelf.state, strict=self._options.strict), shelf)
        except ReportgenError as error:
            return error
