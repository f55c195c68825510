"""Records from a place with a URL, mirrored in the user's cache with all they depend on."""

from __future__ import annotations

import os
import posixpath
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.foreign import parse_foreign_toml, read_foreign
from reportgen.base.paths import write_atomically
from reportgen.base.settings import FILE_NAME
from reportgen.pipeline.batch.inputs import find_sources, is_record_name, named_files
from reportgen.pipeline.remote.location import Location, Stored
from reportgen.record.other_files import OF_MANY
from reportgen.record.registration import lock_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.pipeline.batch.inputs import RecordSource

_DEPOSIT = lock_path(Path("record")).name.removeprefix("record")


LARGEST_FILE = 1_000_000_000


class Mirror:
    """The files of one kind of place, at the same paths below a folder of ours."""

    def __init__(self, folder: Path, location: Location) -> None:
        self.location = location
        self.folder = folder / location.url.partition("://")[0]
        self._top = "/" if location.path.startswith("/") else ""
        self.prefix = (f"{self.folder}/", f"{location.scheme}{self._top}")
        """What a path here begins with, and what the URL of the same file does."""

    def path(self, there: str) -> Path:
        """Return the path here of a file there.

        Raises:
            RecordError: its name would lead elsewhere.

        """
        parts = there.strip("/").split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in parts):
            message = f"{self.location.scheme}{there} has a name that cannot be a path"
            raise RecordError([Problem("place", Level.ERROR, Where(), message, "give it another name")])
        return self.folder.joinpath(*parts)

    def there(self, here: Path) -> str:
        """Return the path there of a file here."""
        return f"{self._top}{here.relative_to(self.folder).as_posix()}"

    def fetch(self, files: Iterable[Stored]) -> None:
        """Fetch the files that are not here, or were others.

        Raises:
            RecordError: one is too large to be held in memory, or has a name that would lead elsewhere.

        """
        news = {file.path: file for file in files if not _is_same(self.path(file.path), file)}
        if large := next((file for file in news.values() if file.size > LARGEST_FILE), None):
            message = f"{self.location.scheme}{large.path} is larger than {LARGEST_FILE // 1_000_000} MB"
            hint = "split it into several files of records"
            raise RecordError([Problem("place", Level.ERROR, Where(), message, hint)])
        for path, content in self.location.contents(list(news)):
            if content is not None:
                here, stamp = self.path(path), news[path].stamp
                write_atomically(here, content)
                os.utime(here, ns=(stamp, stamp))

    def fetch_if_there(self, paths: Iterable[str]) -> list[Path]:
        """Fetch files that may not be there, and forget those that are not; give the others."""
        found = []
        for path, content in self.location.contents(list(paths)):
            here = self.path(path)
            if content is None:
                here.unlink(missing_ok=True)
            else:
                write_atomically(here, content)
                found.append(here)
        return found

    def forget_records(self, folder: Path, kept: set[Path]) -> None:
        """Remove the records of a folder here that are no longer there."""
        for old in [path for path in folder.rglob("*") if is_record_name(path.name) and path not in kept]:
            if old.is_file():
                old.unlink()

    def fetch_folder(self, path: str, *, deep: bool, suffix: str = "") -> None:
        """Fetch the files of a folder, and forget those that are no longer there."""
        place = replace(self.location, path=path)
        files = [file for file in place.found(deep=deep) if file.path.endswith(suffix)]
        self.fetch(files)
        kept = {self.path(file.path) for file in files}
        here = self.path(path)
        for old in here.rglob("*") if deep else here.glob("*"):
            if old.is_file() and old.name.endswith(suffix) and old not in kept:
                old.unlink()


def _is_same(here: Path, file: Stored) -> bool:
    try:
        status = here.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.stamp)


def fetch_records(url: str, folder: Path) -> tuple[list[RecordSource], Mirror, bool]:
    """Fetch the records at a URL, the files they name, and their project where it lies there, too.

    Returns the records, where they are now, and whether there is a ``reportgen.toml`` at or above any of them.

    Raises:
        RecordError: there is no record, or the place cannot be read.
        SetupError: a package for this kind of place is not installed.

    """
    location = Location.of(url)
    mirror = Mirror(folder, location)
    matching = location.matching()
    files = matching or [file for file in location.found(deep=True) if _is_record(file, location)]
    chosen = [file for file in files if is_record_name(file.path) or file.path.lower().endswith(OF_MANY)]
    if len(files) == 1 and files[0].path == location.path:
        chosen = files
    if not chosen:
        message, hint = f"there are no records at {url}", "name a folder, a pattern in quotes, or a file"
        raise RecordError([Problem("no-records", Level.ERROR, Where(), message, hint)])
    mirror.fetch(chosen)
    sources = find_sources(sorted(mirror.path(file.path) for file in chosen))
    if not matching:
        place = mirror.path(location.path)
        mirror.forget_records(place, {source.path for source in sources})
        sources = [replace(source, root=place, below=place) for source in sources]
    folders = {source.path.parent for source in sources}
    has_project = _fetch_projects(folders, mirror)  # which says how far up a record may name files
    named = chain.from_iterable(named_files(source, source.content()) for source in sources)
    mirror.fetch_if_there(sorted({mirror.there(Path(os.path.normpath(path))) for path in named}))
    for here in folders:
        mirror.fetch_folder(mirror.there(here), deep=False, suffix=_DEPOSIT)
    return sources, mirror, has_project


def _is_record(file: Stored, location: Location) -> bool:
    inside = file.path.removeprefix(location.path).strip("/")
    hidden = any(part.startswith(".") for part in inside.split("/"))
    return is_record_name(file.path) and not hidden


def _inside(folder: str, name: str) -> str:
    """Return the path of a file that a settings file names below its folder, or nothing."""
    parts = name.split("/")
    plain = name and "\0" not in name and not name.startswith("/") and ".." not in parts
    return posixpath.normpath(f"{folder}/{name}") if plain else ""


def _fetch_projects(folders: set[Path], mirror: Mirror) -> bool:
    above = {parent for folder in folders for parent in (folder, *folder.parents)}
    inside = sorted(
        parent for parent in above if parent.is_relative_to(mirror.folder) and parent != mirror.folder
    )
    found = mirror.fetch_if_there(mirror.there(parent / FILE_NAME) for parent in inside)
    for file in found:
        _fetch_project(file, mirror)
    return bool(found)


def _fetch_project(file: Path, mirror: Mirror) -> None:
    try:
        values = parse_foreign_toml(read_foreign(file))
    except (OSError, ValueError):
        return  # what is wrong with it is said when it is read as settings
    folder = mirror.there(file.parent)
    bib, lock, templates = values.get("bib", ["bib"]), values.get("lock"), values.get("templates")
    mirror.fetch_if_there(_there(folder, [lock or "references.lock.json"]))
    for path in _there(folder, bib if isinstance(bib, list) else []):
        if path.endswith(".bib"):
            mirror.fetch_if_there([path])
        else:
            mirror.fetch_folder(path, deep=False, suffix=".bib")
    for path in _there(folder, [templates]):
        mirror.fetch_folder(path, deep=True)


def _there(folder: str, names: Iterable[Any]) -> list[str]:
    """Return the paths of those that name files below a folder."""
    return [path for name in names if isinstance(name, str) and (path := _inside(folder, name))]
