"""The files and folders that a record's report depends on."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import ReportgenError, SettingsError
from reportgen.base.house_files import house_paths
from reportgen.base.paths import path_as_written, real_path
from reportgen.base.settings import FILE_NAME, Settings, find_settings, project_root
from reportgen.pipeline.batch.inputs import RecordSource, named_files
from reportgen.record.registration import lock_path
from reportgen.text.wording import LANGUAGES, OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Needs:
    """The dependencies of one record, as real paths.

    Attributes: ``files`` need not exist yet; of ``bib_folders`` the .bib files count, of ``templates`` every
    file below; a change directly in ``retried_in`` is reason enough while the settings cannot be read.

    """

    files: frozenset[Path]
    bib_folders: frozenset[Path] = frozenset()
    templates: Path | None = None
    retried_in: frozenset[Path] = frozenset()

    def touched_by(self, changed: Iterable[Path]) -> bool:
        """Tell whether one of the changed paths is among them, or a folder that holds one of them."""
        return any(self._is_touched(path) for path in changed)

    def templates_touched_by(self, changed: Iterable[Path]) -> bool:
        """Tell whether a template is among the changed paths."""
        folder = self.templates
        return folder is not None and any(path == folder or folder in path.parents for path in changed)

    def _is_touched(self, path: Path) -> bool:
        return (
            path in self.files
            or path in self._holders
            or (path.suffix == ".bib" and path.parent in self.bib_folders)
            or path.parent in self.retried_in
            or self.templates_touched_by([path])
        )

    @cached_property
    def _holders(self) -> frozenset[Path]:
        folders = [*self.bib_folders, *([self.templates] if self.templates else [])]
        return frozenset([*folders, *(parent for path in (*self.files, *folders) for parent in path.parents)])

    @cached_property
    def folders(self) -> frozenset[Path]:
        """Return the folders to watch, not what is below them; of those that are missing, the one they will be in."""
        own = (
            [self.templates, *(Path(name) for name, _, _ in os.walk(self.templates))]
            if self.templates
            else []
        )
        named = [*self.bib_folders, *self.retried_in, *own]
        # A folder that is removed or renamed is only seen from the folder that holds it.
        near = [path.parent for path in (*self.files, *self.bib_folders, *named)]
        return frozenset(_existing(folder) for folder in (*named, *near))


def needs_of(record: Path, overrides: Mapping[str, Any], before: Needs | None) -> Needs:
    """Find what a record depends on; while its settings cannot be read, also all that it depended on before."""
    above = real(record).parent
    try:
        settings = find_settings(record.parent, **overrides)
    except SettingsError:
        toml = project_root(record.parent) or above
        known = before or Needs(frozenset())
        files = known.files | {real(record), toml / FILE_NAME}
        return replace(known, files=files, retried_in=frozenset({above, toml}))
    return _of_settings(record, settings, above)


def _of_settings(record: Path, settings: Settings, above: Path) -> Needs:
    tops = [*_up_to(settings.root, above), *_up_to(settings.root, path_as_written(record).parent)]
    paths = [real(path) for path in settings.bib]
    files = {
        real(record),
        real_path(record),
        real(lock_path(record)),
        real(settings.lock),
        *(real(top / FILE_NAME) for top in tops),
        *(real(path) for path in _named(record)),
        *(path for path in paths if path.suffix == ".bib"),
        *map(real, house_paths(settings).values()),
        *(real(settings.root / f"{OWN}{part}{name}.toml") for name in LANGUAGES for part in ("", "charts.")),
    }
    folders = frozenset(real_path(path) for path in paths if path.suffix != ".bib")
    templates = real_path(settings.templates) if settings.templates else None
    return Needs(frozenset(files), folders, templates)


def _up_to(root: Path, folder: Path) -> list[Path]:
    """List a folder and those above it up to the project, in any of which settings may come that hold then."""
    between = [folder, *folder.parents]
    found = next((place for place, above in enumerate(between, 1) if real_path(above) == root), 1)
    return between[:found]


def _named(record: Path) -> list[Path]:
    source = RecordSource(record)
    try:
        return named_files(source, source.content())
    except ReportgenError:
        return []  # what is wrong with the record is said when it is built


def real(path: Path) -> Path:
    """Resolve the folders of a path, as the file system reports them, but not the file: it may be a link."""
    return real_path(path.parent) / path.name


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.is_dir())
