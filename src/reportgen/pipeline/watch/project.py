"""Changed paths to builds: no clock, no waiting, so that a test can say what changed."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.foreign import path_within
from reportgen.base.own_templates import OwnTemplates, read_own_templates
from reportgen.base.paths import real_path
from reportgen.base.settings import find_settings
from reportgen.base.trusted_projects import is_trusted
from reportgen.pipeline.batch.inputs import bound_of, is_record_name, visible_folders
from reportgen.pipeline.build import build_report
from reportgen.pipeline.watch.needs import Needs, needs_of, real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from reportgen.base.settings import Settings


@dataclass(frozen=True, slots=True)
class Event:
    """The result for one record: a PDF in its place, or problems, or a record that is gone."""

    record: Path
    pdf: Path | None = None
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    deleted: bool = False


def rebuild(
    project: Project, changes: Iterable[frozenset[Path]], follow: Callable[[frozenset[Path]], None]
) -> Iterator[Event]:
    """Build every record, then, for each set of changed paths, those that depend on one of them.

    ``follow`` is told the folders to watch before the builds begin: what changes during a build is seen, and
    comes with the next set.
    """
    for changed in chain([frozenset[Path]()], changes):
        due, gone = project.update(changed)
        follow(project.folders)
        # A record may have come into a folder just before it was watched.
        more, less = project.update(frozenset())
        yield from (Event(record, deleted=True) for record in [*gone, *less])
        yield from (project.build(record) for record in [*due, *more] if record not in less)


class Project:
    """The records of some files and folders, and what each of them depends on.

    ``overrides`` are settings from the command line, ``name`` is that of the PDF, where there is but one.
    """

    def __init__(
        self,
        places: Iterable[Path],
        overrides: Mapping[str, Any],
        *,
        strict: bool = False,
        name: str | None = None,
    ) -> None:
        self._places = tuple(places)
        self._overrides = overrides
        self._strict = strict
        self._name = name
        self._needs: dict[Path, Needs] = {}
        self._written: dict[Path, Path] = {}
        self._trusted: dict[Path, OwnTemplates] = {}
        self._changed: dict[Path, str] = {}

    @property
    def records(self) -> list[Path]:
        """Return the records that there are now, each once."""
        return list(dict.fromkeys(record for place in self._places for record in _records_at(place)))

    @property
    def folders(self) -> frozenset[Path]:
        """Return the folders in which something may change."""
        own = [folder for place in self._places for folder in _folders_at(place)]
        return frozenset(own).union(*(needs.folders for needs in self._needs.values()))

    @property
    def has_own_templates(self) -> bool:
        """Tell whether a record's project has templates of its own, which have to be trusted."""
        for folder in {record.parent for record in self.records}:
            with suppress(ReportgenError):  # what is wrong is said when they are built
                settings = find_settings(folder, **self._overrides)
                if settings.templates and not settings.trust_templates:
                    return True
        return False

    def update(self, changed: frozenset[Path]) -> tuple[list[Path], list[Path]]:
        """Return the records to be built, new ones among them, and those that are gone."""
        now = dict.fromkeys(self.records)
        gone = [record for record in self._needs if record not in now]
        for record in gone:
            del self._needs[record]
        if any(needs.templates_touched_by(changed) for needs in self._needs.values()):
            self._note_changed_templates()
        needs = self._needs
        due = [record for record in now if record not in needs or needs[record].touched_by(changed)]
        for record in due:
            self._needs[record] = needs_of(record, self._overrides, self._needs.get(record))
        return due, gone

    def build(self, record: Path) -> Event:
        """Build one report; whatever is wrong is said in the event."""
        started = time.perf_counter()
        pdf: Path | None = None
        problems: tuple[Problem, ...]
        try:
            pdf, problems = self._built(record)
        except ReportgenError as error:
            problems = error.problems
        except OSError as error:
            message = f"the file {record} cannot be read: {error.strerror or error}"
            problems = (Problem("file-unreadable", Level.ERROR, Where(str(record)), message),)
        except Exception as error:  # noqa: BLE001 - a file caught between two states, or our own bug: watch on
            message = f"the build stopped: {type(error).__name__}: {error}"
            hint = "save the file again; if that does not help, `reportgen compile` tells more"
            problems = (Problem("internal", Level.ERROR, Where(str(record)), message, hint),)
        return Event(record, pdf, problems, time.perf_counter() - started)

    def _built(self, record: Path) -> tuple[Path, tuple[Problem, ...]]:
        others = {
            pdf: maker for pdf, maker in self._written.items() if maker != record and maker in self._needs
        }
        settings = find_settings(record.parent, **self._overrides)
        if record not in self._places:  # the user named the folder that it was found in
            found_in = next(place for place in self._places if place in record.parents)
            path_within(bound_of(found_in), record)
        is_asked = settings.templates is not None and not settings.trust_templates
        if is_asked and self._is_changed_here(settings):
            settings = settings.model_copy(update={"trust_templates": True})
        built = build_report(record, settings, name=self._name, strict=self._strict, taken=others)
        self._written = {**others, built.pdf: record}
        if is_asked and not settings.trust_templates and settings.templates:
            self._trusted[settings.root] = read_own_templates(settings.templates)
        return built.pdf, built.problems

    def _note_changed_templates(self) -> None:
        """Note how templates are now that were trusted when they first ran, and that the user changes while watching.

        They are trusted for this run alone: what the user has allowed stays as it is on disk.
        """
        for root, trusted in self._trusted.items():
            with suppress(ReportgenError):  # what is wrong with them is said when they are built
                self._changed[root] = read_own_templates(trusted.folder).sha256

    def _is_changed_here(self, settings: Settings) -> bool:
        """Tell whether templates are those that changed while watching, and nobody took back the trust in the first."""
        trusted = self._trusted.get(settings.root)
        if trusted is None or settings.templates is None or not is_trusted(settings.root, trusted.sha256):
            return False
        now = read_own_templates(settings.templates).sha256
        return now != trusted.sha256 and now == self._changed.get(settings.root)


def _records_at(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield from [place] if place.is_file() else []
        return
    for folder, names in visible_folders(place):
        yield from (Path(folder, name) for name in sorted(names) if is_record_name(name))


def _folders_at(place: Path) -> Iterator[Path]:
    yield real(place).parent
    if place.is_dir():
        yield from (real_path(Path(folder)) for folder, _ in visible_folders(place))
